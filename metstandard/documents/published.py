"""From records to the report: everything that the panel, the unit, moderation and both keys put into it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.money import pounds
from metstandard.documents import proceedings
from metstandard.documents import report as paper
from metstandard.documents.identity import Identity, PaperKind
from metstandard.documents.issued import keys_of, role_of
from metstandard.documents.paper import DocumentBlock
from metstandard.queries.reporting import title_of
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.records.certificates import Certificate
from metstandard.records.evidence import SelfMark
from metstandard.records.followup import Action
from metstandard.records.journal import JournalLine, last_line
from metstandard.records.reviews import Review
from metstandard.records.sheets import DecisionArithmetic, Finding, Paragraph
from metstandard.records.units import Unit
from metstandard.rubric.arithmetic import shown
from metstandard.rubric.award import Result
from metstandard.rubric.clauses import DomainsRule, OverallRule
from metstandard.rubric.definition import Rubric
from metstandard.rubric.shapes import Grade, Outcome
from metstandard.rules import award, markings
from metstandard.rules.dates import action_due
from metstandard.rules.editions import rubric_of

_COMMANDERS_ACTS = ("write_statement", "submit_self_assessment", "agree_scope")
LEADERSHIP = "D1"
PERFORMANCE = "D2"
_NO_LEVEL = {"NA": "Not applicable", "NE": "Not enough evidence"}
_NONE = "–"


def report_paper(session: Session, review: Review) -> paper.ReportPaper:
    """The report of a decided review. Raises ValueError before the decision."""
    if review.outcome is None or review.decided_on is None:
        raise ValueError(f"{review.reference} has not been decided")
    unit = session.get_one(Unit, review.unit_id)
    rubric = rubric_of(session, review)
    result = award.result(session, review)
    paragraphs = _paragraphs(session, review)
    commander = _commander(session, review)
    limit = _limit(rubric)
    return paper.ReportPaper(
        reference=review.reference,
        block=_block(review, unit, rubric, markings.of_papers(session, review)),
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
        threshold=_every_domain(rubric),
        rules=tuple(paper.AwardRule(one.id, one.title, one.met, one.arithmetic) for one in result.rules),
        sections=_sections(rubric, paragraphs),
        domains=_domains(session, review, rubric, result, paragraphs),
        findings=_findings(session, review),
        recommendations=_recommendations(session, review),
        accuracy=proceedings.accuracy(session, review, {one.key: one for one in paragraphs}),
        statement=review.statement,
        moderated=proceedings.moderated(session, review),
        waivers=proceedings.waivers(session, review),
        dissent=proceedings.dissent(session, review),
        effort=proceedings.effort(session, review),
        panel=proceedings.panel(session, review),
        journal_head=_head(session, review),
    )


def identity(review: Review) -> Identity | None:
    """What the signature of a published report names; None before publication, when nothing is signed."""
    if review.published_on is None:
        return None
    return Identity(PaperKind.REPORT, review.reference, f"version {_edition(review)[0]}")


def _limit(rubric: Rubric) -> Fraction | None:
    rules = rubric.award.asked if rubric.award else ()
    return next((rule.at_least for rule in rules if isinstance(rule, OverallRule)), None)


def _every_domain(rubric: Rubric) -> Fraction:
    """What each domain must reach; nothing where the rubric does not ask."""
    rules = rubric.award.asked if rubric.award else ()
    return next((rule.at_least for rule in rules if isinstance(rule, DomainsRule)), Fraction(0))


def _edition(review: Review) -> tuple[str, date]:
    """Version and date of the report: before publication, as published, and with the unit's plan."""
    if review.published_on is None:
        return "before publication", review.decided_on or clock.today()
    if review.plan_submitted_on is None:
        return "1.0", review.published_on
    return "1.1", review.plan_submitted_on


def _block(review: Review, unit: Unit, rubric: Rubric, marking: Marking) -> DocumentBlock:
    version, issued = _edition(review)
    plan = " With the unit's action plan." if review.plan_submitted_on is not None else ""
    return DocumentBlock(
        marking=marking.value,
        published=review.published_on is not None,
        title=f"Review of {unit.title}",
        version=version,
        summary=f"Peer review against {rubric.title}: {outcome_title(rubric, review.outcome)}.{plan}",
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
            paper.Key(party, role_of(party, one.part), person.name, clock.local_date(one.signed_at))
            for party, one, person in keys_of(session, review)
        ),
        exception=review.exception_reason,
        certificate=certificate.title if certificate else "",
    )


