"""A panel and three candidates whom no rule touches, and the words in which a judgement is expected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from metstandard.panels.conflicts import Candidate, Conflict, Kind, Panel, Seating

CAMDEN, HACKNEY, FLYING_SQUAD, BRENT = 1, 2, 3, 4
TODAY, T0, PUBLICATION = date(2026, 9, 1), date(2026, 12, 1), date(2027, 3, 7)
LATER = date(2028, 1, 1)

PANEL = Panel(
    unit=CAMDEN, unit_name="Camden BOCU", group="Territorial Policing", borough="Camden", commander_rank=5,
    today=TODAY, on=T0, publication=PUBLICATION,
    origins={"peer": "unit", "local_authority": "council", "private": "company"},
    numbers={"COI-2": 36, "COI-2-command": 60, "COI-3": 24, "COI-5": 24, "PAN-3": 1, "PAN-5": 3},
)  # fmt: skip
PEER = Candidate(
    person=10, name="The peer", seat="peer", home=FLYING_SQUAD, group="Specialist Crime", rank=5,
    trained_until=LATER, vetted_until=LATER, observed=True,
)  # fmt: skip
COUNCIL = Candidate(
    person=20, name="The councillor", seat="local_authority", employer="Hackney Council", employer_kind="council",
    borough="Hackney", trained_until=LATER, vetted_until=LATER, terms_signed=True, observed=True,
)  # fmt: skip
COMPANY = Candidate(
    person=30, name="The director", seat="private", employer="Northgate Rail", employer_kind="company",
    trained_until=LATER, vetted_until=LATER, terms_signed=True, observed=True,
)  # fmt: skip
CALIBRATED = replace(PANEL, numbers=PANEL.numbers | {"REV-2": 24, "COI-11": 12})


def hard(rule: str, sentence: str) -> tuple[Conflict, ...]:
    """One rule that nobody may waive."""
    return (Conflict(rule, Kind.HARD, sentence),)


def soft(rule: str, sentence: str) -> tuple[Conflict, ...]:
    """One rule that both keys may waive."""
    return (Conflict(rule, Kind.WAIVABLE, sentence),)


def own(rule: str, sentence: str) -> tuple[Conflict, ...]:
    """One rule that the candidate alone can lift."""
    return (Conflict(rule, Kind.OWN, sentence),)


def sat(unit: int, person: int, on: date, home: int | None = None) -> Seating:
    """A seat on another panel."""
    return Seating(unit=unit, person=person, home=home, on=on)
