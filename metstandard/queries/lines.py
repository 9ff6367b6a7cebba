"""One criterion of one review from end to end: own level, evidence, marks, agreed level, report, finding, effect.

Everybody who takes part may follow it, each as far as the rules let them (interface.md 22, SCO-3). What is not there
yet, or not theirs, is said in words: what comes, and by when. A fixed number of queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from metstandard.queries import consensus
from metstandard.queries.awaited import reach_of, waits
from metstandard.queries.timeline import View
from metstandard.records.accounts import Person
from metstandard.records.evidence import Evidence, EvidenceLink, SelfMark
from metstandard.records.followup import Action, Progress
from metstandard.records.journal import JournalLine, JournalNote
from metstandard.records.reviews import Review
from metstandard.records.sheets import AgreedLevel, Finding, Paragraph, Point
from metstandard.rubric.definition import Criterion, Domain
from metstandard.rubric.shapes import Grade
from metstandard.rules import markings
from metstandard.rules.editions import rubric_of


@dataclass(frozen=True)
class Item:
    """A piece of evidence and the place in it that speaks to the criterion."""

    evidence: Evidence
    place: str


@dataclass(frozen=True)
class Said:
    """A paragraph of the report that speaks of the criterion, with the unit's points on it."""

    paragraph: Paragraph
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Event:
    """What happened to an action, with the words that were given for it."""

    at: datetime
    note: str
    data: Mapping[str, object]


@dataclass(frozen=True)
class Followed:
    """A finding, and what came of its recommendation: the action, reports on it, its proof, its effect."""

    finding: Finding
    action: Action | None
    reports: tuple[tuple[Progress, str], ...]
    events: Mapping[str, Event]


@dataclass(frozen=True)
class Line:
    """The whole line. A step that is empty has a sentence in `waits`, by the step's name."""

    criterion: Criterion
    domain: Domain
    previous: str
    next: str
    set_aside: str
    own: SelfMark | None
    evidence: tuple[Item, ...]
    marks: tuple[consensus.SeatMark, ...]
    apart: int
    agreed: AgreedLevel | None
    discussion: str
    new_evidence: str
    thin: str
    said: tuple[Said, ...]
    findings: tuple[Followed, ...]
    waits: Mapping[str, str]

    @property
    def acted_on(self) -> tuple[Followed, ...]:
        """The findings of which an action was made."""
        return tuple(one for one in self.findings if one.action is not None)


def line(session: Session, review: Review, code: str, view: View, *, reader: Person) -> Line | None:
    """The line of one criterion as a view may follow it; None for a code that the rubric has not.

    Nobody reads a mark here, not even their own, before the last sheet is locked (SCO-3). The unit never reads the
    marks of single reviewers nor what the panel said of them, and levels and findings once it was told its result.
    """
    rubric = rubric_of(session, review)
    if code not in rubric.criteria:
        return None
    codes = list(rubric.criteria)
    at = codes.index(code)
    reach = reach_of(session, review, view)
    judged = consensus.lines(session, review).get(code)
    row = judged.row if judged and judged.row and judged.row.level and reach.levels else None
    return Line(
        criterion=rubric.criteria[code],
        domain=rubric.domain_of(code),
        previous=codes[at - 1] if at else "",
        next=codes[at + 1] if at + 1 < len(codes) else "",
        set_aside=str(review.not_applicable.get(code, "")),
        own=_own(session, review, code) if reach.own else None,
        evidence=_evidence(session, review, code, view, reader) if reach.own else (),
        marks=judged.marks if judged and reach.marks else (),
        apart=judged.spread if judged and reach.marks else 0,
        agreed=row,
        discussion=row.discussion if row and reach.marks else "",
        new_evidence=row.new_evidence if row and reach.marks else "",
        thin=judged.thin if judged and row and reach.marks else "",
        said=_said(session, review, code, rubric.domain_of(code).code) if reach.report else (),
        findings=_findings(session, review, code, reader) if reach.findings else (),
        waits=waits(session, review, reach, view),
    )


