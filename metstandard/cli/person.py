"""`metstandard person add`: the first people of an installation, before anybody can sign in to invite others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from metstandard.common.errors import Invalid

if TYPE_CHECKING:
    from sqlmodel import Session

    from metstandard.records.accounts import Person

# Parts that belong to one record, or to nobody: they cannot be held in the whole programme.
_NOT_STANDING = frozenset({
    "reviewer", "lead_reviewer", "deputy", "link_member", "action_owner", "verifier", "clock", "public", "nominator",
    "seconder", "sponsor",
})  # fmt: skip


@click.group()
def person() -> None:
    """Open accounts from the command line."""


@person.command()
@click.option("--email", required=True, help="Where the person is reached; also the name to sign in with.")
@click.option("--name", required=True, help="How others see the person.")
@click.option("--title", default="", help="Rank or post.")
@click.option("--part", "parts", multiple=True, required=True, help="A standing part; may be given several times.")
@click.option("--unit", default="", help="Code of the unit, for a commander or a unit_author.")
@click.option("--seat", default="", help="Seat of a moderator, such as authority_member.")
def add(email: str, name: str, title: str, parts: tuple[str, ...], unit: str, seat: str) -> None:
    """Open an account with its parts, and print the link over which the person chooses a password.

    The link works once. Hand it over in a safe way: whoever opens it first owns the account.
    """
    from metstandard.cli.database import writing

    with writing() as session:
        made = _account(session, email, name, title)
        for part in parts:
            _appoint(session, made, part, unit, seat)
        link = _invitation(session, made)
    click.echo(link)


def _account(session: Session, email: str, name: str, title: str) -> Person:
    from email_validator import EmailNotValidError, validate_email
    from sqlmodel import func, select

    from metstandard.records.accounts import Person

    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as wrong:
        raise Invalid(f"{email} is no e-mail address: {wrong}", field="email") from None
    if session.exec(select(Person.id).where(func.lower(Person.email) == address.lower())).first() is not None:
        raise Invalid(f"Somebody with the address {address} has an account already", field="email")
    if not name.strip():
        raise Invalid("Give a name", field="name")
    made = Person(email=address, name=name.strip(), title=title.strip())
    session.add(made)
    session.flush()
    return made


def _appoint(session: Session, made: Person, part: str, unit: str, seat: str) -> None:
    from sqlmodel import select

    from metstandard.common import clock
    from metstandard.records.accounts import Appointment
    from metstandard.records.units import Unit
    from metstandard.rules.duties import UNIT_PARTS
    from metstandard.rules.editions import newest_workflow
    from metstandard.rules.vocabulary import PARTS

    workflow = newest_workflow("assessment")[0]
    known = sorted(PARTS - _NOT_STANDING | set(workflow.keys) | set(workflow.principals))
    if part not in known:
        raise Invalid(f"There is no standing part {part}; there are {', '.join(known)}", field="part")
    if part == "moderator" and seat not in workflow.moderators:
        raise Invalid(f"Give a moderator a --seat: {', '.join(workflow.moderators)}", field="seat")
    found = session.exec(select(Unit).where(Unit.code == unit)).first() if part in UNIT_PARTS else None
    if part in UNIT_PARTS and found is None:
        raise Invalid(f"Give a {part} the --unit: there is no unit {unit or 'without a code'}", field="unit")
    session.add(
        Appointment(
            person_id=made.key, part=part, unit_id=found.key if found else None,
            seat=seat if part == "moderator" else "", from_on=clock.today(),
        )
    )  # fmt: skip


def _invitation(session: Session, made: Person) -> str:
    from metstandard.actions.accounts import INVITATION, LASTS
    from metstandard.common import clock, ids
    from metstandard.common.settings import settings
    from metstandard.records.accounts import AccountLink

    token = ids.token()
    made.invited_at = clock.now()
    session.add(
        AccountLink(
            person_id=made.key, purpose=INVITATION, token_hash=ids.token_hash(token),
            expires_at=clock.now() + LASTS[INVITATION],
        )
    )  # fmt: skip
    return f"{settings().base_url}/link/{token}"
