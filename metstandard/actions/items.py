"""One item of evidence: what must be said of it, the places in it, its marking; changing it, and taking it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from metstandard.actions import interviews, moving
from metstandard.actions.interviews import Talk
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, Stale
from metstandard.queries import evidence as reads
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType, Maker, MarkingChange
from metstandard.records.reviews import Review
from metstandard.rules import markings
from metstandard.rules.editions import rubric_of

# Kinds whose source lies outside both the unit and the panel (rules.md B5: level 4 needs one).
EXTERNAL = frozenset({
    EvidenceType.PARTNER_TESTIMONY, EvidenceType.COMMUNITY_FEEDBACK, EvidenceType.SURVEY,
    EvidenceType.EARLIER_INSPECTION,
})  # fmt: skip
LONGEST_PLACE = 100


@dataclass(frozen=True)
class Details:
    """What is said of one item, but for its file and its criteria."""

    kind: EvidenceType
    title: str
    maker: Maker
    marking: Marking
    source: str = ""
    author: str = ""
    dated_on: date | None = None
    period: str = ""
    note: str = ""
    outcome_years: int = 0
    unit_may_see: bool = True
    talk: Talk | None = None

    def texts(self) -> dict[str, str]:
        """What others read, by field."""
        return {
            "title": self.title.strip(), "source": self.source.strip(), "author": self.author.strip(),
            "period": self.period.strip(), "note": self.note.strip(),
        }  # fmt: skip


def check(session: Session, review: Review, details: Details, places: Mapping[str, str], *, by: Person) -> None:
    """Refuse an item that says too little, or too much of whoever was talked to. Raises Invalid naming the field."""
    if not details.title.strip():
        raise Invalid("Give the evidence a title", field="title")
    if details.outcome_years < 0:
        raise Invalid("Years of outcome data cannot be negative", field="outcome_years")
    known = rubric_of(session, review).criteria
    if not places or any(one not in known for one in places):
        raise Invalid("Choose at least one criterion that the evidence speaks to", field="criteria")
    if any(len(place) > LONGEST_PLACE for place in places.values()):
        raise Invalid(f"Write at most {LONGEST_PLACE} characters for a page or paragraph", field="criteria")
    markings.check(by, details.marking)
    if details.talk is not None:
        interviews.check(session, review, details.talk, details.texts() | {"criteria": " ".join(places.values())})


def fill(item: Evidence, details: Details) -> None:
    """Write what is said of an item onto its row."""
    for name, text in details.texts().items():
        setattr(item, name, text)
    item.kind, item.marking = details.kind, details.marking
    item.dated_on, item.outcome_years, item.unit_may_see = (
        details.dated_on, details.outcome_years, details.unit_may_see,
    )  # fmt: skip
    item.by_unit = details.maker is Maker.UNIT
    item.external = details.maker is Maker.OUTSIDE or details.kind in EXTERNAL


def link(session: Session, item: Evidence, places: Mapping[str, str]) -> None:
    """Make the links of an item exactly these: the criterion, and the page or paragraph that speaks to it."""
    rows = session.exec(select(EvidenceLink).where(EvidenceLink.evidence_id == item.key)).all()
    there = {one.criterion: one for one in rows}
    for code in there.keys() - places.keys():
        session.delete(there[code])
    for code, place in places.items():
        row = there.get(code) or EvidenceLink(evidence_id=item.key, criterion=code)
        row.place = place.strip()
        session.add(row)
    session.flush()


def change_evidence(
    session: Session, review: Review, item: Evidence, *, by: Person, revision: int, details: Details,
    places: Mapping[str, str], reason: str = "",
) -> None:  # fmt: skip
    """Change what is said of an item, as somebody who may; its file stays. Another marking is kept with its reason.

    Raises NotFound for whoever may not, Stale with both versions, Invalid naming the field; a lower marking without a
    reason is refused (B9).
    """
    turn = moving.allow(session, review, "add_evidence", by=by)
    session.refresh(item, with_for_update=True)
    if item.removed_at is not None or not reads.may_change(session, review, item, by, panel=turn.part == "reviewer"):
        raise NotFound("No such evidence of yours")
    check(session, review, details, places, by=by)
    if item.revision != revision:
        _stale(session, item, details, places)
        return
    _mark(session, item, details.marking, by=by, reason=reason.strip())
    fill(item, details)
    item.revision += 1
    session.add(item)
    link(session, item, places)
    interviews.keep(session, item, details.talk, by=by)


def _mark(session: Session, item: Evidence, marking: Marking, *, by: Person, reason: str) -> None:
    if marking is item.marking:
        return
    if markings.lowers(item.marking, marking) and not reason:
        raise Invalid("Say why the marking may be lowered", field="reason", rule="B9")
    session.add(
        MarkingChange(
            evidence_id=item.key, before=item.marking, after=marking, reason=reason, changed_by_id=by.key,
            changed_at=clock.now(),
        )
    )  # fmt: skip


def _stale(session: Session, item: Evidence, details: Details, places: Mapping[str, str]) -> None:
    """Raise Stale with both versions, unless what is sent is what was saved in the meantime."""
    stands = reads.links_of(session, item)
    mine, theirs = _shown(details), _shown(_details_of(item))
    if mine == theirs and dict(places) == stands and details.dated_on == item.dated_on:
        return
    said = "Somebody else changed this item since you opened it."
    if dict(places) != stands:
        said += f" Its criteria are now {_places(stands)}; yours are {_places(places)}."
    raise Stale(said, mine=mine, theirs=theirs | {"revision": item.revision})


def _details_of(item: Evidence) -> Details:
    return Details(
        item.kind, item.title, item.maker, item.marking, item.source, item.author, item.dated_on, item.period,
        item.note, item.outcome_years, item.unit_may_see,
    )  # fmt: skip


def _shown(details: Details) -> dict[str, Any]:
    """The fields of a form as both versions show them; the names of people who were talked to are never among them."""
    return details.texts() | {
        "kind": details.kind.value, "maker": details.maker.value, "marking": details.marking.value,
        "outcome_years": str(details.outcome_years), "unit_may_see": "y" if details.unit_may_see else "",
    }  # fmt: skip


def _places(links: Mapping[str, str]) -> str:
    return ", ".join(f"{code} ({place})" if place else code for code, place in links.items())
