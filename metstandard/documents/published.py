"""From records to the report: everything that the panel, the unit, moderation and both keys put into it."""

from __future__ import annotations

from fractions import Fraction

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.money import pounds
from metstandard.documents import report as paper
from metstandard.documents.issued import signatories
from metstandard.documents.paper import DocumentBlock
from metstandard.records.accounts import Person
from metstandard.records.bodies import Employer, ReviewerProfile
from metstandard.records.certificates import Certificate
from metstandard.records.evidence import Activity, SelfMark
from metstandard.records.followup import Action
from metstandard.records.journal import last_line
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus, Waiver
from metstandard.records.sheets import AgreedLevel, Answer, DecisionArithmetic, Finding, Paragraph, Point
from metstandard.records.units import Unit
from metstandard.rubric.arithmetic import shown
from metstandard.rubric.award import Result
from metstandard.rubric.clauses import OverallRule
from metstandard.rubric.definition import Rubric
from metstandard.rubric.shapes import Grade, Outcome
from metstandard.rules import award
from metstandard.rules.conflicts import waived_by_both
from metstandard.rules.editions import rubric_of
from metstandard.rules.signatures import decided_by

LEADERSHIP = "D1"
PERFORMANCE = "D2"


def report_paper(session: Session, review: Review) -> paper.ReportPaper:
    """The report of a decided review. Raises ValueError before the decision."""
    if review.outcome is None or review.decided_on is None:
        raise ValueError(f"{review.reference} has not been decided")
    unit = session.get_one(Unit, review.unit_id)
    rubric = rubric_of(session, review)
    result = award.result(session, review)
    paragraphs = _paragraphs(session, review)
    head = last_line(session, "review", review.key)
    commander = _commander(session, review)
    limit = _limit(rubric)
    return paper.ReportPaper(
        reference=review.reference,
        block=_block(review, unit, rubric),
        unit_name=unit.title,
        unit_code=unit.code,
        commander=commander,
        scope=review.scope,
        focus_areas=tuple(review.focus_areas),
        rubric=f"{rubric.title}, edition {rubric.edition}",
        visit_from=review.starts_on,
        visit_to=review.visit_ended_on or review.ends_on,
        decision=_decision(session, review, rubric, result),
        overall=paper.Measure("Overall", result.shown, f"at least {shown(limit)}" if limit is not None else ""),
        leadership=_measure(rubric, result, LEADERSHIP),
        performance=_measure(rubric, result, PERFORMANCE),
        threshold=limit if limit is not None else result.overall,
        rules=tuple(paper.AwardRule(one.id, one.title, one.met, one.arithmetic) for one in result.rules),
        sections=(paper.Section("Summary", tuple(_as_paper(one) for one in paragraphs if not one.criterion)),),
        domains=_domains(session, review, rubric, result, paragraphs),
        findings=_findings(session, review),
        recommendations=_recommendations(session, review),
        accuracy=_accuracy(session, review, {one.key: one for one in paragraphs}),
        statement=review.statement,
        moderated=_moderated(session, review),
        waivers=_waivers(session, review),
        dissent=_dissent(session, review),
        effort=_effort(session, review),
        panel=_panel(session, review),
        journal_head=head.hash if head else "",
    )


def _limit(rubric: Rubric) -> Fraction | None:
    rules = rubric.award.asked if rubric.award else ()
    return next((rule.at_least for rule in rules if isinstance(rule, OverallRule)), None)


def _block(review: Review, unit: Unit, rubric: Rubric) -> DocumentBlock:
    issued = review.published_on or review.decided_on or clock.today()
    return DocumentBlock(
        marking=review.marking.value if review.published_on is None else "OFFICIAL",
        published=review.published_on is not None,
        title=f"Review of {unit.title}",
        version="1.0" if review.published_on else "draft",
        summary=f"Peer review against {rubric.title}: {outcome_title(rubric, review.outcome)}.",
        unit=unit.title,
        author="The review panel, for the Authority and the Commissioner",
        review_date=review.starts_on,
        issued_on=issued,
    )


