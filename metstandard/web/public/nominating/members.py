"""The members of a team in a draft: listed, added, changed, removed."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions.recognition import nominees
from metstandard.common.errors import Invalid
from metstandard.records.recognition import Nominee
from metstandard.records.units import Unit
from metstandard.rules.recognition import nominees_of
from metstandard.web.public.door import door
from metstandard.web.public.nominating import pages, steps
from metstandard.web.public.nominating.forms import NO_SERVICE, MemberForm, PageForm
from metstandard.web.public.nominating.holding import Held, held, translated
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.languages import gettext


def _team(key: str) -> Held:
    one = held(key)
    found("members" if "members" in steps.order(one.nomination) and one.unsent else None)
    return one


@door.get("/nominations/<key>/members", endpoint="nomination_members")
@open_to_public
def members(key: str) -> ResponseReturnValue:
    """Who is in the team so far."""
    one = _team(key)
    return render_template(
        "pages/public/nominating/members.html", key=key, members=nominees_of(session(), one.nomination),
        problem=steps.missing(one.nomination).get("members", ""), back=pages.address(one, "team"),
        further=pages.address(one, steps.after(one.nomination, "members")),
    )  # fmt: skip


@door.route("/nominations/<key>/members/new", methods=["GET", "POST"], endpoint="nomination_member_new")
@open_to_public
def new_member(key: str) -> ResponseReturnValue:
    """One more member."""
    one = _team(key)
    form = pages.form_for(one.nomination, "member:new", MemberForm)
    return _member(one, "member:new", form, None, gettext("Add a member of the team"))


@door.route("/nominations/<key>/members/<int:number>", methods=["GET", "POST"], endpoint="nomination_member")
@open_to_public
def member(key: str, number: int) -> ResponseReturnValue:
    """What is said of one member."""
    one = _team(key)
    row = found(next((each for each in nominees_of(session(), one.nomination) if each.key == number), None))
    unit = session().get(Unit, row.unit_id) if row.unit_id else None
    form = pages.form_for(
        one.nomination, f"member:{number}", MemberForm, name=row.name, role=row.role, body=row.body,
        service=row.service or NO_SERVICE, unit=unit.code if unit else "", email=row.email, died=row.died,
        from_on=row.from_on, until_on=row.until_on,
    )  # fmt: skip
    return _member(one, f"member:{number}", form, row, gettext("Change a member of the team"))


def _member(one: Held, page: str, form: PageForm, row: Nominee | None, title: str) -> ResponseReturnValue:
    listed = url_for("public.nomination_members", key=one.key)
    if request.method == "POST" and _keep(one, page, form, row):
        return redirect(listed, code=303)
    return pages.shown(one, page, form, title=title, back=listed)


def _keep(one: Held, page: str, form: PageForm, row: Nominee | None) -> bool:
    typed, revision = pages.typed_into(form), pages.revision_of(form)
    valid = form.validate_on_submit() and isinstance(form, MemberForm)
    named = pages.named_in(form) if valid and isinstance(form, MemberForm) else None
    try:
        nominees.save_nominee(
            session(), one.nomination, page, by=one.by, typed=typed, named=named, revision=revision, row=row
        )
    except Invalid as refused:
        session().rollback()
        form.refuse(translated(refused))
        nominees.save_nominee(
            session(), one.nomination, page, by=one.by, typed=typed, named=None, revision=revision, row=row
        )
        named = None
    session().commit()
    if named is None:
        form.revision.data = str(one.nomination.answers["pages"][page]["revision"])
    return named is not None or request.form.get("do") == "later"


@door.post("/nominations/<key>/members/<int:number>/remove", endpoint="nomination_member_remove")
@open_to_public
def remove_member(key: str, number: int) -> ResponseReturnValue:
    """Take a member out of the draft."""
    one = _team(key)
    nominees.remove_nominee(session(), one.nomination, number, by=one.by)
    session().commit()
    return redirect(url_for("public.nomination_members", key=key), code=303)
