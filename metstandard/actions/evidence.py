"""Scope, self-assessment, evidence and the visit."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import BinaryIO

from sqlmodel import Session, select

from metstandard.actions import interviews, items, moving
from metstandard.actions.interviews import Talk
from metstandard.actions.items import Details
from metstandard.actions.panels import own_seat
from metstandard.actions.signing import sign
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, Stale
from metstandard.queries import evidence as reads
from metstandard.queries import supplied
from metstandard.records import files
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.records.evidence import (
    Activity,
    ActivityKind,
    Evidence,
    EvidenceType,
    Maker,
    Question,
    SelfMark,
)
from metstandard.records.reviews import Review
from metstandard.rubric.arithmetic import validate
from metstandard.rules import markings
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of


def agree_scope(
    session: Session, review: Review, *, by: Person, seen: str, focus_areas: list[str] | None = None,
    data_request: str | None = None, not_applicable: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """Agree the scope as lead reviewer, commander or key holder; a change by the lead reviewer voids the rest.

    `seen` is the hash of the scope shown. Raises Invalid for too many focus areas or too much set aside (SCO-1).
    """
    turn = moving.begin(session, review, "agree_scope", by=by)
    if seen != digest(session, review, "agree_scope"):
        raise Invalid("The scope has changed since this page was opened. Read it again, then agree", field="seen")
    if turn.part == "lead_reviewer":
        _set_scope(session, review, turn.workflow.number("A5-focus"), focus_areas, data_request, not_applicable)
    signature = sign(session, review, "agree_scope", by=by, part=turn.part)
    turn.finish(data={"digest": signature.digest})


def _set_scope(
    session: Session, review: Review, most: int, focus_areas: list[str] | None, data_request: str | None,
    not_applicable: dict[str, str] | None,
) -> None:  # fmt: skip
    if focus_areas is not None:
        areas = [one.strip() for one in focus_areas if one.strip()]
        if len(areas) > most:
            raise Invalid(f"At most {most} local focus areas", field="focus_areas", rule="A5")
        review.focus_areas = areas
    if data_request is not None:
        review.data_request = data_request.strip()
    if not_applicable is not None:
        _check_not_applicable(session, review, not_applicable)
        review.not_applicable = not_applicable
    session.add(review)
    session.flush()


def _check_not_applicable(session: Session, review: Review, chosen: dict[str, str]) -> None:
    rubric = rubric_of(session, review)
    for code, reason in chosen.items():
        if not reason.strip():
            raise Invalid(f"Say why {code} does not apply", field="not_applicable", rule="SCO-1")
    faults = validate(
        rubric, {code: "NA" if code in chosen else 0 for code in rubric.criteria} | dict.fromkeys(chosen, "NA")
    )
    if faults:
        raise Invalid(faults[0].sentence, field="not_applicable", rule="SCO-1")


def save_self_assessment(
    session: Session, review: Review, *, by: Person, criterion: str, level: str, account: str, revision: int
) -> SelfMark:
    """Save the unit's own level and account for one criterion; a draft may be incomplete.

    `revision` is the one the page was opened with. Raises Stale with both versions when it is not the newest.
    """
    moving.allow(session, review, "save_self_assessment", by=by)
    rubric = rubric_of(session, review)
    if criterion not in rubric.criteria or criterion in review.not_applicable:
        raise NotFound("No such criterion in this review")
    if level and level not in {str(one) for one in range(rubric.top + 1)}:
        raise Invalid("Choose one of the levels", field="level")
    mark = session.exec(
        select(SelfMark).where(SelfMark.review_id == review.key, SelfMark.criterion == criterion).with_for_update()
    ).first() or SelfMark(review_id=review.key, criterion=criterion, saved_by_id=by.key)
    mine = {"level": level, "account": account.strip()}
    theirs = {"level": mark.level, "account": mark.account, "revision": mark.revision}
    if mark.revision != revision:
        if mine == {"level": mark.level, "account": mark.account}:
            return mark
        raise Stale("Somebody else saved this criterion since you opened it", mine=mine, theirs=theirs)
    mark.level, mark.account = level, account.strip()
    mark.revision, mark.saved_by_id, mark.saved_at = revision + 1, by.key, clock.now()
    session.add(mark)
    session.flush()
    return mark


def submit_self_assessment(session: Session, review: Review, *, by: Person) -> None:
    """The commander signs the self-assessment off and the panel may read it."""
    moving.move(session, review, "submit_self_assessment", by=by)


def add_evidence(  # noqa: PLR0913  the fields of one item
    session: Session, review: Review, *, by: Person, kind: EvidenceType, title: str,
    criteria: Sequence[str] | Mapping[str, str], source: str = "", author: str = "", dated_on: date | None = None,
    period: str = "", note: str = "", marking: Marking | None = None, unit_may_see: bool = True,
    outcome_years: int = 0, maker: Maker | None = None, talk: Talk | None = None, upload: BinaryIO | None = None,
    file_name: str = "",
) -> Evidence:  # fmt: skip
    """Add one item, with a file or without, linked to at least one criterion (rules.md B5).

    `criteria` may name the page or paragraph of each. Without `marking` it bears the lowest of the scheme in force;
    without `maker` whoever adds it made it. Raises Invalid naming the field; nothing is stored then but a file that
    nothing points to. A file that the same person sends again under the same title, as after a broken connection, is
    the same item.
    """
    turn = moving.allow(session, review, "add_evidence", by=by)
    panel = turn.part == "reviewer"
    places = criteria if isinstance(criteria, Mapping) else dict.fromkeys(criteria, "")
    details = Details(
        kind, title, maker or (Maker.PANEL if panel else Maker.UNIT), marking or markings.profile().lowest, source,
        author, dated_on, period, note, outcome_years, unit_may_see, talk if panel else None,
    )  # fmt: skip
    items.check(session, review, details, places, by=by)
    stored = files.keep(session, upload, file_name) if upload is not None else None
    if stored is None and not note.strip() and not source.strip():
        raise Invalid("Add a file, or say where the evidence is found", field="upload")
    twin = supplied.twin(session, review, stored, title.strip(), by) if stored else None
    if twin is not None:
        return twin
    item = Evidence(
        review_id=review.key, kind=kind, title=title, from_panel=panel, added_by_id=by.key, added_at=clock.now(),
        file_id=stored.key if stored else None, file_name=files.safe_name(file_name) if stored else "",
    )  # fmt: skip
    items.fill(item, details)
    session.add(item)
    session.flush()
    items.link(session, item, places)
    if details.talk is not None:
        interviews.keep(session, item, details.talk, by=by)
    return item


def remove_evidence(session: Session, review: Review, item: Evidence, *, by: Person) -> None:
    """Take an item out of the review, as somebody who may change it; the row and the file stay."""
    turn = moving.allow(session, review, "add_evidence", by=by)
    if not reads.may_change(session, review, item, by, panel=turn.part == "reviewer"):
        raise NotFound("No such evidence of yours")
    item.removed_at = item.removed_at or clock.now()
    session.add(item)
    session.flush()


def note_question(session: Session, review: Review, *, by: Person, criterion: str, text: str) -> Question:
    """Note what to look at on site for one criterion."""
    moving.allow(session, review, "note_question", by=by)
    own_seat(session, review, by)
    if criterion not in rubric_of(session, review).criteria:
        raise NotFound("No such criterion in this review")
    if not text.strip():
        raise Invalid("Write the question", field="text")
    made = Question(
        review_id=review.key, criterion=criterion, text=text.strip(), asked_by_id=by.key, asked_at=clock.now()
    )
    session.add(made)
    session.flush()
    return made


def close_evidence_review(session: Session, review: Review, *, by: Person) -> None:
    """The lead reviewer closes the reading; the panel goes on site."""
    moving.move(session, review, "close_evidence_review", by=by)


def log_activity(  # noqa: PLR0913  the fields of one line
    session: Session, review: Review, *, by: Person, kind: ActivityKind, held_on: date, people: int, minutes: int,
    group: str = "", note: str = "",
) -> Activity:  # fmt: skip
    """Log one meeting or reality check; it counts towards the effort published with the report."""
    moving.allow(session, review, "log_activity", by=by)
    own_seat(session, review, by)
    if people < 0 or minutes <= 0:
        raise Invalid("Enter how many people and how many minutes", field="minutes" if minutes <= 0 else "people")
    if held_on > clock.today():
        raise Invalid("The day must be today or earlier", field="held_on")
    made = Activity(
        review_id=review.key, kind=kind, held_on=held_on, people=people, minutes=minutes, group=group.strip(),
        note=note.strip(), logged_by_id=by.key, logged_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def end_visit(session: Session, review: Review, *, by: Person) -> None:
    """The lead reviewer ends the visit; scoring opens. Raises NotOpen while the log is short (A5, 8)."""
    turn = moving.begin(session, review, "end_visit", by=by)
    review.visit_ended_on = clock.today()
    turn.finish()