def outcome_title(rubric: Rubric, outcome: Outcome | None) -> str:
    """What an outcome is called."""
    meaning = rubric.award.outcomes.get(outcome) if rubric.award and outcome else None
    return meaning.title if meaning else ""


def _decision(session: Session, review: Review, rubric: Rubric, result: Result) -> paper.Decision:
    meaning = rubric.award.outcomes.get(review.outcome) if rubric.award and review.outcome else None
    signed = {one.person_id: one for one in decided_by(session, review)}
    people = {session.get_one(Person, number).name: one for number, one in signed.items()}
    kept = session.exec(select(DecisionArithmetic).where(DecisionArithmetic.review_id == review.key)).first()
    by_rule = (kept.result.get("outcome") if kept else None) or (result.outcome.value if result.outcome else "")
    certificate = session.exec(select(Certificate).where(Certificate.review_id == review.key)).first()
    decided = review.decided_on or clock.today()
    return paper.Decision(
        outcome=outcome_title(rubric, review.outcome),
        meaning=meaning.public if meaning else "",
        by_rule=outcome_title(rubric, Outcome(by_rule)) if by_rule else "",
        decided_on=decided,
        keys=tuple(
            paper.Key(one.party, one.role, one.name, clock.local_date(people[one.name].signed_at))
            for one in signatories(session, review)
        ),
        exception=review.exception_reason,
        certificate=certificate.title if certificate else "",
    )


def _measure(rubric: Rubric, result: Result, code: str) -> paper.Measure:
    """A domain reported apart: performance and leadership are what the programme was announced to assess."""
    if code not in rubric.domains:
        return paper.Measure("", "")
    value = result.domains[code]
    return paper.Measure(rubric.domains[code].title, shown(value) if value is not None else "–")


def _paragraphs(session: Session, review: Review) -> list[Paragraph]:
    query = select(Paragraph).where(Paragraph.review_id == review.key).order_by(col(Paragraph.number))
    return list(session.exec(query).all())


def _as_paper(one: Paragraph) -> paper.Paragraph:
    return paper.Paragraph(one.number, one.text)


def _domains(
    session: Session, review: Review, rubric: Rubric, result: Result, paragraphs: list[Paragraph]
) -> tuple[paper.DomainResult, ...]:
    own = {one.criterion: one.level for one in session.exec(select(SelfMark).where(SelfMark.review_id == review.key)).all()}
    final = award.final_levels(session, review)
    found = []
    for code, domain in rubric.domains.items():
        value = result.domains[code]
        criteria = tuple(
            paper.CriterionResult(
                code=each, title=criterion.title, gateway=criterion.gateway, level=str(final[each]),
                level_name=rubric.levels[str(final[each])].name if str(final[each]) in rubric.levels else "Not applicable",
                self_level=own.get(each, ""),
                paragraphs=tuple(_as_paper(one) for one in paragraphs if one.criterion == each),
            )
            for each, criterion in domain.criteria.items()
        )  # fmt: skip
        found.append(
            paper.DomainResult(code, domain.title, value, shown(value) if value is not None else "–", criteria)
        )
    return tuple(found)


def _findings(session: Session, review: Review) -> tuple[paper.Finding, ...]:
    order = list(Grade)
    rows = session.exec(
        select(Finding).where(Finding.review_id == review.key, col(Finding.removed_at).is_(None)).order_by(col(Finding.id))
    ).all()
    ordered = sorted(rows, key=lambda one: (order.index(one.grade), one.key))
    return tuple(paper.Finding(one.grade, one.criterion, one.text, one.closed_on) for one in ordered)


def _recommendations(session: Session, review: Review) -> tuple[paper.Recommendation, ...]:
    rows = session.exec(
        select(Finding, Action, Person)
        .join(Action, col(Action.finding_id) == Finding.id, isouter=True)
        .join(Person, col(Person.id) == Action.owner_id, isouter=True)
        .where(Finding.review_id == review.key, col(Finding.removed_at).is_(None), Finding.recommendation != "")
        .order_by(col(Finding.id))
    ).all()
    return tuple(
        paper.Recommendation(
            number=number, grade=finding.grade, criterion=finding.criterion, text=finding.recommendation,
            owner=person.name if person else "The commander", due_on=action.due_on if action else None,
            capital=pounds(action.capital) if action else "", revenue=pounds(action.revenue) if action else "",
        )
        for number, (finding, action, person) in enumerate(rows, start=1)
    )  # fmt: skip


