"""The page of one nomination, and what the programme office does with it until the checks."""

from __future__ import annotations

from collections.abc import Container

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions.recognition import eligibility
from metstandard.common import clock
from metstandard.queries.nomination_history import history
from metstandard.queries.nominations import titles
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records.recognition import Nomination, Seconding
from metstandard.records.units import Unit
from metstandard.rules.guards.recognition import incident_of, seconder_of
from metstandard.rules.recognition import OF_A_SERVICE, nominees_of
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import OFFICER, VIEWERS, office, sections, seen
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session

# Acts with reasons: the word in the address, the act, and what the link says.
REASONS = {
    "return": ("return_nomination", "Return it to the nominator"),
    "redirect": ("redirect", "Pass it on to another award"),
    "withdraw": ("withdraw", "Withdraw it"),
    "hold": ("hold", "Put it on hold"),
}
# Pages of stages to come, linked where they are there and this person may open them.
PAGES = (
    ("Nominees and team", "authority.nomination_team"),
    ("Duplicates and incident", "authority.nomination_same"),
)


@door.get("/nominations/<reference>", endpoint="nomination")
@open_to(*VIEWERS)
def nomination_page(reference: str) -> ResponseReturnValue:
    """Whose move it is, what can be done, what was written, what happened.

    Who only answers checks reads the nominees of their own service, and goes to that page.
    """
    one, parts = seen(reference)
    if parts <= set(OF_A_SERVICE):
        return redirect(url_for("authority.nomination_check", reference=reference), code=303)
    sentence, stood = whose_move(session(), one)
    moves = {each.act: each for each in moves_open_to(session(), g.person, one)}
    return render_template(
        "pages/authority/recognition/nomination.html", nomination=one, parts=parts, office=OFFICER in parts,
        sentence=sentence, stood=stood, moves=moves, titles=titles(session(), one),
        nominees=[(each, _unit(each.unit_id)) for each in nominees_of(session(), one)],
        seconder=seconder_of(session(), one), incident=incident_of(session(), one), pages=_pages(one, parts),
        sections=sections(one, parts), events=history(session(), one, parts), marking=one.marking.value,
        overdue=one.due_on is not None and one.due_on < clock.today(), reasons=_reasons(one, moves, OFFICER in parts),
        original=session().get(Nomination, one.duplicate_of_id) if one.duplicate_of_id else None,
    )  # fmt: skip


def _reasons(one: Nomination, moves: Container[str], office: bool) -> list[tuple[str, str]]:  # noqa: FBT001
    """What the programme office may do with reasons, as words and address."""
    found = [
        (said, url_for("authority.nomination_reason", reference=one.reference, act=word))
        for word, (act, said) in REASONS.items()
        if office and act in moves and (act != "hold" or one.state == "eligibility")
    ]
    row = seconder_of(session(), one)
    if office and "name_seconder" in moves and (row is None or row.answer is not Seconding.CONFIRMED):
        found.append(("Ask another seconder", url_for("authority.nomination_seconder", reference=one.reference)))
    return found


def _unit(number: int | None) -> str:
    unit = session().get(Unit, number) if number is not None else None
    return unit.title if unit else ""


def _pages(one: Nomination, parts: frozenset[str]) -> list[dict[str, str]]:
    if OFFICER not in parts:
        return []
    return [
        {"text": text, "href": url_for(endpoint, reference=one.reference)}
        for text, endpoint in PAGES
        if endpoint in current_app.view_functions
    ]


@door.post("/nominations/<reference>/take-up", endpoint="nomination_take_up")
@open_to(OFFICER)
def take_up(reference: str) -> ResponseReturnValue:
    """Begin to look at it."""
    one = office(reference)
    if one.state != "eligibility":
        eligibility.take_up(session(), one, by=g.person)
        session().commit()
    return done(one, "The nomination is taken up.")


@door.post("/nominations/<reference>/pass", endpoint="nomination_pass")
@open_to(OFFICER)
def pass_on(reference: str) -> ResponseReturnValue:
    """Send it on to the checks."""
    one = office(reference)
    if one.state != "checks":
        eligibility.pass_eligibility(session(), one, by=g.person)
        session().commit()
    return done(one, "The nomination is eligible. The checks are asked for.")


def done(one: Nomination, said: str) -> ResponseReturnValue:
    """Back to the page of the nomination, saying what was done."""
    flash(said, "success")
    return redirect(url_for("authority.nomination", reference=one.reference), code=303)
