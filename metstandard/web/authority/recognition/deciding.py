"""The Authority's decision over exactly what is shown; and, later, revoking an award with two keys."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from metstandard.actions.recognition import deciding, revoking
from metstandard.common.errors import Invalid
from metstandard.queries import judging as reads
from metstandard.records.recognition import Nomination
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.rules.signatures import all_for, counting
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import frame, seen
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form


class DecisionForm(Form):
    """Award or not, over exactly what is shown."""

    seen = HiddenField()
    award = RadioField(
        "Your decision", [InputRequired("Choose whether to award")],
        choices=[SelectChoice("yes", "Award"), SelectChoice("no", "Do not award")],
    )  # fmt: skip
    reason = TextAreaField(
        "Reason", [InputRequired("Give the reason")], description="It stays in the journal and is not public."
    )


class RevokeForm(Form):
    """One key's agreement, with its reason."""

    seen = HiddenField()
    reason = TextAreaField(
        "Reason", [InputRequired("Give a reason")],
        description="The other key holder and the programme office read it. The public reads a neutral note.",
    )  # fmt: skip


@door.route("/nominations/<reference>/decision", methods=["GET", "POST"])
@open_to("programme_officer", "key")
def nomination_decision(reference: str) -> ResponseReturnValue:
    """Everything that judges and chair hand over; the key holder's decision."""
    one, _ = seen(reference)
    found(None if reads.sealed(one) else one)
    form = DecisionForm()
    if form.validate_on_submit():
        asked = confirm_first()
        if asked is not None:
            return asked
        try:
            deciding.decide(
                session(), one, by=g.person, award=form.award.data == "yes", reason=form.reason.data or "",
                seen=form.seen.data or "",
            )  # fmt: skip
        except Invalid as wrong:
            session().rollback()
            form.refuse(wrong)
        else:
            session().commit()
            flash("Your decision is recorded. Nothing is public yet.", "success")
            return redirect(url_for("authority.nomination_decision", reference=reference), code=303)
    form.seen.data = digest(session(), one, "decide")
    page = render_template("pages/authority/recognition/decision.html", form=form, **_shown(one))
    return (page, 422) if form.errors else page


def _shown(one: Nomination) -> dict[str, object]:
    return {
        **frame(one),
        "rubric": rubric_of(session(), one),
        "judgements": reads.judgements(session(), one),
        "mean": reads.mean(session(), one),
        "rulings": reads.rulings(session(), one),
        "award": deciding.award_of(session(), one),
        "signed": all_for(session(), one, "decide"),
    }


@door.route("/nominations/<reference>/revoke", methods=["GET", "POST"])
@open_to("key")
def nomination_revoke(reference: str) -> ResponseReturnValue:
    """Agree to revoke an award; it happens when the other key agrees too."""
    one, _ = seen(reference)
    found(deciding.award_of(session(), one))
    form = RevokeForm()
    if form.validate_on_submit():
        asked = confirm_first()
        if asked is not None:
            return asked
        try:
            happened = revoking.revoke(
                session(), one, by=g.person, reason=form.reason.data or "", seen=form.seen.data or ""
            )
        except Invalid as wrong:
            session().rollback()
            form.refuse(wrong)
        else:
            session().commit()
            said = "The award is revoked." if happened else "You have agreed. The other key must agree too."
            flash(said, "success")
            return redirect(url_for("authority.nomination_revoke", reference=reference), code=303)
    form.seen.data = digest(session(), one, "revoke")
    page = render_template(
        "pages/authority/recognition/revoke.html",
        form=form,
        agreed=[
            {"key": f"The {_party(each.part)}’s key", "value": each.reason}
            for each in counting(session(), one, "revoke")
        ],
        **_shown(one),
    )
    return (page, 422) if form.errors else page


def _party(part: str) -> str:
    """`Authority` or `committee`, of a key or of its principal."""
    return {"authority": "Authority", "committee": "committee"}.get(part.rsplit("_", 1)[0], part)