def _accuracy(session: Session, review: Review, paragraphs: dict[int, Paragraph]) -> paper.Accuracy:
    rows = session.exec(select(Point).where(Point.review_id == review.key).order_by(col(Point.id))).all()
    opened = review.draft_sent_on or review.starts_on
    return paper.Accuracy(
        opened_on=opened,
        closed_on=review.accuracy_closed_on or opened,
        points=tuple(
            paper.AccuracyPoint(
                paragraph=paragraphs[one.paragraph_id].number, before=one.before, proposed=one.proposed,
                after=paragraphs[one.paragraph_id].text, accepted=one.answer is Answer.ACCEPTED, reason=one.reason,
                raised_on=clock.local_date(one.raised_at),
                answered_on=clock.local_date(one.answered_at) if one.answered_at else clock.local_date(one.raised_at),
            )
            for one in rows
        ),
    )  # fmt: skip


def _levels(session: Session, review: Review) -> list[AgreedLevel]:
    query = select(AgreedLevel).where(AgreedLevel.review_id == review.key).order_by(col(AgreedLevel.id))
    return list(session.exec(query).all())


def _moderated(session: Session, review: Review) -> tuple[paper.ModeratedLevel, ...]:
    return tuple(
        paper.ModeratedLevel(one.criterion, one.level, one.moderated, one.moderation_reason)
        for one in _levels(session, review)
        if one.moderated
    )


def _dissent(session: Session, review: Review) -> tuple[paper.Dissent, ...]:
    seats = {one.person_id: one.kind.replace("_", " ") for one in _seats(session, review)}
    return tuple(
        paper.Dissent(one.criterion, seats.get(one.dissent_by_id or 0, "a reviewer"), one.dissent)
        for one in _levels(session, review)
        if one.dissent
    )


def _waivers(session: Session, review: Review) -> tuple[paper.Waiver, ...]:
    rows = session.exec(select(Waiver).where(Waiver.review_id == review.key).order_by(col(Waiver.id))).all()
    seats = {one.person_id: one.kind.replace("_", " ") for one in _seats(session, review)}
    return tuple(
        paper.Waiver(one.rule, seats.get(one.person_id, "a reviewer"), one.reason, clock.local_date(one.asked_at))
        for one in rows
        if waived_by_both(session, review, one)
    )


def _effort(session: Session, review: Review) -> paper.Effort:
    rows = session.exec(select(Activity).where(Activity.review_id == review.key)).all()
    minutes = sum(one.minutes for one in rows)
    tenths = (minutes + 3) // 6
    return paper.Effort(sum(one.people for one in rows), len(rows), f"{tenths // 10}.{tenths % 10}")


def _seats(session: Session, review: Review) -> list[Seat]:
    query = select(Seat).where(Seat.review_id == review.key, Seat.status == SeatStatus.ACCEPTED)
    return list(session.exec(query.order_by(col(Seat.lead).desc(), col(Seat.id))).all())


def _panel(session: Session, review: Review) -> tuple[paper.Member, ...]:
    found = []
    for seat in _seats(session, review):
        person = session.get_one(Person, seat.person_id)
        profile = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).first()
        employer = session.get(Employer, profile.employer_id) if profile and profile.employer_id else None
        unit = session.get(Unit, profile.unit_id) if profile and profile.unit_id else None
        organisation = employer.name if employer else unit.title if unit else ""
        found.append(paper.Member(person.name, seat.kind.replace("_", " "), organisation, seat.lead))
    return tuple(found)


def _commander(session: Session, review: Review) -> str:
    certificate = session.exec(select(Certificate).where(Certificate.review_id == review.key)).first()
    if certificate is not None:
        return certificate.commander_name
    action = session.exec(select(Action).where(Action.review_id == review.key)).first()
    return session.get_one(Person, action.owner_id).name if action else ""


