"""The report: drafted from what is there, edited by paragraph with its history, sent to the unit."""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.common.errors import NotFound, Stale
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.sheets import Finding, Paragraph, ParagraphVersion
from metstandard.rubric.shapes import Grade
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.scoring import agreed, marks_by_criterion

SUMMARY = "summary"


def draft(session: Session, review: Review, *, by: Person) -> list[Paragraph]:
    """Write the first draft from levels, rationales, strengths and findings; existing paragraphs keep their text."""
    number = 0
    made = []
    for section, criterion, text in _drafted(session, review):
        number += 1
        found = session.exec(
            select(Paragraph).where(Paragraph.review_id == review.key, Paragraph.number == number)
        ).first()
        if found is None:
            found = Paragraph(review_id=review.key, number=number, section=section, criterion=criterion)
        elif found.text == text or found.revision > 1:
            continue
        _write(session, found, text, by=by)
        made.append(found)
    return made


def _drafted(session: Session, review: Review) -> list[tuple[str, str, str]]:
    rubric = rubric_of(session, review)
    levels = agreed(session, review)
    marks = marks_by_criterion(session, review)
    rows = [(SUMMARY, "", _summary(session, review))]
    for domain in rubric.domains.values():
        for code, criterion in domain.criteria.items():
            if code in review.not_applicable or code not in levels:
                continue
            level = levels[code].moderated or levels[code].level
            said = " ".join(dict.fromkeys(one.strengths for one in marks.get(code, []) if one.strengths))
            wanting = " ".join(dict.fromkeys(one.improvements for one in marks.get(code, []) if one.improvements))
            name = rubric.levels[level].name if level in rubric.levels else level
            text = f"{criterion.title}: level {level} ({name}). {levels[code].rationale} {said} {wanting}"
            rows.append((domain.code, code, " ".join(text.split())))
    return rows


def _summary(session: Session, review: Review) -> str:
    findings = session.exec(
        select(Finding).where(Finding.review_id == review.key, col(Finding.removed_at).is_(None))
    ).all()
    counts = [f"{sum(one.grade is grade for one in findings)} {grade.value}" for grade in Grade]
    return f"The panel visited the unit from {review.starts_on:%-d %B %Y}. Its findings: {', '.join(counts)}."


def _write(session: Session, paragraph: Paragraph, text: str, *, by: Person) -> None:
    paragraph.text = text
    paragraph.revision += 1
    session.add(paragraph)
    session.flush()
    session.add(
        ParagraphVersion(
            paragraph_id=paragraph.key, revision=paragraph.revision, text=text, changed_by_id=by.key,
            changed_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


def edit_paragraph(
    session: Session, review: Review, paragraph: Paragraph, *, by: Person, text: str, revision: int
) -> Paragraph:
    """Rewrite one paragraph; how it read before is kept. Raises Stale with both versions."""
    moving.allow(session, review, "edit_paragraph", by=by)
    if paragraph.review_id != review.key:
        raise NotFound("No such paragraph in this report")
    session.refresh(paragraph, with_for_update=True)
    text = text.strip()
    if paragraph.text == text:
        return paragraph
    if paragraph.revision != revision:
        raise Stale(
            "Somebody else changed this paragraph since you opened it", mine={"text": text},
            theirs={"text": paragraph.text, "revision": paragraph.revision},
        )  # fmt: skip
    _write(session, paragraph, text, by=by)
    return paragraph


def replace_text(session: Session, paragraph: Paragraph, text: str, *, by: Person) -> None:
    """Carry an accepted factual-accuracy point into the report; the caller has begun that act."""
    _write(session, paragraph, text.strip(), by=by)


def send_draft(session: Session, review: Review, *, by: Person) -> None:
    """Send the draft to the unit for factual accuracy; its window opens."""
    turn = moving.begin(session, review, "send_draft", by=by)
    review.draft_sent_on = clock.today()
    review.accuracy_closed_on = None
    turn.finish()
