"""Protective markings: the profile in force, which is higher, what stands for what, and who may see what (rules.md B9).

Whatever shows evidence asks `cleared` here: what a person is not cleared for is absent, also from counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from metstandard.common.errors import Invalid
from metstandard.common.settings import settings
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.records.sheets import AgreedLevel, Mark, NewEvidence, Sheet
from metstandard.rules.guards.scoring import sealed


@dataclass(frozen=True)
class Profile:
    """One scheme of markings: lowest first, each with what it means in a sentence.

    `clearance` is what whoever was given none may see; `review` is the marking that a new review starts with.
    """

    name: str
    meanings: dict[Marking, str]
    clearance: Marking
    review: Marking

    @property
    def ladder(self) -> tuple[Marking, ...]:
        """The markings, lowest first."""
        return tuple(self.meanings)

    @property
    def lowest(self) -> Marking:
        """What a public paper carries."""
        return self.ladder[0]


TODAY = Profile(
    "official",
    {
        Marking.OFFICIAL: "Most of what a unit and its partners write.",
        Marking.OFFICIAL_SENSITIVE: "Harm could follow if others read it. Only those who need it may.",
    },
    clearance=Marking.OFFICIAL_SENSITIVE,
    review=Marking.OFFICIAL_SENSITIVE,
)
OF_2009 = Profile(
    "2009",
    {
        Marking.NOT_PROTECTIVELY_MARKED: "Anybody could read it without harm.",
        Marking.PROTECT: "If others read it, somebody could be distressed or a promise broken.",
        Marking.RESTRICTED: "If others read it, an operation or an enquiry could be hindered.",
        Marking.CONFIDENTIAL: "If others read it, somebody could be in danger or a case could fail.",
    },
    clearance=Marking.RESTRICTED,
    review=Marking.RESTRICTED,
)
PROFILES = {one.name: one for one in (TODAY, OF_2009)}

# What is higher than what, over both schemes: a review may have been begun under the one and go on under the other.
_WEIGHT = {
    Marking.NOT_PROTECTIVELY_MARKED: 0, Marking.OFFICIAL: 0, Marking.PROTECT: 1, Marking.RESTRICTED: 2,
    Marking.OFFICIAL_SENSITIVE: 2, Marking.CONFIDENTIAL: 3,
}  # fmt: skip
# CONFIDENTIAL stands for nothing of today's scheme: somebody must choose.
_STANDS_FOR = {
    TODAY.name: {
        Marking.NOT_PROTECTIVELY_MARKED: Marking.OFFICIAL, Marking.PROTECT: Marking.OFFICIAL_SENSITIVE,
        Marking.RESTRICTED: Marking.OFFICIAL_SENSITIVE,
    },
    OF_2009.name: {
        Marking.OFFICIAL: Marking.NOT_PROTECTIVELY_MARKED, Marking.OFFICIAL_SENSITIVE: Marking.RESTRICTED,
    },
}  # fmt: skip
_ABOVE = ("SECRET", "TOP SECRET")


def profile() -> Profile:
    """The scheme in force in this installation: a setting, since clearances and new reviews follow it everywhere."""
    return PROFILES[settings().markings]


def equivalent(marking: Marking, scheme: Profile) -> Marking | None:
    """What a marking is in a scheme; None where nobody but a person can say."""
    return marking if marking in scheme.meanings else _STANDS_FOR[scheme.name].get(marking)


def shown(marking: Marking) -> str:
    """A marking in the words of the scheme in force, as far as it has an equal there."""
    return (equivalent(marking, profile()) or marking).value


def highest(markings: Iterable[Marking]) -> Marking:
    """The highest of several; of two equally high the one of the scheme in force. Raises ValueError for none."""
    scheme = profile()
    return max(markings, key=lambda one: (_WEIGHT[one], one in scheme.meanings))


def lowers(before: Marking, after: Marking) -> bool:
    """Whether a change of marking opens something to more people: that needs a name and a reason."""
    return _WEIGHT[after] < _WEIGHT[before]


def read(text: str, field: str = "marking") -> Marking:
    """A marking of the scheme in force. Raises Invalid for any other, and for SECRET and above by name (B9)."""
    word = " ".join(text.upper().split())
    if word in _ABOVE:
        raise Invalid(f"Nothing marked {word} may be kept here", field=field, rule="B9")
    found = next((one for one in profile().ladder if one.value == word), None)
    if found is None:
        raise Invalid("Choose a protective marking", field=field, rule="B9")
    return found


def clearance_of(person: Person) -> Marking:
    """The highest marking that somebody may see."""
    return person.clearance or profile().clearance


def may_see(person: Person, marking: Marking) -> bool:
    """Whether somebody is cleared for a marking."""
    return _WEIGHT[marking] <= _WEIGHT[clearance_of(person)]


def seen_by(person: Person) -> list[Marking]:
    """Every marking that somebody is cleared for, of both schemes."""
    return [one for one in Marking if may_see(person, one)]


def cleared(query: Any, person: Person) -> Any:
    """A query of evidence without what somebody is not cleared for. Typed loosely: any select of SQLModel goes."""
    return query.where(col(Evidence.marking).in_(seen_by(person)))


def check(person: Person, marking: Marking) -> None:
    """Raise Invalid where somebody would mark a thing so high that they could not see it themselves (B9)."""
    if not may_see(person, marking):
        raise Invalid(f"You are not cleared for {marking.value}: ask the programme office", field="marking", rule="B9")


def of_papers(session: Session, review: Review) -> Marking:
    """What the report and every other paper of a review bears: once published the lowest, which both keys decided.

    Before, the highest of the review's own and of the evidence that its reviewers ticked, so that a paper inherits
    what it quotes. What was quoted when somebody last set the marking counts as considered then (B9).
    """
    if review.published_on is not None:
        return profile().lowest
    known = considered(session, review)
    return highest([review.marking, *(one for number, one in quoted(session, review).items() if number not in known)])


def quoted(session: Session, review: Review) -> dict[int, Marking]:
    """The markings of the evidence that the panel ticked or named, by number; none while sheets are sealed."""
    if sealed(session, review):
        return {}
    marks = session.exec(select(Mark.evidence).join(Sheet).join(Seat).where(Seat.review_id == review.key)).all()
    named = session.exec(
        select(NewEvidence.evidence_id).join(AgreedLevel).where(AgreedLevel.review_id == review.key)
    ).all()  # fmt: skip
    numbers = {*named, *(number for one in marks for number in one)}
    rows = session.exec(select(Evidence).where(Evidence.review_id == review.key, col(Evidence.id).in_(numbers))).all()
    return {one.key: one.marking for one in rows}


def considered(session: Session, review: Review) -> set[int]:
    """The evidence that was quoted when the review's marking was last set."""
    line = session.exec(
        select(JournalLine)
        .where(
            JournalLine.record_kind == "review", JournalLine.record_id == review.key, JournalLine.act == "set_marking"
        )
        .order_by(col(JournalLine.seq).desc())
    ).first()  # fmt: skip
    return set(line.data.get("evidence", [])) if line else set()
