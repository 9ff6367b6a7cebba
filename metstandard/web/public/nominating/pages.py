"""The pages of one nomination: the list of a draft, each question; where it stands once it was sent."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select
from werkzeug.datastructures import MultiDict

from metstandard.actions.recognition import nominating
from metstandard.actions.recognition.nominating import recognition_of
from metstandard.actions.recognition.nominees import Named, save_nominee
from metstandard.common.errors import Invalid
from metstandard.queries.nominations import titles
from metstandard.records.recognition import Nomination
from metstandard.records.units import Unit
from metstandard.web.public.door import door
from metstandard.web.public.nominating import standing, steps
from metstandard.web.public.nominating.forms import FORMS, NO_SERVICE, NomineeForm, PageForm, fill_choices
from metstandard.web.public.nominating.holding import Held, held, translated
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.languages import gettext

_MACHINE = frozenset({"csrf_token", "revision", "whose_form", "do"})
_LONGEST = 20_000


@door.get("/nominations/<key>", endpoint="nomination")
@open_to_public
def nomination_home(key: str) -> ResponseReturnValue:
    """A draft as a list of its questions; afterwards where it stands, in words that reveal nothing."""
    one = held(key)
    if one.unsent:
        return render_template(
            "pages/public/nominating/draft.html", nomination=one.nomination, key=key,
            tasks=steps.tasks(one.nomination), ready=not steps.missing(one.nomination),
            reason=standing.reason(one.nomination),
        )  # fmt: skip
    return render_template(
        "pages/public/nominating/standing.html", nomination=one.nomination, key=key,
        stands=standing.of(one.nomination), words=titles(session(), one.nomination),
    )  # fmt: skip


@door.route("/nominations/<key>/<page>", methods=["GET", "POST"], endpoint="nomination_page")
@open_to_public
def nomination_page(key: str, page: str) -> ResponseReturnValue:
    """One question of a draft. What is typed is kept, also when it is not valid yet."""
    one = held(key)
    if request.method == "GET" and not one.unsent:
        return redirect(url_for("public.nomination", key=key))
    found(FORMS.get(page) if page in steps.order(one.nomination) else None)
    if page in {"kind", "category"} and not one.nomination.scheme:
        # Their choices are those of an award.
        return redirect(address(one, "award"))
    form = form_for(one.nomination, page, FORMS[page])
    if request.method == "POST" and keep(one, page, form):
        return redirect(_next(one, page), code=303)
    return shown(one, page, form, title=gettext(steps.TITLES[page]))


def _next(one: Held, page: str) -> str:
    if request.form.get("do") == "later":
        return url_for("public.nomination", key=one.key)
    if request.args.get("then") == "check" and page not in {"award", "kind"}:
        return url_for("public.nomination_check", key=one.key)
    return address(one, steps.after(one.nomination, page))


def address(one: Held, page: str) -> str:
    """Where a page of a draft is found; `check` and `members` are views of their own."""
    if page in {"check", "members"}:
        return url_for(f"public.nomination_{page}", key=one.key)
    return url_for("public.nomination_page", key=one.key, page=page)


def form_for(nomination: Nomination, page: str, kind: type[PageForm], **data: Any) -> PageForm:
    """A page's form: as posted, or as typed before, valid or not; else with `data`."""
    kept = nomination.answers.get("pages", {}).get(page)
    if request.method == "POST":
        form = kind()
    elif kept is not None:
        form = kind(formdata=MultiDict({**kept["typed"], "revision": str(kept["revision"])}))
    else:
        form = kind(formdata=None, data={**_known(nomination), "revision": "0", **data})
    fill_choices(form, recognition_of(session(), nomination), nomination.scheme, _units())
    return form


def _known(nomination: Nomination) -> dict[str, Any]:
    return {column: getattr(nomination, column) for columns in nominating.PAGES.values() for column in columns}


def _units() -> list[tuple[str, str]]:
    query = select(Unit).where(col(Unit.valid_until).is_(None)).order_by(Unit.kind, Unit.name)
    return [(one.code, one.title) for one in session().exec(query).all()]


def typed_into(form: PageForm) -> dict[str, str]:
    """What was posted into the fields of a form, cut to a length that the database can keep."""
    names = set(form._fields) - _MACHINE
    return {
        name: value[:_LONGEST]
        for name, value in request.form.items()
        if name in names or name.rsplit("-", 1)[0] in names
    }


def revision_of(form: PageForm) -> int:
    """The revision that the page was opened at; anything else than a number counts as none."""
    given = str(form.revision.data or "0")
    return int(given[:9]) if given.isascii() and given.isdecimal() else 0


def keep(one: Held, page: str, form: PageForm) -> bool:
    """Save what was typed, and say whether the page is done with: it was valid, or is left for later."""
    typed, revision = typed_into(form), revision_of(form)
    valid = form.validate_on_submit()
    if valid:
        try:
            _save(one, page, form, typed, revision)
            session().commit()
        except Invalid as refused:
            session().rollback()
            form.refuse(translated(refused))
            valid = False
    if not valid:
        _save(one, page, None, typed, revision)
        session().commit()
        kept = one.nomination.answers["pages"][page]
        form.revision.data = str(kept["revision"])
    return valid or request.form.get("do") == "later"


def _save(one: Held, page: str, form: PageForm | None, typed: dict[str, str], revision: int) -> None:
    given: dict[str, Any] = {"by": one.by, "typed": typed, "revision": revision}
    values = form.data if form is not None else None
    if page == "nominee":
        named = named_in(form) if isinstance(form, NomineeForm) else None
        save_nominee(session(), one.nomination, page, named=named, **given)
    elif page == "seconder":
        nominating.save_seconder(session(), one.nomination, values=values, **given)
    else:
        nominating.save_page(session(), one.nomination, page, values=values, **given)


def named_in(form: NomineeForm) -> Named:
    """What a form says of one nominee."""
    unit = session().exec(select(Unit).where(Unit.code == (form.unit.data or ""))).first()
    service = form.service.data or ""
    return Named(
        name=form.name.data or "", role=form.role.data or "", body=form.body.data or "",
        service="" if service == NO_SERVICE else service, unit=unit, email=form.email.data or "",
        died=bool(form.died.data), from_on=form.data.get("from_on"), until_on=form.data.get("until_on"),
    )  # fmt: skip


def shown(one: Held, page: str, form: PageForm, *, title: str, back: str = "") -> ResponseReturnValue:
    """A page of questions, with what was typed and what is wrong with it."""
    known = recognition_of(session(), one.nomination)
    fields = [field for field in form if field.name not in _MACHINE]
    before = steps.before(one.nomination, page)
    pages = steps.order(one.nomination)
    answered = render_template(
        "pages/public/nominating/page.html", form=form, fields=fields, title=title, key=one.key, page=page,
        single=page in steps.SINGLE, options={each.name: steps.options(one.nomination, each.name) for each in fields},
        hints={word: gettext(each.about) for word, each in known.schemes.items()} if page == "award" else {},
        back=back or (address(one, before) if before else url_for("public.nomination", key=one.key)),
        place=pages.index(page) + 1 if page in pages else 0, of=len(pages),
    )  # fmt: skip
    return answered, 422 if form.errors or form.form_errors else 200
