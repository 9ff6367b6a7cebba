"""Proposing a review and commissioning it jointly; pausing, resuming and cancelling it."""

from datetime import date, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.actions.notices import postpone
from metstandard.actions.signing import sign
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotYours
from metstandard.records.accounts import Person
from metstandard.records.bodies import Committee
from metstandard.records.certificates import Series
from metstandard.records.editions import Edition
from metstandard.records.reviews import Origin, Review
from metstandard.records.units import Unit
from metstandard.rules import markings
from metstandard.rules.editions import find_edition, newest_rubric, newest_workflow, sha256
from metstandard.rules.parts import standing

# While a review stands here, the unit's next one may be proposed.
MAY_FOLLOW = ("closed", "cancelled", "follow_up", "published")


def propose(  # noqa: PLR0913 (a proposal says this much)
    session: Session, *, unit: Unit, committee: Committee, by: Person, starts_on: date, scope: str,
    origin: Origin = Origin.NEW, rubric: str = "met-standard-1", workflow: str = "assessment",
    link_member: Person | None = None,
) -> Review:  # fmt: skip
    """Propose a review of one unit; `starts_on` is the first day on site (T0).

    Raises NotYours unless a programme officer asks, Invalid for a date too near or a unit already under review.
    """
    if not any(one.part == "programme_officer" for one in standing(session, by)):
        raise NotYours("Only a programme officer proposes a review")
    definition, text = newest_workflow(workflow)
    _check_date(starts_on, definition.number("A5-commission"))
    # Taking the reference locks the series, so that two people cannot propose the same unit at once.
    reference = _reference(session)
    _check_free(session, unit)
    _check_link(session, link_member)
    rubric_definition, rubric_text = newest_rubric(rubric)
    review = Review(
        workflow=workflow,
        workflow_edition_id=keep_edition(session, "workflow", workflow, definition.edition, text).key,
        rubric_edition_id=keep_edition(
            session, "rubric", rubric_definition.rubric, rubric_definition.edition, rubric_text
        ).key,
        state=definition.starts,
        reference=reference,
        unit_id=unit.key,
        committee_id=committee.key,
        origin=origin,
        scope=scope.strip(),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=definition.number("A5-visit") - 1),
        marking=markings.profile().review,
        proposed_by_id=by.key,
        link_member_id=link_member.key if link_member else None,
    )
    session.add(review)
    moving.start(session, review, "propose", by=by, part="programme_officer")
    return review


def _check_date(starts_on: date, least: int) -> None:
    earliest = clock.today() + timedelta(days=least)
    if starts_on < earliest:
        raise Invalid(f"The first day on site must be {earliest:%-d %B %Y} or later", field="starts_on", rule="A5")


def _check_free(session: Session, unit: Unit) -> None:
    query = select(Review).where(Review.unit_id == unit.key)
    for other in session.exec(query).all():
        if other.state not in MAY_FOLLOW:
            raise Invalid(f"{unit.title} is already under review ({other.reference})", field="unit")


def _check_link(session: Session, member: Person | None) -> None:
    if member is not None and not (
        member.active and any(one.part == "link_member" for one in standing(session, member))
    ):
        raise Invalid(f"{member.name} is not appointed as a link member", field="link_member")


def _reference(session: Session) -> str:
    """The next reference, such as `MSR-2026-0007`; the series' row is locked until the transaction ends."""
    year = clock.today().year
    return f"MSR-{year}-{next_number(session, f'review-{year}'):04d}"


