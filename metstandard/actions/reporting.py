"""The report: drafted from what is there, edited by paragraph with its history, sent to the unit."""

from collections import Counter
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotYours, RuleBroken, Stale
from metstandard.queries.checking import checked, concerns, in_the_way, waived
from metstandard.queries.drafting import SUMMARY, drafted, drafted_at
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine
from metstandard.records.reports import CheckWaiver
from metstandard.records.reviews import Deputy, Review
from metstandard.records.sheets import Paragraph, ParagraphVersion

__all__ = ["SUMMARY", "draft", "edit_paragraph", "replace_text", "send_draft"]

LONGEST = 20_000
# Saves of one person that follow each other sooner are one version: autosave would otherwise keep every half sentence.
ONE_SITTING = timedelta(minutes=15)


def draft(session: Session, review: Review, *, by: Person, at: datetime | None = None) -> list[Paragraph]:
    """Write the draft from levels, rationales, strengths and findings; gives the paragraphs that it wrote.

    `at` is the moment of the signature that closed the consensus. After a return to the panel a paragraph that nobody
    edited is drafted afresh; one that somebody did keeps its text.
    """
    moments = drafted_at(session, review)
    there = _there(session, review)
    number = max((one.number for one in there.values()), default=0)
    made, seen = [], Counter[tuple[str, str]]()
    for one in drafted(session, review):
        place = (one.section, one.criterion)
        seen[place] += 1
        found = there.get((*place, seen[place]))
        if found is None:
            number += 1
            found = Paragraph(review_id=review.key, number=number, section=one.section, criterion=one.criterion)
        elif found.text == one.text or not _untouched(session, found, moments):
            continue
        _write(session, found, one.text, by=by, at=at)
        made.append(found)
    return made


def _there(session: Session, review: Review) -> dict[tuple[str, str, int], Paragraph]:
    """The paragraphs by section, criterion and the so-manieth of those."""
    rows = session.exec(
        select(Paragraph).where(Paragraph.review_id == review.key).order_by(col(Paragraph.number))
    ).all()
    found: dict[tuple[str, str, int], Paragraph] = {}
    seen = Counter[tuple[str, str]]()
    for one in rows:
        seen[one.section, one.criterion] += 1
        found[one.section, one.criterion, seen[one.section, one.criterion]] = one
    return found


def _untouched(session: Session, paragraph: Paragraph, moments: set[datetime]) -> bool:
    rows = session.exec(select(ParagraphVersion.changed_at).where(ParagraphVersion.paragraph_id == paragraph.key)).all()
    return all(one in moments for one in rows)


def _write(session: Session, paragraph: Paragraph, text: str, *, by: Person, at: datetime | None = None) -> None:
    paragraph.text = text
    paragraph.revision += 1
    session.add(paragraph)
    session.flush()
    session.add(
        ParagraphVersion(
            paragraph_id=paragraph.key, revision=paragraph.revision, text=text, changed_by_id=by.key,
            changed_at=at or clock.now(),
        )
    )  # fmt: skip
    session.flush()


def edit_paragraph(
    session: Session, review: Review, paragraph: Paragraph, *, by: Person, text: str, revision: int
) -> Paragraph:
    """Rewrite one paragraph; how it read before is kept. An empty one saves too, but holds back the draft.

    Raises Stale with both versions, NotYours for a deputy who does not stand in for the lead reviewer.
    """
    session.refresh(review, with_for_update=True)
    turn = moving.allow(session, review, "edit_paragraph", by=by)
    if turn.part == "deputy" and not _deputy_of_lead(session, review, by):
        raise NotYours("Only the lead reviewer and their own deputy write the report")
    if paragraph.review_id != review.key:
        raise NotFound("No such paragraph in this report")
    session.refresh(paragraph, with_for_update=True)
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Invalid(f"Write at most {LONGEST:,} characters", field="text")
    if paragraph.text == text:
        return paragraph
    if paragraph.revision != revision:
        raise Stale(
            "Somebody else changed this paragraph since you opened it", mine={"text": text},
            theirs={"text": paragraph.text, "revision": paragraph.revision},
        )  # fmt: skip
    sitting = _same_sitting(session, review, paragraph, by)
    if sitting is None:
        _write(session, paragraph, text, by=by)
        return paragraph
    paragraph.text, paragraph.revision = text, paragraph.revision + 1
    sitting.text, sitting.revision, sitting.changed_at = text, paragraph.revision, clock.now()
    session.add_all((paragraph, sitting))
    session.flush()
    return paragraph


