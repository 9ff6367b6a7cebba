"""What a report is checked for before it leaves: marking, people who could be recognised, empty paragraphs (B5, B9).

No name of anybody interviewed is ever given back: only the number of the paragraph in which it stands.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.queries.consensus import members
from metstandard.queries.interviews import everybody, mentions, small_groups
from metstandard.queries.judgement import paragraphs_of
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.records.reports import CheckWaiver
from metstandard.records.reviews import Review
from metstandard.records.sheets import Paragraph
from metstandard.rules import markings

EMPTY, NAMED, REVIEWER, GROUP, MARKING = "empty", "named", "reviewer", "group", "marking"


@dataclass(frozen=True)
class Concern:
    """One thing that stands in the way of a report; `paragraph` 0 is the whole of it.

    `waivable`: a named person may let it stand with a reason. `detail` is for the lead reviewer alone.
    """

    kind: str
    rule: str
    paragraph: int
    revision: int
    says: str
    waivable: bool = False
    detail: str = ""

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind}-{self.paragraph}"

    @property
    def sentence(self) -> str:
        """Paragraph and rule in one line."""
        where = f"Paragraph {self.paragraph}" if self.paragraph else "The report"
        return f"{where} {self.says} ({self.rule})."


def concerns(session: Session, review: Review) -> list[Concern]:
    """Everything that the check finds in a report as it stands, paragraph by paragraph, the whole of it last."""
    groups, people = small_groups(session, review), everybody(session, review)
    panel = [one.person.name for one in members(session, review)]
    found = [concern for one in paragraphs_of(session, review) for concern in _of_paragraph(one, groups, people, panel)]
    return [*found, *_of_marking(session, review)]


def _of_paragraph(one: Paragraph, groups: list[str], people: list[str], panel: list[str]) -> Iterator[Concern]:
    if not one.text.strip():
        yield Concern(EMPTY, "A5", one.number, one.revision, "is empty")
    if any(mentions(one.text, name) for name in people):
        yield Concern(NAMED, "B5", one.number, one.revision, "names somebody who was interviewed")
    if any(mentions(one.text, name) for name in panel):
        yield Concern(REVIEWER, "SCO-3", one.number, one.revision, "names a member of the panel")
    small = [group for group in groups if mentions(one.text, group)]
    if small:
        yield Concern(
            GROUP, "B5", one.number, one.revision, "names a group so small that somebody in it could be recognised",
            waivable=True, detail=", ".join(small),
        )  # fmt: skip


def named_in(session: Session, review: Review, text: str) -> bool:
    """Whether a text names somebody who was interviewed, or a member of the panel."""
    people = [*everybody(session, review), *(one.person.name for one in members(session, review))]
    return any(mentions(text, name) for name in people)


def without(text: str, names: Iterable[str]) -> str:
    """A text with “[name left out]” in the place of each of these names."""
    for name in names:
        words = r"\s+".join(re.escape(one) for one in name.split())
        if words:
            text = re.sub(rf"(?<!\w){words}(?!\w)", "[name left out]", text, flags=re.IGNORECASE)
    return text


def _of_marking(session: Session, review: Review) -> list[Concern]:
    """A report bears at least the highest marking of what it quotes (B9); a published one bears the lowest there is."""
    bears = review.marking if review.appeal_closed_on is None else markings.profile().lowest
    quoted = markings.quoted(session, review).values()
    if not quoted or not markings.lowers(markings.highest(quoted), bears):
        return []
    highest = markings.highest(quoted)
    says = f"would leave marked {bears.value}, and rests on evidence marked {highest.value}"
    return [Concern(MARKING, "B9", 0, list(Marking).index(bears), says, waivable=True)]


@dataclass(frozen=True)
class Waived:
    """A finding of the check that somebody let stand, with name and reason."""

    waiver: CheckWaiver
    person: Person


def waived(session: Session, review: Review) -> dict[tuple[str, int, int], Waived]:
    """What was let stand, by kind, paragraph and text looked at."""
    rows = session.exec(
        select(CheckWaiver, Person)
        .join(Person, col(Person.id) == CheckWaiver.waived_by_id)
        .where(CheckWaiver.review_id == review.key)
        .order_by(col(CheckWaiver.id))
    ).all()
    return {(one.concern, one.paragraph, one.revision): Waived(one, person) for one, person in rows}


def checked(session: Session, review: Review) -> list[tuple[Concern, Waived | None]]:
    """Every finding of the check with the waiver that lets it stand, if there is one."""
    let = waived(session, review)
    return [(one, let.get((one.kind, one.paragraph, one.revision))) for one in concerns(session, review)]


def in_the_way(session: Session, review: Review) -> list[Concern]:
    """What still holds the report back."""
    return [one for one, waiver in checked(session, review) if waiver is None]