def _measure(rubric: Rubric, result: Result, code: str) -> paper.Measure:
    """A domain reported apart: performance and leadership are what the programme was announced to assess."""
    if code not in rubric.domains:
        return paper.Measure("", "")
    value = result.domains[code]
    return paper.Measure(rubric.domains[code].title, shown(value) if value is not None else _NONE)


def _paragraphs(session: Session, review: Review) -> list[Paragraph]:
    query = select(Paragraph).where(Paragraph.review_id == review.key).order_by(col(Paragraph.number))
    return list(session.exec(query).all())


def _as_paper(one: Paragraph) -> paper.Paragraph:
    return paper.Paragraph(one.number, one.text)


def _sections(rubric: Rubric, paragraphs: list[Paragraph]) -> tuple[paper.Section, ...]:
    """The narrative that belongs to no domain, by section, in its order."""
    grouped: dict[str, list[paper.Paragraph]] = {}
    for one in paragraphs:
        if not one.criterion and one.section not in rubric.domains:
            grouped.setdefault(one.section, []).append(_as_paper(one))
    return tuple(paper.Section(title_of(rubric, section), tuple(said)) for section, said in grouped.items())


def _domains(
    session: Session, review: Review, rubric: Rubric, result: Result, paragraphs: list[Paragraph]
) -> tuple[paper.DomainResult, ...]:
    marks = session.exec(select(SelfMark).where(SelfMark.review_id == review.key)).all()
    own = {one.criterion: one.level for one in marks}
    final = award.final_levels(session, review)
    found = []
    for code, domain in rubric.domains.items():
        value = result.domains[code]
        criteria = tuple(
            paper.CriterionResult(
                code=each, title=criterion.title, gateway=criterion.gateway, level=str(final[each]),
                level_name=_level_name(rubric, str(final[each])),
                self_level=own.get(each, ""),
                paragraphs=tuple(_as_paper(one) for one in paragraphs if one.criterion == each),
            )
            for each, criterion in domain.criteria.items()
        )  # fmt: skip
        found.append(
            paper.DomainResult(
                code,
                domain.title,
                value,
                shown(value) if value is not None else _NONE,
                criteria,
                tuple(_as_paper(one) for one in paragraphs if one.section == code and not one.criterion),
            )
        )
    return tuple(found)


def _level_name(rubric: Rubric, level: str) -> str:
    return rubric.levels[level].name if level in rubric.levels else _NO_LEVEL.get(level, "")


def _findings(session: Session, review: Review) -> tuple[paper.Finding, ...]:
    order = list(Grade)
    rows = session.exec(
        select(Finding)
        .where(Finding.review_id == review.key, col(Finding.removed_at).is_(None))
        .order_by(col(Finding.id))
    ).all()
    ordered = sorted(rows, key=lambda one: (order.index(one.grade), one.key))
    _, issued = _edition(review)
    return tuple(
        paper.Finding(
            one.grade, one.criterion, one.text,
            one.closed_on if one.closed_on is not None and one.closed_on <= issued else None,
        )
        for one in ordered
    )  # fmt: skip


def _recommendations(session: Session, review: Review) -> tuple[paper.Recommendation, ...]:
    """What is asked for. Owner and cost are the unit's plan, and stand here once it is submitted."""
    planned = review.plan_submitted_on is not None
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
            owner=person.name if person and planned else "The commander",
            due_on=action_due(session, review, finding.grade) if action else None,
            capital=pounds(action.capital) if action and planned else "",
            revenue=pounds(action.revenue) if action and planned else "",
        )
        for number, (finding, action, person) in enumerate(rows, start=1)
    )  # fmt: skip


def _commander(session: Session, review: Review) -> str:
    """Who commanded the unit while it was reviewed, as the certificate or the journal has it."""
    certificate = session.exec(select(Certificate).where(Certificate.review_id == review.key)).first()
    if certificate is not None:
        return certificate.commander_name
    line = _line(session, review, *_COMMANDERS_ACTS)
    return session.get_one(Person, line.person_id).name if line is not None and line.person_id is not None else ""


def _line(session: Session, review: Review, *acts: str) -> JournalLine | None:
    """The newest line of the review's journal that is one of these acts."""
    return session.exec(
        select(JournalLine)
        .where(JournalLine.record_kind == "review", JournalLine.record_id == review.key, col(JournalLine.act).in_(acts))
        .order_by(col(JournalLine.seq).desc())
    ).first()


def _head(session: Session, review: Review) -> str:
    """The journal's head as of the edition of the report: with the plan, at publication, or now."""
    line = _line(session, review, "submit_action_plan") or _line(session, review, "publish")
    line = line or last_line(session, "review", review.key)
    return line.hash if line is not None else ""
