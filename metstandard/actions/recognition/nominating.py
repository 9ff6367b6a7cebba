"""Making a nomination: begun with an address, written page by page, sent once; withdrawn; its lost links asked for.

`by` is the nominator with an account, or None for somebody who came by the link of a letter; the caller has proved it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from metstandard.actions import moving
from metstandard.actions.commissioning import keep_edition
from metstandard.actions.recognition import letters, links
from metstandard.common import clock, ids
from metstandard.common.characters import clean, one_line
from metstandard.common.errors import Invalid, Stale
from metstandard.records.accounts import Person
from metstandard.records.recognition import Nomination, Nominee, Seconder, Seconding
from metstandard.rubric.recognition import NomineeKind, Recognition
from metstandard.rules import seconders
from metstandard.rules.editions import newest_rubric, newest_workflow, rubric_of, workflow_of
from metstandard.rules.guards.recognition import seconder_of
from metstandard.rules.recognition import nominees_of
from metstandard.workflow.calendar import add_months

RUBRIC = "recognition-1"
NOMINATOR = "nominator"
# The pages of a nomination that fill columns of their own; nominee, member and seconder fill rows.
PAGES: dict[str, tuple[str, ...]] = {
    "award": ("scheme",),
    "kind": ("nominee_kind",),
    "category": ("category",),
    "team": ("body",),
    "when": ("happened_on",),
    "title": ("title",),
    "account": ("account",),
    "effect": ("effect",),
    "difficulty": ("difficulty",),
    "evidence": ("evidence", "witnesses"),
    "citation": ("citation",),
    "incident": ("incident_words",),
    "earlier": ("earlier_awards",),
    "you": ("nominator_name", "nominator_body", "nominator_relation", "may_contact"),
}
LEAST_TEAM = 2


def begin_nomination(
    session: Session, *, by: Person | None, name: str, email: str, once: str, rubric: str = RUBRIC
) -> Nomination:
    """Open a draft and send its nominator the way back to it. The same form sent again finds the same draft.

    `once` is the form's own token. Raises Invalid naming the field.
    """
    if by is not None:
        name, email = by.name, by.email
    name, email = one_line(name), email.strip()
    if not name:
        raise Invalid("Enter your name", field="name")
    seen = ids.token_hash(once)
    begun = session.exec(select(Nomination).where(Nomination.nominator_email == email, Nomination.state == "draft"))
    for one in begun.all():
        if one.answers.get("once") == seen:
            return one
    workflow, text = newest_workflow("nomination")
    judged_by, rubric_text = newest_rubric(rubric)
    nomination = Nomination(
        workflow="nomination",
        workflow_edition_id=keep_edition(session, "workflow", "nomination", workflow.edition, text).key,
        rubric_edition_id=keep_edition(session, "rubric", judged_by.rubric, judged_by.edition, rubric_text).key,
        state=workflow.starts,
        reference=f"N-{ids.readable_code(groups=2)}",
        nominator_id=by.key if by else None,
        nominator_name=name,
        nominator_email=email,
        answers={"once": seen, "pages": {}},
    )
    session.add(nomination)
    moving.start(session, nomination, "begin_nomination", by=by, part=NOMINATOR)
    letters.to_nominator(session, nomination, "nomination_begun")
    return nomination


def recognition_of(session: Session, nomination: Nomination) -> Recognition:
    """Schemes, categories and kinds of the edition that a nomination runs under. Raises Invalid without any."""
    found = rubric_of(session, nomination).recognition
    if found is None:
        raise Invalid("This rubric file has no recognition section", field="scheme")
    return found


def kind_of_nominee(session: Session, nomination: Nomination) -> NomineeKind | None:
    """The kind of nominee that was chosen; None before that."""
    return recognition_of(session, nomination).nominees.get(nomination.nominee_kind)


def edit(session: Session, nomination: Nomination, by: Person | None) -> None:
    """Lock the draft, read it afresh, and make sure that it may be written to."""
    session.flush()
    session.refresh(nomination, with_for_update=True)
    moving.allow(session, nomination, "edit_nomination", by=by, bearer=NOMINATOR)


def save_page(
    session: Session, nomination: Nomination, page: str, *, by: Person | None, typed: Mapping[str, Any],
    values: Mapping[str, Any] | None, revision: int,
) -> None:  # fmt: skip
    """Keep one page of a draft: what was typed always, what it means only where the page was valid (`values`).

    Raises Stale when another tab has changed the page since, Invalid naming a field, NotOpen once it was sent.
    """
    edit(session, nomination, by)
    keep_typed(nomination, page, typed, valid=values is not None, revision=revision)
    for column in PAGES[page]:
        given = None if values is None else values.get(column)
        setattr(nomination, column, _cleaned(nomination, column, given))
    if values is not None:
        _refuse_nonsense(session, nomination, page)
    session.add(nomination)
    session.flush()


def _cleaned(nomination: Nomination, column: str, given: Any) -> Any:
    if column == "happened_on":
        return given
    if column == "may_contact":
        return bool(given)
    if column == "nominator_name" and not given:
        return nomination.nominator_name
    return clean(str(given or "")).strip()


def keep_typed(nomination: Nomination, page: str, typed: Mapping[str, Any], *, valid: bool, revision: int) -> None:
    """Put what was typed beside the columns. A copy is assigned: the row notices no change within a dict."""
    pages = dict(nomination.answers.get("pages", {}))
    before = pages.get(page, {"typed": {}, "revision": 0, "valid": False})
    same = before["typed"] == dict(typed)
    if before["revision"] != revision and not same:
        raise Stale(
            "This page was changed in another tab or on another device",
            mine=dict(typed), theirs={**before["typed"], "revision": before["revision"]},
        )  # fmt: skip
    pages[page] = {"typed": dict(typed), "revision": before["revision"] + (0 if same else 1), "valid": valid}
    nomination.answers = {**nomination.answers, "pages": pages}


def _refuse_nonsense(session: Session, nomination: Nomination, page: str) -> None:
    known = recognition_of(session, nomination)
    if page == "award" and nomination.scheme not in known.schemes:
        raise Invalid("Choose an award", field="scheme")
    if page == "kind":
        _choose_kind(session, nomination, known)
    award = known.schemes.get(nomination.scheme)
    if page == "category" and (award is None or nomination.category not in award.categories):
        raise Invalid("Choose a category of this award", field="category")
    numbers = workflow_of(session, nomination).numbers
    if page == "when":
        _refuse_date(nomination.happened_on, numbers["D2-months"])
    for column in PAGES[page]:
        most = numbers.get(f"D2-{column}")
        if most is not None and len(getattr(nomination, column).split()) > most:
            raise Invalid(f"Use {most} words or fewer", field=column)


def _choose_kind(session: Session, nomination: Nomination, known: Recognition) -> None:
    scheme = known.schemes.get(nomination.scheme)
    if scheme is None or nomination.nominee_kind not in scheme.nominees:
        raise Invalid("Choose a kind of nominee of this award", field="nominee_kind")
    if not known.nominees[nomination.nominee_kind].members and len(nominees_of(session, nomination)) > 1:
        # A team became one person: who that is, is asked again.
        session.exec(delete(Nominee).where(col(Nominee.nomination_id) == nomination.key))


def _refuse_date(day: date | None, months: int) -> None:
    if day is None:
        raise Invalid("Enter the date", field="happened_on")
    if day > clock.today():
        raise Invalid("The date must be today or in the past", field="happened_on")
    if add_months(day, months) < clock.today():
        raise Invalid(f"The date must be within the last {months} months", field="happened_on", rule="D2")


def save_seconder(
    session: Session, nomination: Nomination, *, by: Person | None, typed: Mapping[str, Any],
    values: Mapping[str, str] | None, revision: int,
) -> None:  # fmt: skip
    """Keep who is to second a draft. Raises Invalid for somebody of the same unit or body (D2), Stale."""
    edit(session, nomination, by)
    keep_typed(nomination, "seconder", typed, valid=values is not None, revision=revision)
    if values is not None:
        _put_seconder(session, nomination, values)
    session.add(nomination)
    session.flush()


def _put_seconder(session: Session, nomination: Nomination, values: Mapping[str, str]) -> None:
    name, email, body = one_line(values["name"]), values["email"].strip(), one_line(values["body"])
    refused = seconders.clash(session, nomination, email=email, body=body)
    if refused is not None:
        raise Invalid(refused[1], field=refused[0], rule="D2")
    row = seconder_of(session, nomination)
    if row is None or row.answer is not Seconding.ASKED or (nomination.round and row.email != email):
        # Who was asked once stays in the record.
        row = Seconder(nomination_id=nomination.key, name="", email="", body="")
    row.name, row.email, row.body, row.asked_at = name, email, body, clock.now()
    session.add(row)


def unfinished(session: Session, nomination: Nomination) -> dict[str, str]:
    """The pages whose last typing was not valid, and what else keeps a draft from being sent, by page."""
    found = {
        page: "This answer is not complete"
        for page, kept in nomination.answers.get("pages", {}).items()
        if not kept["valid"] and ":" not in page
    }
    kind = kind_of_nominee(session, nomination)
    nominees = nominees_of(session, nomination)
    if kind is not None and kind.members:
        found.pop("nominee", None)
        if len(nominees) < LEAST_TEAM:
            found["members"] = "Name at least two members of the team"
        if not nomination.body:
            found["team"] = "Enter the name of the team"
    row = seconder_of(session, nomination)
    refused = seconders.clash(session, nomination, email=row.email, body=row.body) if row else None
    if refused is not None:
        found["seconder"] = refused[1]
    if any(one.email and one.email.casefold() == nomination.nominator_email.casefold() for one in nominees):
        found["nominee"] = "Nobody nominates themselves"
    return found


def submit(session: Session, nomination: Nomination, *, by: Person | None) -> None:
    """Send a nomination: from now on nobody edits it, and its seconder is asked by letter.

    Raises Invalid naming the first page that is not complete, NotOpen naming what is missing.
    """
    turn = moving.begin(session, nomination, "submit_nomination", by=by, bearer=NOMINATOR)
    for page, sentence in unfinished(session, nomination).items():
        raise Invalid(sentence, field=page)
    row = seconder_of(session, nomination)
    if row is not None and row.answer is not Seconding.ASKED:
        # What was seconded may have changed since: it is asked for again.
        row = Seconder(nomination_id=nomination.key, name=row.name, email=row.email, body=row.body)
        session.add(row)
    nomination.submitted_at = clock.now()
    nomination.round += 1
    nomination.posthumous = any(one.died for one in nominees_of(session, nomination))
    session.flush()
    turn.finish(data={"round": nomination.round, "content": seconders.seconded_digest(session, nomination)})
    if row is not None:
        letters.to_seconder(session, nomination, row)
    letters.to_nominator(session, nomination, "nomination_sent")


def withdraw(session: Session, nomination: Nomination, *, by: Person | None, reason: str) -> None:
    """Take a nomination back, as its nominator or as a programme officer; the nominator hears of the latter."""
    turn = moving.begin(session, nomination, "withdraw", by=by, bearer=NOMINATOR)
    turn.finish(note=reason)
    links.end(session, nomination, "seconder")
    if turn.part != NOMINATOR:
        letters.to_nominator(session, nomination, "nomination_withdrawn")


MOST_LINKS = 5


def send_links(session: Session, email: str, *, once: str) -> int:
    """Send new links to all nominations that an address has under way, newest first; how many.

    The page says the same whether the address is known or not.
    """
    mine = session.exec(
        select(Nomination)
        .where(
            sa.func.lower(Nomination.nominator_email) == email.strip().lower(),
            col(Nomination.state).not_in(("withdrawn", "archived", "redirected", "revoked")),
        )
        .order_by(col(Nomination.id).desc())
        .limit(MOST_LINKS)
    ).all()
    for one in mine:
        letters.to_nominator(session, one, "nomination_link", once=ids.token_hash(once)[:16])
    return len(mine)