def next_number(session: Session, name: str) -> int:
    """The next number of a series, without gaps: the row stays locked until the caller commits.

    The row of a new series is made so that two who begin it at once do not collide.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.exec(insert(Series).values(name=name, last=0).on_conflict_do_nothing())
    series = session.exec(select(Series).where(Series.name == name).with_for_update()).one()
    series.last += 1
    session.add(series)
    session.flush()
    return series.last


def keep_edition(session: Session, kind: str, name: str, number: int, text: str) -> Edition:
    """The row of an edition, made the first time it is used."""
    found = find_edition(session, kind, name, number, text)
    if found is None:
        found = Edition(kind=kind, name=name, number=number, sha256=sha256(text), text=text)
        session.add(found)
        session.flush()
    return found


def edit_proposal(
    session: Session, review: Review, *, by: Person, scope: str, committee: Committee, starts_on: date, origin: Origin,
    link_member: Person | None,
) -> None:  # fmt: skip
    """Change what is proposed, before it is sent to the keys. Raises Invalid for the same reasons as `propose`."""
    turn = moving.begin(session, review, "edit_proposal", by=by)
    _check_date(starts_on, turn.workflow.number("A5-commission"))
    _check_link(session, link_member)
    before = _proposed(review)
    review.scope = scope.strip()
    review.committee_id = committee.key
    review.origin = origin
    review.starts_on = starts_on
    review.ends_on = starts_on + timedelta(days=turn.workflow.number("A5-visit") - 1)
    review.link_member_id = link_member.key if link_member else None
    session.add(review)
    after = _proposed(review)
    turn.finish(data={"changed": [name for name, value in after.items() if before[name] != value]})


def _proposed(review: Review) -> dict[str, object]:
    """What a proposal says, by the words in which a change of it is told."""
    return {
        "scope": review.scope, "committee": review.committee_id, "new or under way": review.origin,
        "first day on site": review.starts_on, "link member": review.link_member_id,
    }  # fmt: skip


def send_for_commission(session: Session, review: Review, *, by: Person) -> None:
    """Put the proposal before both keys."""
    moving.move(session, review, "send_for_commission", by=by)


def turn_key(session: Session, review: Review, *, by: Person, seen: str) -> None:
    """Turn one's key at commissioning or at the closing of follow-up, over the content whose hash was `seen`.

    Raises Invalid when the content has changed since the page was shown. (Decisions: see signoff.py.)
    """
    turn = moving.begin(session, review, "turn_key", by=by)
    signature = sign(session, review, review.state, by=by, part=turn.part)
    check_seen(seen, signature.digest)
    turn.finish(data={"digest": signature.digest})


def check_seen(seen: str, now: str) -> None:
    """Refuse a signature over something other than what the signatory was shown."""
    if seen != now:
        raise Invalid("What you sign has changed since this page was opened. Read it again, then sign", field="seen")


def return_with_reasons(session: Session, review: Review, *, by: Person, reason: str) -> None:
    """Send the matter back to those who prepared it."""
    moving.move(session, review, "return_with_reasons", by=by, note=reason)


def pause(session: Session, review: Review, *, by: Person, reason: str) -> None:
    """Stop the clock of a review (major incident, election, sub judice): nothing but resume and cancel is open."""
    turn = moving.begin(session, review, "pause", by=by)
    review.paused = True
    turn.finish(note=reason)


def resume(session: Session, review: Review, *, by: Person) -> None:
    """Go on. Due dates move by as many days as the pause lasted."""
    turn = moving.begin(session, review, "resume", by=by)
    if not review.paused:
        raise Invalid("This review is not paused", field="resume")
    lasted = clock.today() - clock.local_date(moving.last_of(session, review, "pause").at)
    review.paused = False
    for timer in moving.timers_of(session, review):
        timer.due_on += lasted
        session.add(timer)
    review.due_on = review.due_on + lasted if review.due_on else None
    postpone(session, review, lasted)
    turn.finish(data={"days": lasted.days})


def cancel(session: Session, review: Review, *, by: Person, reason: str) -> None:
    """Agree to cancel as a key holder, or cancel as a programme officer once both keys agree."""
    turn = moving.begin(session, review, "cancel", by=by)
    if turn.part in turn.workflow.keys:
        sign(session, review, "cancel", by=by, part=turn.part, reason=reason)
    turn.finish(note=reason)
