"""Letters to people of a nomination who may have no account: the nominator and the seconder."""

from collections.abc import Mapping

from sqlmodel import Session

from metstandard.actions.recognition import links
from metstandard.outbox import compose
from metstandard.records import journal
from metstandard.records.accounts import Person
from metstandard.records.recognition import Nomination, Seconder


def to_nominator(
    session: Session, nomination: Nomination, letter: str, *, once: str = "", facts: Mapping[str, object] | None = None
) -> None:
    """Owe a letter to the nominator: with an account the way through the sign-in, without one a new link.

    `once` names the event where it is no journal line. Nothing is owed where no address is kept any more.
    """
    if not nomination.nominator_email:
        return
    event = once or _last(session, nomination)
    key = f"nomination:{nomination.key}:{event}:{letter}:nominator"
    person = session.get(Person, nomination.nominator_id) if nomination.nominator_id is not None else None
    if person is not None and person.active:
        compose.owe(
            session, letter, to=person, part="nominator", record=nomination, once=key,
            facts={**(facts or {}), "signed": True},
        )  # fmt: skip
        return
    secret = links.give(session, nomination, "nominator")
    compose.owe(
        session, letter, to=compose.Stranger(nomination.nominator_name or "nominator", nomination.nominator_email),
        part="nominator", record=nomination, once=key,
        facts={**(facts or {}), "signed": False, "link": links.address(secret, "nominator")},
    )  # fmt: skip


def to_seconder(session: Session, nomination: Nomination, seconder: Seconder) -> None:
    """Ask the seconder by letter, with a link of their own; links to earlier seconders end."""
    links.end(session, nomination, "seconder")
    secret = links.give(session, nomination, "seconder", about_id=seconder.key)
    compose.owe(
        session, "seconder_asked", to=compose.Stranger(seconder.name, seconder.email), part="seconder",
        record=nomination, once=f"nomination:{nomination.key}:{nomination.round}:seconder:{seconder.key}",
        facts={"link": links.address(secret, "seconder")},
    )  # fmt: skip


def _last(session: Session, nomination: Nomination) -> str:
    line = journal.last_line(session, "nomination", nomination.key)
    return str(line.seq if line else 0)
