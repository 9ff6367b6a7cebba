"""Training's last step: every reviewer marks the same reference reviews, and the rule of REV-2 decides."""

from collections.abc import Mapping

from sqlmodel import Session, select

from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours
from metstandard.records.accounts import Person
from metstandard.records.calibration import Calibration, CalibrationMark
from metstandard.rubric.cases import Cases, judge
from metstandard.rubric.definition import Rubric
from metstandard.rules.calibration import attempts, cases_in_use, in_pool, marks_of, number
from metstandard.rules.parts import standing
from metstandard.workflow.calendar import add_months

OFFICER = "programme_officer"


def start(session: Session, person: Person, *, by: Person) -> Calibration:
    """Begin an attempt, or give the one that is open.

    A reviewer begins alone; after an attempt that failed a programme officer must allow another. Raises NotYours for
    anybody else, or outside the pool.
    """
    officer = by.key != person.key and any(one.part == OFFICER for one in standing(session, by))
    if not officer and by.key != person.key:
        raise NotYours("Only the reviewer or a programme officer begins a calibration")
    profile = in_pool(session, person)
    if profile is None:
        raise NotYours("Only reviewers in the pool are calibrated")
    session.refresh(profile, with_for_update=True)
    earlier = attempts(session, person)
    if earlier and earlier[0].submitted_at is None:
        return earlier[0]
    if earlier and not earlier[0].passed and not officer:
        raise NotNow(
            "Your last attempt did not pass. Ask the programme office for another, after more training (REV-2)"
        )
    made = Calibration(person_id=person.key, edition=cases_in_use()[0].name)
    session.add(made)
    session.flush()
    return made


def save_marks(
    session: Session, attempt: Calibration, *, by: Person, case: str, marks: Mapping[str, int | None]
) -> None:
    """Keep the levels of one reference review, by criterion; None takes a level back.

    Raises NotFound for a review or criterion that the cases lack, NotNow once the attempt was sent.
    """
    _own(session, attempt, by)
    cases, rubric = _cases(attempt)
    if case not in cases.reviews:
        raise NotFound("There is no such reference review")
    stored = {
        one.criterion: one
        for one in session.exec(
            select(CalibrationMark).where(
                CalibrationMark.calibration_id == attempt.key, CalibrationMark.case_code == case
            )
        ).all()
    }
    for criterion, level in marks.items():
        if criterion not in cases.reviews[case].criteria:
            raise NotFound("This reference review does not ask for that criterion")
        if level is not None and not 0 <= level <= rubric.top:
            raise Invalid("Choose a level", field=criterion, rule="SCO-1")
        _keep(session, attempt, case, criterion, level, stored.get(criterion))
    session.flush()


def _keep(
    session: Session, attempt: Calibration, case: str, criterion: str, level: int | None, row: CalibrationMark | None
) -> None:
    if level is None:
        if row is not None:
            session.delete(row)
        return
    row = row or CalibrationMark(calibration_id=attempt.key, case_code=case, criterion=criterion, level=level)
    row.level = level
    session.add(row)


def missing(session: Session, attempt: Calibration) -> dict[str, int]:
    """How many criteria of each reference review are still without a level."""
    cases, _ = _cases(attempt)
    given = marks_of(session, attempt)
    return {
        review.word: sum((review.word, code) not in given for code in review.criteria)
        for review in cases.reviews.values()
    }


def submit(session: Session, attempt: Calibration, *, by: Person) -> Calibration:
    """Send the marks: they are judged at once and never change again (REV-2).

    A pass is valid for the months of REV-2, from today. Sending twice changes nothing. Raises Invalid while a level is
    missing.
    """
    profile = in_pool(session, by)
    if attempt.person_id != by.key or profile is None:
        raise NotYours("This is not your calibration")
    session.refresh(attempt, with_for_update=True)
    if attempt.submitted_at is not None:
        return attempt
    left = sum(missing(session, attempt).values())
    if left:
        raise Invalid(f"Choose a level for every criterion: {left} still have none", rule="REV-2")
    cases, rubric = _cases(attempt)
    near = judge(
        cases, rubric, marks_of(session, attempt), within=number("REV-2-within"), gateways=number("REV-2-gateways")
    )
    attempt.criteria, attempt.within, attempt.gateways = near.criteria, near.within, near.gateways
    attempt.exact, attempt.passed, attempt.submitted_at = near.exact, near.passed, clock.now()
    if near.passed:
        attempt.valid_until = add_months(clock.today(), number("REV-2"))
        profile.calibrated_until = attempt.valid_until
    session.add_all([attempt, profile])
    session.flush()
    return attempt


def _own(session: Session, attempt: Calibration, by: Person) -> None:
    """Refuse another's attempt, and one that was sent; the row is locked and fresh afterwards."""
    if attempt.person_id != by.key:
        raise NotYours("This is not your calibration")
    session.refresh(attempt, with_for_update=True)
    if attempt.submitted_at is not None:
        raise NotNow("You have sent these marks: they no longer change (REV-2)")


def _cases(attempt: Calibration) -> tuple[Cases, Rubric]:
    cases, rubric = cases_in_use()
    if cases.name != attempt.edition:
        raise NotNow("The reference reviews have a new edition: ask the programme office for another attempt")
    return cases, rubric
