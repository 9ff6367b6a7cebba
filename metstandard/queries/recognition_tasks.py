"""What each person has to do about nominations: read at once for all of them, in a fixed number of queries.

Nothing here tells anybody of somebody else's sealed judgement, and no line names a nominee.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlmodel import Session, col, or_, select

from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person
from metstandard.records.judging import Allotment
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Check, CheckResult, Consent, Nomination, Nominee, Seconder, Seconding
from metstandard.records.reviews import Signature
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.parts import standing_in
from metstandard.rules.recognition import OF_A_SERVICE

OFFICER = "programme_officer"
THANKS = ("nomination_feedback", "nomination_thanks")


@dataclass(frozen=True)
class Entry:
    """One thing to do about a nomination, with the page where it is done."""

    text: str
    where: str
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)
    due_on: date | None = None
    since: date | None = None


@dataclass(frozen=True)
class ToCheck:
    """One line of the list for professional standards and sponsors; `open` counts the answers still owed."""

    reference: str
    open: int
    due_on: date | None

    @property
    def overdue(self) -> bool:
        """Whether an answer is owed and its day has passed."""
        return bool(self.open) and self.due_on is not None and self.due_on < clock.today()


class _Known:
    """Facts about nominations as they concern one person, each read once for all of them."""

    def __init__(self, session: Session, person: Person, appointments: Sequence[Appointment]) -> None:
        self.session = session
        self.person = person
        self.held = {(one.part, one.seat) for one in appointments if one.unit_id is None}
        self.parts = {part for part, _ in self.held}
        self.records = [one for one in self._records() if not self._is_own(one)]

    def _records(self) -> list[Nomination]:
        """Those in which this person may have something to do; final states and drafts never are."""
        mine = list(self.allotted)
        wanted = select(Nomination).where(
            col(Nomination.state).not_in(("draft", "withdrawn", "redirected", "declined_by_nominee", "revoked")),
            col(Nomination.erased_at).is_(None),
        )
        office = {OFFICER, "press_officer", "judging_chair", *OF_A_SERVICE}
        if not self.parts & office and not any(part.endswith("_key") for part in self.parts):
            wanted = wanted.where(or_(col(Nomination.id).in_(mine)))
        return list(self.session.exec(wanted.order_by(col(Nomination.reference))).all())

    @cached_property
    def allotted(self) -> dict[int, Allotment]:
        """What this person judges; nobody else's allotments."""
        query = select(Allotment).where(Allotment.person_id == self.person.key, col(Allotment.ended_at).is_(None))
        return {one.nomination_id: one for one in self.session.exec(query).all()}

    @cached_property
    def _nominees(self) -> dict[int, list[Nominee]]:
        live = select(Nominee).join(Nomination, col(Nomination.id) == Nominee.nomination_id)
        query = live.where(col(Nominee.left_at).is_(None), col(Nomination.erased_at).is_(None))
        found: dict[int, list[Nominee]] = {}
        for one in self.session.exec(query.order_by(col(Nominee.id))).all():
            found.setdefault(one.nomination_id, []).append(one)
        return found

    def nominees(self, nomination: Nomination) -> list[Nominee]:
        return self._nominees.get(nomination.key, [])

    def _is_own(self, nomination: Nomination) -> bool:
        email = self.person.email.casefold()
        return nomination.nominator_id == self.person.key or any(
            one.person_id == self.person.key or one.email.casefold() == email for one in self.nominees(nomination)
        )

    @cached_property
    def _checks(self) -> dict[tuple[int, str], CheckResult]:
        rows = self.session.exec(select(Check).order_by(col(Check.id))).all()
        return {(one.nominee_id, one.asked_of): one.result for one in rows}

    def answers(self, nomination: Nomination) -> list[tuple[str, str, CheckResult | None]]:
        """Each answer that is asked for: the nominee's service, who is asked, and None while nobody has answered."""
        section = rubric_of(self.session, nomination).recognition
        scheme = section.schemes.get(nomination.scheme) if section else None
        asked = OF_A_SERVICE if scheme is not None and scheme.incident else ("standards_officer",)
        return [
            (one.service, part, self._checks.get((one.key, part)))
            for one in self.nominees(nomination)
            if one.service
            for part in asked
        ]

    def mine_to_check(self, nomination: Nomination) -> list[CheckResult | None]:
        """The answers that are asked of this person: about nominees of their own service."""
        return [
            result
            for service, part, result in self.answers(nomination)
            if (part, service) in self.held or (part == "standards_officer" and (part, "") in self.held)
        ]

    @cached_property
    def _seconders(self) -> dict[int, Seconding]:
        rows = self.session.exec(select(Seconder).order_by(col(Seconder.id))).all()
        return {one.nomination_id: one.answer for one in rows}

    def seconded(self, nomination: Nomination) -> Seconding | None:
        return self._seconders.get(nomination.key)

    @cached_property
    def _judges(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for one in self.session.exec(select(Allotment.nomination_id).where(col(Allotment.ended_at).is_(None))).all():
            found[one] = found.get(one, 0) + 1
        return found

    def short_of_judges(self, nomination: Nomination) -> bool:
        least = workflow_of(self.session, nomination).number("D2-judges")
        return self._judges.get(nomination.key, 0) < least

    @cached_property
    def _thanked(self) -> set[int]:
        query = select(Letter.record_id).where(Letter.record_kind == "nomination", col(Letter.name).in_(THANKS))
        return {one for one in self.session.exec(query).all() if one is not None}

    def thanked(self, nomination: Nomination) -> bool:
        return nomination.key in self._thanked

    @cached_property
    def _revoking(self) -> dict[int, list[Signature]]:
        query = select(Signature).where(
            Signature.record_kind == "nomination", Signature.purpose == "revoke", col(Signature.withdrawn_at).is_(None)
        )
        found: dict[int, list[Signature]] = {}
        for one in self.session.exec(query).all():
            found.setdefault(one.record_id, []).append(one)
        return found

    def to_join(self, nomination: Nomination, party: str) -> bool:
        """Whether the other key has agreed to revoke, and this party has not; hashed only where somebody signed."""
        made = self._revoking.get(nomination.key, [])
        if not made:
            return False
        now = digest(self.session, nomination, "revoke")
        workflow = workflow_of(self.session, nomination)
        parties = {
            standing_in(workflow, one.part)
            for one in made
            if one.digest == now and one.signed_at >= nomination.state_since
        }
        return bool(parties) and party not in parties


def open_entries(session: Session, person: Person, appointments: Sequence[Appointment]) -> list[Entry]:
    """What a person has to do about nominations, in no order; `appointments` are those that run today."""
    known = _Known(session, person, appointments)
    return [
        Entry(
            text,
            f"Nomination {one.reference}",
            endpoint,
            {"reference": one.reference},
            one.due_on,
            clock.local_date(one.state_since),
        )
        for one in known.records
        if not one.paused
        for text, endpoint in _pending(known, one)
    ]


def to_check(session: Session, person: Person, appointments: Sequence[Appointment]) -> list[ToCheck]:
    """The nominations with nominees about whom this person answers, those with an answer owed first."""
    known = _Known(session, person, appointments)
    lines = [
        ToCheck(one.reference, sum(result is None for result in mine) if one.state == "checks" else 0, one.due_on)
        for one in known.records
        if one.state not in {"submitted", "eligibility", "returned"} and (mine := known.mine_to_check(one))
    ]
    return sorted(lines, key=lambda line: (not line.open, line.reference))


Found = Iterator[tuple[str, str]]


def _pending(known: _Known, one: Nomination) -> Found:
    mine = known.allotted.get(one.key)
    if mine is not None and one.state == "shortlisted":
        if mine.interest is None:
            yield "Declare your interests in a nomination", "reviewers.nomination_declaration"
        elif mine.locked_at is None:
            yield "Judge a nomination and lock your marks", "reviewers.nomination"
    if mine is not None and OFFICER not in known.parts:
        return
    if OFFICER in known.parts:
        yield from _of_the_office(known, one)
    if one.state == "checks" and None in known.mine_to_check(one):
        yield "Check the nominees of your service", "authority.nomination_check"
    if one.state == "judged" and "judging_chair" in known.parts:
        yield "Moderate a judged nomination", "reviewers.nomination_moderation"
    if "press_officer" in known.parts:
        yield from _of_the_press(one)
    yield from _of_the_keys(known, one)


def _of_the_office(known: _Known, one: Nomination) -> Found:
    for state, holds, text, endpoint in _OFFICE:
        if state == one.state and holds(known, one):
            yield text, endpoint


def _always(_known: _Known, _one: Nomination) -> bool:
    return True


def _all_clear(known: _Known, one: Nomination) -> bool:
    return {result for _, _, result in known.answers(one)} <= {CheckResult.CLEAR}


def _some_not_clear(known: _Known, one: Nomination) -> bool:
    return bool({result for _, _, result in known.answers(one)} - {CheckResult.CLEAR, None})


def _not_thanked(known: _Known, one: Nomination) -> bool:
    return one.awarded is not True and not known.thanked(one)


def _seconder(answer: Seconding) -> Callable[[_Known, Nomination], bool]:
    return lambda known, one: known.seconded(one) is answer


def _to_ask(known: _Known, one: Nomination) -> bool:
    return any(each.consent is Consent.ASKED and not each.email for each in known.nominees(one))


# What the programme office does at each state, and when there is something to do.
_OFFICE: tuple[tuple[str, Callable[[_Known, Nomination], bool], str, str], ...] = (
    ("submitted", _seconder(Seconding.CONFIRMED), "Take up a nomination", "authority.nomination"),
    ("submitted", _seconder(Seconding.DECLINED), "Name another seconder", "authority.nomination"),
    ("eligibility", _always, "Decide whether a nomination is eligible", "authority.nomination"),
    ("checks", _all_clear, "Send a nomination to the sift", "authority.nomination_checks"),
    ("checks", _some_not_clear, "Look at a check that is not clear", "authority.nomination_checks"),
    ("held", _always, "Look again at a nomination on hold", "authority.nomination_checks"),
    ("sifted", _always, "Allot judges and shortlist a nomination", "authority.nomination_judging"),
    ("shortlisted", _Known.short_of_judges, "Ask another judge", "authority.nomination_judging"),
    ("decided", _to_ask, "Ask a nominee for consent", "authority.nomination_consent"),
    ("announced", _always, "Present the award and record it", "authority.nomination"),
    ("presented", _always, "Archive the award", "authority.nomination"),
    ("archived", _not_thanked, "Thank those of a nomination not chosen", "authority.nomination_feedback"),
)


def _of_the_press(one: Nomination) -> Found:
    if one.state == "consented":
        yield "Check an announcement and set its embargo", "authority.nomination_announcement"
    if one.state == "embargoed" and one.press_checked_at is None:
        yield "Check an announcement again: something has changed", "authority.nomination_announcement"


def _of_the_keys(known: _Known, one: Nomination) -> Found:
    if one.state == "moderated" and "authority_key" in known.parts:
        yield "Decide on a nomination", "authority.nomination_decision"
    if one.state in {"announced", "presented", "archived"}:
        for part in sorted(part for part in known.parts if part.endswith("_key")):
            if known.to_join(one, part.removesuffix("_key")):
                yield "Join or leave: revoke an award", "authority.nomination_revoke"
