"""What moderators and key holders look at before they sign: levels with their story, findings, points, signatures."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.reviews import Review, Signature
from metstandard.records.seats import Waiver
from metstandard.records.sheets import Finding, Paragraph, Point
from metstandard.rubric.shapes import Grade
from metstandard.rules import award
from metstandard.rules.conflicts import waived_by_both
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.guards.scoring import agreed, marks_by_criterion
from metstandard.rules.signatures import all_for, counting


@dataclass(frozen=True)
class LevelLine:
    """One criterion: marks of the seats, what the panel agreed, what moderation made of it, what is thin."""

    code: str
    title: str
    domain: str
    gateway: bool
    marks: tuple[str, ...]
    level: str
    moderated: str
    rationale: str
    discussion: str
    dissent: str
    moderation_reason: str
    evidence_gap: str

    @property
    def stands(self) -> str:
        """The level that counts."""
        return self.moderated or self.level

    @property
    def flagged(self) -> bool:
        """Whether moderation must look at it: dissent, a discussion, or evidence that does not carry the level."""
        return bool(self.dissent or self.discussion or self.evidence_gap)


def level_lines(session: Session, review: Review) -> list[LevelLine]:
    """Every criterion of a review in the rubric's order; empty while the sheets are sealed."""
    levels, marks = agreed(session, review), marks_by_criterion(session, review)
    thin = award.evidence_gaps(session, review)
    found = []
    for domain in rubric_of(session, review).domains.values():
        for code, criterion in domain.criteria.items():
            row = levels.get(code)
            set_aside = code in review.not_applicable
            found.append(
                LevelLine(
                    code=code, title=criterion.title, domain=domain.title, gateway=criterion.gateway,
                    marks=tuple(one.level or "none" for one in marks.get(code, [])),
                    level="NA" if set_aside else (row.level if row else ""),
                    moderated=(row.moderated or "") if row else "",
                    rationale=str(review.not_applicable[code]) if set_aside else (row.rationale if row else ""),
                    discussion=row.discussion if row else "", dissent=row.dissent if row else "",
                    moderation_reason=row.moderation_reason if row else "",
                    evidence_gap="" if set_aside else thin.get(code, ""),
                )
            )  # fmt: skip
    return found


def findings_of(session: Session, review: Review) -> list[Finding]:
    """The findings that stand, gravest first."""
    order = list(Grade)
    rows = session.exec(select(Finding).where(Finding.review_id == review.key, col(Finding.removed_at).is_(None))).all()
    return sorted(rows, key=lambda one: (order.index(one.grade), one.criterion, one.key))


def paragraphs_of(session: Session, review: Review) -> list[Paragraph]:
    """The report as it now stands, in order."""
    query = select(Paragraph).where(Paragraph.review_id == review.key).order_by(col(Paragraph.number))
    return list(session.exec(query).all())


def points_of(session: Session, review: Review) -> list[tuple[Point, Paragraph]]:
    """The unit's factual-accuracy points with the paragraph that each is about."""
    rows = session.exec(
        select(Point, Paragraph)
        .join(Paragraph, col(Paragraph.id) == Point.paragraph_id)
        .where(Point.review_id == review.key)
        .order_by(col(Point.id))
    ).all()
    return [(point, paragraph) for point, paragraph in rows]


@dataclass(frozen=True)
class Signed:
    """A signature as a page shows it: by whom, when, and whether it still counts."""

    signature: Signature
    person: Person
    counts: bool


def signatures_of(session: Session, review: Review, purpose: str) -> list[Signed]:
    """Everybody who signed for a purpose, oldest first; those whose content has changed since do not count."""
    valid = {one.key for one in counting(session, review, purpose)}
    return [
        Signed(one, session.get_one(Person, one.person_id), one.key in valid)
        for one in all_for(session, review, purpose)
    ]


def seats_unsigned(session: Session, review: Review) -> list[str]:
    """The seats of the moderation panel that have not signed what now stands."""
    signed = {one.seat for one in counting(session, review, "moderation")}
    return [seat for seat in workflow_of(session, review).moderators if seat not in signed]


def joint_waivers(session: Session, review: Review) -> list[tuple[Waiver, Person]]:
    """The waivers that both keys agreed to, for the report and for whoever decides (COI-12)."""
    rows = session.exec(select(Waiver).where(Waiver.review_id == review.key).order_by(col(Waiver.id))).all()
    return [(one, session.get_one(Person, one.person_id)) for one in rows if waived_by_both(session, review, one)]
