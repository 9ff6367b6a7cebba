"""One review of the demonstration, played stage by stage on a clock that begins long ago."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from metstandard.actions import (
    accuracy,
    commissioning,
    consensus,
    evidence,
    followup,
    moderation,
    panels,
    reporting,
    samples,
    scoring,
    signoff,
)
from metstandard.cli.demo.people import Cast
from metstandard.cli.demo.plots import Plot
from metstandard.cli.demo.voices import give_feedback, let_leave
from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.bodies import Committee
from metstandard.records.followup import Action
from metstandard.records.reviews import Origin, Review
from metstandard.records.seats import Interest, Seat
from metstandard.records.sheets import Answer, Paragraph, Point
from metstandard.records.units import Unit
from metstandard.rubric.shapes import Outcome
from metstandard.rules import award, conflicts
from metstandard.rules.content import digest


@dataclass
class Player:
    """Plays one plot. `day` counts from the proposal; the proposal is as long ago as the plot needs."""

    session: Session
    cast: Cast
    plot: Plot
    proposed_on: date
    review: Review = field(init=False)
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = clock.at_local(self.proposed_on, 9)
        self.unit = self.session.exec(select(Unit).where(Unit.code == self.plot.unit)).one()

    def to_day(self, day: int) -> None:
        """Let time pass until 9am of the so-manieth day after the proposal."""
        self.now = max(self.now, clock.at_local(self.proposed_on + timedelta(days=day), 9))

    def do(self, act: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """One act, twenty minutes after the last."""
        self.now += timedelta(minutes=20)
        with clock.pinned_to(self.now):
            return act(self.session, *args, **named)

    @property
    def seats(self) -> list[tuple[Seat, Person]]:
        """The panel, the lead reviewer first."""
        held = sorted(panels.holding(self.session, self.review), key=lambda one: not one.lead)
        return [(one, self.session.get_one(Person, one.person_id)) for one in held]

    @property
    def lead(self) -> Person:
        """The lead reviewer."""
        return self.seats[0][1]

    def proposed(self) -> None:
        """A programme officer proposes it."""
        committee = self.session.exec(select(Committee).where(Committee.code == "SOP")).one()
        member = ("north", "south", "east", "west")[samples.steady(self.unit.code) % 4]
        self.review = self.do(
            commissioning.propose, unit=self.unit, committee=committee, by=self.cast["programme.officer"],
            starts_on=self.proposed_on + timedelta(days=100), origin=Origin.NEW,
            link_member=self.cast[f"link.{member}"],
            scope=f"The whole of {self.unit.title}: capacity to deliver performance and to show leadership.",
        )  # fmt: skip

    def commissioning(self) -> None:
        """It goes before both keys."""
        self.to_day(2)
        self.do(commissioning.send_for_commission, self.review, by=self.cast["programme.officer"])

    def panel_forming(self) -> None:
        """Both keys are turned."""
        self.to_day(5)
        for word in ("authority.key", "commissioner.key"):
            self._sign(commissioning.turn_key, "commissioning", self.cast[word])

    def panel_confirming(self) -> None:
        """Three reviewers without a conflict accept, and are shown to the unit."""
        self.to_day(8)
        pools = (("peer", self.cast.peers), ("local_authority", self.cast.councils), ("private", self.cast.companies))
        for kind, pool in pools:
            person = self._free(kind, pool)
            self.do(
                panels.seat, self.review, person=person, kind=kind, lead=kind == "local_authority",
                by=self.cast["programme.officer"],
            )  # fmt: skip
            self.do(panels.declare_interests, self.review, by=person, interest=Interest.NONE)
            self.do(panels.accept_seat, self.review, by=person)
            if self.plot.waiver and kind == "peer":
                self._waive(person)
        self.to_day(14)
        self.do(panels.publish_panel, self.review, by=self.cast["programme.officer"])

    def _free(self, kind: str, pool: list[Person]) -> Person:
        """The first of the pool, turned by the unit, whom no rule keeps out; with a waiver, the first who needs one."""
        turn = samples.steady(self.unit.code, kind) % len(pool)
        for person in pool[turn:] + pool[:turn]:
            with clock.pinned_to(self.now):
                found = conflicts.judged(self.session, self.review, person, kind)
            if self.plot.waiver and kind == "peer":
                if [one.rule for one in found] == ["COI-6"]:
                    return person
            elif not found:
                return person
        raise LookupError(f"nobody of the demonstration's pool can be {kind} for {self.unit.title}")

    def _waive(self, person: Person) -> None:
        reason = "Both units answer to the same business group; no other peer is free in these weeks."
        self.do(
            panels.waive_conflict,
            self.review,
            person=person,
            rule="COI-6",
            by=self.cast["programme.officer"],
            reason=reason,
        )
        for word in ("authority.key", "commissioner.key"):
            self.do(
                panels.waive_conflict, self.review, person=person, rule="COI-6", by=self.cast[word], reason="Agreed."
            )

    def scoping(self) -> None:
        """The reviewers affirm, the unit does not object, and the clock confirms the panel."""
        for _, person in self.seats:
            self.do(panels.declare_interests, self.review, by=person, interest=Interest.NONE, stage="confirmation")
        self.to_day(26)
        self.do(panels.confirm_panel, self.review, by=None)

    def self_assessment(self) -> None:
        """Lead reviewer and commander agree the scope."""
        self.to_day(33)
        self._sign(evidence.agree_scope, "agree_scope", self.lead, focus_areas=["Night-time economy", "Repeat victims"])
        self._sign(evidence.agree_scope, "agree_scope", self.cast.commander(self.unit))

    def evidence_review(self) -> None:
        """The unit writes its self-assessment and submits it."""
        self.to_day(66)
        self.do(samples.fill_self_assessment, self.review, by=self.cast.author(self.unit), lean=self.plot.lean)
        self.do(evidence.submit_self_assessment, self.review, by=self.cast.commander(self.unit))

    def on_site(self) -> None:
        """The panel reads, notes what to ask, and comes."""
        self.to_day(80)
        self.do(
            evidence.note_question, self.review, by=self.lead, criterion="1.1",
            text="Ask the night shift what matters most here this year.",
        )  # fmt: skip
        self.do(evidence.close_evidence_review, self.review, by=self.lead)
        self.to_day(100)

    def scoring(self) -> None:
        """Declarations are re-affirmed, the visit is logged and ends."""
        for _, person in self.seats:
            self.do(panels.declare_interests, self.review, by=person, interest=Interest.NONE, stage="on_site")
        self.to_day(104)
        self.do(samples.fill_visit, self.review, by=self.lead)
        self.do(evidence.end_visit, self.review, by=self.lead)

    def one_sheet(self) -> None:
        """One reviewer has locked, one is half way, one has not begun."""
        people = [person for _, person in self.seats]
        self.do(samples.fill_sheet, self.review, by=people[0], lean=self.plot.lean)
        self.do(scoring.lock_sheet, self.review, by=people[0])

    def consensus(self) -> None:
        """All three mark alone and lock."""
        for number, (_, person) in enumerate(self.seats):
            self.to_day(106 + number)
            self.do(samples.fill_sheet, self.review, by=person, lean=self.plot.lean)
            self.do(scoring.lock_sheet, self.review, by=person)

    def reporting(self) -> None:
        """They agree levels and findings, and sign."""
        self.to_day(112)
        self.do(samples.fill_consensus, self.review, by=self.lead, major=self.plot.major)
        for _, person in self.seats:
            self._sign(consensus.sign_consensus, "consensus", person)

    def factual_accuracy(self) -> None:
        """The draft goes to the unit."""
        self.to_day(120)
        self.do(reporting.send_draft, self.review, by=self.lead)

    def points(self) -> None:
        """The unit asks for two corrections and writes its statement."""
        commander = self.cast.commander(self.unit)
        rows = self.session.exec(select(Paragraph).where(Paragraph.review_id == self.review.key)).all()
        for paragraph in rows[1:3]:
            self.do(
                accuracy.raise_point, self.review, paragraph, by=commander,
                evidence="Tasking record of the last quarter.",
                proposed=f"{paragraph.text} The unit has since changed its briefing.",
            )  # fmt: skip
        self.do(
            accuracy.write_statement, self.review, by=commander,
            statement="We thank the panel for its care. We recognise what it found and have begun to act on it.",
        )  # fmt: skip

    def moderation(self) -> None:
        """Points are made and answered, the window closes."""
        self.to_day(124)
        self.points()
        answers = (Answer.ACCEPTED, Answer.REFUSED)
        rows = self.session.exec(select(Point).where(Point.review_id == self.review.key)).all()
        for point, answer in zip(rows, answers, strict=False):
            self.do(
                accuracy.answer_point, self.review, point, by=self.lead, answer=answer,
                reason="" if answer is Answer.ACCEPTED else "The change came after the visit.",
            )  # fmt: skip
        self.to_day(136)
        self.do(accuracy.close_window, self.review, by=self.cast.commander(self.unit))

    def decision(self) -> None:
        """Three moderators sign."""
        self.to_day(140)
        for word in ("moderator.member", "moderator.officer", "moderator.independent"):
            self._sign(moderation.sign_moderation, "moderation", self.cast[word])

    def one_key(self) -> None:
        """The Authority's key is turned on the rules' outcome; the Commissioner's is awaited."""
        self.to_day(143)
        outcome = award.result(self.session, self.review).outcome
        self.do(signoff.choose_outcome, self.review, by=self.cast["authority.key"], outcome=Outcome(str(outcome)))
        self._sign(signoff.decide, "decision", self.cast["authority.key"])

    def notified(self) -> None:
        """Both keys are turned."""
        self.one_key()
        self._sign(signoff.decide, "decision", self.cast["commissioner.key"])

    def appeal_window(self) -> None:
        """The unit is told."""
        self.to_day(146)
        self.do(signoff.notify, self.review, by=self.cast["programme.officer"])

    def published(self) -> None:
        """The window passes without an appeal; report, register and letters go out."""
        self.to_day(166)
        self.do(signoff.close_appeal_window, self.review)
        self.to_day(170)
        self.do(let_leave, self.review, by=self.cast["programme.officer"])
        self.do(signoff.publish, self.review, by=self.cast["programme.officer"])

    def follow_up(self) -> None:
        """The commander plans and submits."""
        self.to_day(182)
        commander, author = self.cast.commander(self.unit), self.cast.author(self.unit)
        self.do(give_feedback, self.review)
        self.do(samples.fill_plan, self.review, by=commander, owner=author)
        self.do(followup.submit_action_plan, self.review, by=commander)

    def progress(self, *, all_done: bool = False) -> None:
        """Actions are reported on; some, or all, are done and verified by somebody who does not own them."""
        self.to_day(330)
        author, officer = self.cast.author(self.unit), self.cast["programme.officer"]
        rows = self.session.exec(select(Action).where(Action.review_id == self.review.key)).all()
        for number, action in enumerate(rows):
            self.do(followup.report_progress, action, by=author, text="Three of four teams work this way now.")
            if all_done or number % 3 != 2:  # noqa: PLR2004
                self.do(followup.claim_done, action, by=author)
            if all_done or number % 3 == 0:
                self.do(followup.verify, action, by=officer, note="Meeting records and a sample of ten seen.")

    def closed(self) -> None:
        """All is verified, both keys are turned, the review closes."""
        self.progress(all_done=True)
        self.to_day(540)
        for word in ("authority.key", "commissioner.key"):
            self._sign(commissioning.turn_key, "follow_up", self.cast[word])
        self.do(followup.close_follow_up, self.review, by=self.cast["programme.officer"])

    def paused(self) -> None:
        """A major incident stops the review."""
        self.do(commissioning.pause, self.review, by=self.cast["programme.officer"], reason="Major incident under way.")

    def _sign(self, act: Callable[..., Any], purpose: str, by: Person, **more: Any) -> None:
        self.session.flush()
        self.do(act, self.review, by=by, seen=digest(self.session, self.review, purpose), **more)