def _deputy_of_lead(session: Session, review: Review, by: Person) -> bool:
    query = select(func.count(col(Deputy.id))).where(
        Deputy.review_id == review.key, Deputy.person_id == by.key, Deputy.part == "lead_reviewer",
        col(Deputy.ended_on).is_(None),
    )  # fmt: skip
    return session.exec(query).one() > 0


def _same_sitting(session: Session, review: Review, paragraph: Paragraph, by: Person) -> ParagraphVersion | None:
    """The newest version when this person typed it a moment ago; never one that was drafted."""
    last = session.exec(
        select(ParagraphVersion)
        .where(ParagraphVersion.paragraph_id == paragraph.key)
        .order_by(col(ParagraphVersion.id).desc())
    ).first()
    if last is None or last.changed_by_id != by.key or clock.now() - last.changed_at > ONE_SITTING:
        return None
    return None if last.changed_at in drafted_at(session, review) else last


def replace_text(session: Session, paragraph: Paragraph, text: str, *, by: Person) -> None:
    """Carry an accepted factual-accuracy point into the report; the caller has begun that act."""
    _write(session, paragraph, text.strip(), by=by)


def send_draft(session: Session, review: Review, *, by: Person) -> None:
    """Send the draft to the unit for factual accuracy; its window opens. A second press changes nothing."""
    session.refresh(review, with_for_update=True)
    if review.draft_sent_on is not None and _last_sent_by(session, review, by):
        return
    turn = moving.begin(session, review, "send_draft", by=by)
    check_report(session, review)
    review.draft_sent_on = clock.today()
    review.accuracy_closed_on = None
    turn.finish(data={"waived": [one.key for one, let in checked(session, review) if let is not None]})


def check_report(session: Session, review: Review) -> None:
    """Hold a report back that names people, or bears too low a marking (B5, B9).

    Raises RuleBroken with each paragraph and rule; what a named person let stand is left out.
    """
    left = in_the_way(session, review)
    if left:
        raise RuleBroken(
            f"The report cannot leave yet. {' '.join(one.sentence for one in left)}", field="check", rule=left[0].rule
        )


def waive_check(session: Session, review: Review, *, by: Person, key: str, reason: str) -> None:
    """Let one finding of the check stand, with one's name and reason: the lead reviewer, later who publishes (B5, B9).

    It holds for the text as it stands. Raises RuleBroken for what nobody may waive.
    """
    session.refresh(review, with_for_update=True)
    publishing = review.appeal_closed_on is not None
    turn = moving.allow(session, review, "publish" if publishing else "edit_paragraph", by=by)
    if turn.part == "deputy":
        raise NotYours("Only the lead reviewer lets a finding of the check stand")
    one = next((each for each in concerns(session, review) if each.key == key), None)
    if one is None:
        raise NotFound("The check finds no such thing")
    if not one.waivable:
        raise RuleBroken(f"{one.sentence} Nobody can let that stand: change the text", field="reason", rule=one.rule)
    if not reason.strip():
        raise Invalid("Say why the report may leave all the same", field="reason", rule=one.rule)
    if (one.kind, one.paragraph, one.revision) in waived(session, review):
        return
    session.add(
        CheckWaiver(
            review_id=review.key, concern=one.kind, paragraph=one.paragraph, revision=one.revision,
            reason=reason.strip(), waived_by_id=by.key, waived_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


def _last_sent_by(session: Session, review: Review, by: Person) -> bool:
    """Whether the review stands where this person's own sending put it."""
    last = session.exec(
        select(JournalLine)
        .where(JournalLine.record_kind == "review", JournalLine.record_id == review.key)
        .order_by(col(JournalLine.seq).desc())
    ).first()
    return last is not None and last.act == "send_draft" and last.person_id == by.key