def _own(session: Session, review: Review, code: str) -> SelfMark | None:
    query = select(SelfMark).where(SelfMark.review_id == review.key, SelfMark.criterion == code)
    return session.exec(query).first()


def _evidence(session: Session, review: Review, code: str, view: View, reader: Person) -> tuple[Item, ...]:
    """The items linked to the criterion that the reader is cleared for, oldest first (B9); a unit's as B5 says."""
    query = (
        select(Evidence, EvidenceLink.place)
        .join(EvidenceLink, col(EvidenceLink.evidence_id) == Evidence.id)
        .where(Evidence.review_id == review.key, EvidenceLink.criterion == code, col(Evidence.removed_at).is_(None))
        .order_by(col(Evidence.id))
    )
    if view is View.UNIT:
        query = query.where(col(Evidence.from_panel).is_(False) | col(Evidence.unit_may_see).is_(True))
    return tuple(Item(one, place) for one, place in session.exec(markings.cleared(query, reader)).all())


def _said(session: Session, review: Review, code: str, domain: str) -> tuple[Said, ...]:
    """The criterion's own paragraphs; those of its domain as a whole where it has none."""
    rows = session.exec(
        select(Paragraph)
        .where(Paragraph.review_id == review.key, Paragraph.section == domain)
        .order_by(col(Paragraph.number))
    ).all()
    wanted = [one for one in rows if one.criterion == code] or [one for one in rows if not one.criterion]
    points = session.exec(select(Point).where(Point.review_id == review.key).order_by(col(Point.id))).all()
    return tuple(Said(one, tuple(each for each in points if each.paragraph_id == one.key)) for one in wanted)


def _findings(session: Session, review: Review, code: str, reader: Person) -> tuple[Followed, ...]:
    rows = session.exec(
        select(Finding, Action)
        .join(Action, col(Action.finding_id) == Finding.id, isouter=True)
        .where(Finding.review_id == review.key, Finding.criterion == code, col(Finding.removed_at).is_(None))
        .order_by(col(Finding.id))
    ).all()
    numbers = [action.key for _, action in rows if action is not None]
    reports, events = _reports(session, numbers, reader), _events(session, numbers)
    order = list(Grade)
    found = [
        Followed(
            finding, action, tuple(reports.get(action.key, ())) if action else (),
            events.get(action.key, {}) if action else {},
        )
        for finding, action in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: order.index(one.finding.grade)))


def _reports(session: Session, actions: Sequence[int], reader: Person) -> dict[int, list[tuple[Progress, str]]]:
    """What was reported on actions, oldest first, with the title of its evidence for whoever is cleared for it."""
    rows = session.exec(
        select(Progress, Evidence.title)
        .join(
            Evidence,
            (col(Evidence.id) == Progress.evidence_id) & col(Evidence.marking).in_(markings.seen_by(reader)),
            isouter=True,
        )
        .where(col(Progress.action_id).in_(actions))
        .order_by(col(Progress.id))
    ).all()
    found: dict[int, list[tuple[Progress, str]]] = {}
    for one, title in rows:
        found.setdefault(one.action_id, []).append((one, title or ""))
    return found


def _events(session: Session, actions: Sequence[int]) -> dict[int, dict[str, Event]]:
    """The last of each act on actions, by action and act."""
    rows = session.exec(
        select(JournalLine, JournalNote.text)
        .join(JournalNote, col(JournalNote.line_id) == JournalLine.id, isouter=True)
        .where(JournalLine.record_kind == "action", col(JournalLine.record_id).in_(actions))
        .order_by(col(JournalLine.seq))
    ).all()
    found: dict[int, dict[str, Event]] = {}
    for one, note in rows:
        found.setdefault(one.record_id, {})[one.act] = Event(one.at, note or "", one.data)
    return found
