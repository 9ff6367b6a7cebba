"""What pages about nominations share: who may enter, one nomination, and the parts that stages add to its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g

from metstandard.queries import judging
from metstandard.queries import nominations as reads
from metstandard.records.recognition import Nomination
from metstandard.web.shared.access import found
from metstandard.web.shared.database import session
from metstandard.web.shared.hubs import moving_facts

OFFICER = "programme_officer"
# Who sees nominations at the Authority's door. Judges have pages of their own.
READERS = (OFFICER, "press_officer", "key")
# They too may follow a link to one: it leads those who only check to the nominees of their service.
VIEWERS = (*READERS, "standards_officer", "sponsor")

Section = Callable[[Nomination, frozenset[str]], dict[str, Any] | None]
_SECTIONS: list[tuple[int, str, Section]] = []


def section(template: str, *, place: int = 50) -> Callable[[Section], Section]:
    """Add a part to the page of a nomination: `templates/pages/authority/recognition/<template>`.

    The function gets the nomination and the viewer's parts in it, and gives the facts of the part, which the template
    reads as `section`, or None where there is nothing to show. Parts stand in the order of `place`.
    """

    def add(made: Section) -> Section:
        _SECTIONS.append((place, f"pages/authority/recognition/{template}", made))
        _SECTIONS.sort(key=lambda one: one[:2])
        return made

    return add


def sections(nomination: Nomination, parts: frozenset[str]) -> list[dict[str, Any]]:
    """The parts that this viewer gets, each with the template that shows it."""
    made = ((template, make(nomination, parts)) for _, template, make in _SECTIONS)
    return [{"template": template, **facts} for template, facts in made if facts is not None]


def seen(reference: str) -> tuple[Nomination, frozenset[str]]:
    """A nomination with the parts in which this person sees it. Raises NotFound."""
    one = found(reads.for_staff(session(), g.person, reference))
    return one, reads.seen_by(session(), g.person, one)


def office(reference: str) -> Nomination:
    """A nomination for the programme office. Raises NotFound."""
    return found(reads.for_office(session(), g.person, reference))


def frame(one: Nomination) -> dict[str, Any]:
    """What every page of a stage shows of a nomination: what is told of it, whose move it is, what one may do."""
    return {"nomination": one, "told": judging.told(session(), one), **moving_facts(one)}
