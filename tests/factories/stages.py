"""A review played to each stage through the actions, as people would: `played_to(programme, "scoring")`."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import date, datetime, timedelta

from sqlmodel import select

from metstandard.actions import (
    accuracy,
    commissioning,
    consensus,
    evidence,
    followup,
    moderation,
    panels,
    reporting,
    scoring,
    signoff,
)
from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.evidence import ActivityKind, Evidence, EvidenceType
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from metstandard.records.seats import Interest
from metstandard.records.sheets import Confidence
from metstandard.rubric.shapes import Grade, Outcome
from metstandard.rules import award
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.workflow.calendar import add_working_days
from tests.factories.programme import Programme

SEATS = {"peer": "peer1", "local_authority": "council1", "private": "company1"}
LEAD = "peer1"


class Play:
    """One review under way, with a clock of its own that only this play moves."""

    def __init__(
        self, programme: Programme, *, unit: str = "EK", level: int = 3, began: datetime | None = None
    ) -> None:
        self.programme = programme
        self.session = programme.session
        self.unit = unit
        self.level = level
        self.now = began or clock.now()
        self._stack = ExitStack()
        self.review: Review

    def __getitem__(self, word: str) -> Person:
        return self.programme[word]

    def at(self) -> AbstractContextManager[None]:
        """The clock as the play has it: `with play.at(): ...`."""
        return clock.pinned_to(self.now)

    def later(self, *, days: int = 0, working_days: int = 0) -> None:
        """Let time pass."""
        if working_days:
            day = add_working_days(clock.local_date(self.now), working_days)
            self.now = clock.at_local(day, 10)
        self.now += timedelta(days=days)

    def to_day(self, day: date) -> None:
        """Let time pass until 10am of a day."""
        self.now = max(self.now, clock.at_local(day, 10))

    def act(self, function: Callable[..., object], *args: object, **named: object) -> object:
        """One act in one committed transaction, a minute after the last."""
        self.now += timedelta(minutes=1)
        with clock.pinned_to(self.now):
            result = function(self.session, *args, **named)
            self.session.commit()
        return result


def proposed(play: Play) -> None:
    """The programme officer proposes a review 100 days ahead."""
    with clock.pinned_to(play.now):
        starts_on = clock.today() + timedelta(days=100)
    play.review = play.act(  # type: ignore[assignment]
        commissioning.propose, unit=play.programme.unit(play.unit), committee=play.programme.committee(),
        by=play["officer"], starts_on=starts_on, scope="The whole command unit.", link_member=play["link"],
    )  # fmt: skip


def commissioning_(play: Play) -> None:
    """It goes before both keys."""
    play.act(commissioning.send_for_commission, play.review, by=play["officer"])


def panel_forming(play: Play) -> None:
    """Both keys are turned."""
    for key in ("authority", "commissioner"):
        seen = digest(play.session, play.review, "commissioning")
        play.act(commissioning.turn_key, play.review, by=play[key], seen=seen)


def panel_confirming(play: Play) -> None:
    """Three accept, declare nothing, and are shown to the unit."""
    for kind, word in SEATS.items():
        play.act(panels.seat, play.review, person=play[word], kind=kind, lead=word == LEAD, by=play["officer"])
        play.act(panels.declare_interests, play.review, by=play[word], interest=Interest.NONE)
        play.act(panels.accept_seat, play.review, by=play[word])
    play.act(panels.publish_panel, play.review, by=play["officer"])
    affirm(play)


def affirm(play: Play) -> None:
    """Each affirms the declaration, the panel being before the unit."""
    for word in SEATS.values():
        play.act(panels.declare_interests, play.review, by=play[word], interest=Interest.NONE, stage="confirmation")


def scoping(play: Play) -> None:
    """The unit does not object; the window passes."""
    play.later(working_days=6)
    play.act(panels.confirm_panel, play.review, by=None)


def self_assessment(play: Play) -> None:
    """Lead reviewer and commander agree the scope."""
    seen = digest(play.session, play.review, "agree_scope")
    play.act(evidence.agree_scope, play.review, by=play[LEAD], seen=seen, focus_areas=["Knife crime"])
    seen = digest(play.session, play.review, "agree_scope")
    play.act(evidence.agree_scope, play.review, by=play["commander"], seen=seen)


def evidence_review(play: Play) -> None:
    """The unit writes its self-assessment with evidence of two kinds, and submits it."""
    codes = list(rubric_of(play.session, play.review).criteria)
    for code in codes:
        play.act(
            evidence.save_self_assessment, play.review, by=play["author"], criterion=code, level=str(play.level),
            account=f"What we do about {code}.", revision=0,
        )  # fmt: skip
    for kind in (EvidenceType.DOCUMENT, EvidenceType.DATA):
        play.act(
            evidence.add_evidence, play.review, by=play["author"], kind=kind, title=f"Plan ({kind.value})",
            criteria=codes, upload=io.BytesIO(f"The {kind.value} of the unit".encode()), file_name="plan.txt",
        )  # fmt: skip
    play.act(evidence.submit_self_assessment, play.review, by=play["commander"])


def on_site(play: Play) -> None:
    """The panel reads, asks, and goes on site on the planned day."""
    play.act(evidence.note_question, play.review, by=play[LEAD], criterion="1.1", text="Ask the night shift.")
    play.act(evidence.close_evidence_review, play.review, by=play[LEAD])
    play.to_day(play.review.starts_on)


def scoring_(play: Play) -> None:
    """Declarations are re-affirmed, the log is filled, the visit ends."""
    for word in SEATS.values():
        play.act(panels.declare_interests, play.review, by=play[word], interest=Interest.NONE, stage="on_site")
    log = [ActivityKind.INTERVIEW] * 10 + [ActivityKind.PARTNER_MEETING] * 2 + [ActivityKind.OBSERVATION] * 2
    for kind in log:
        day = clock.local_date(play.now)
        play.act(evidence.log_activity, play.review, by=play[LEAD], kind=kind, held_on=day, people=4, minutes=45)
    codes = list(rubric_of(play.session, play.review).criteria)
    for seen in (EvidenceType.INTERVIEW, EvidenceType.OBSERVATION):
        play.act(
            evidence.add_evidence, play.review, by=play["council1"], kind=seen, title=f"Panel's {seen.value}",
            criteria=codes, note="What the panel saw.",
        )  # fmt: skip
    play.to_day(play.review.ends_on)
    play.act(evidence.end_visit, play.review, by=play[LEAD])


def consensus_(play: Play, *, levels: dict[str, int] | None = None) -> None:
    """Each reviewer marks every criterion alone and locks."""
    for word in SEATS.values():
        fill_sheet(play, word, levels=levels)
        play.act(scoring.lock_sheet, play.review, by=play[word])


def fill_sheet(play: Play, word: str, *, levels: dict[str, int] | None = None) -> None:
    """One reviewer's complete sheet, not yet locked, each mark on all the evidence there is: it carries a level 3."""
    seen = play.session.exec(select(Evidence.id).where(Evidence.review_id == play.review.key)).all()
    for code in rubric_of(play.session, play.review).criteria:
        level = (levels or {}).get(code, play.level)
        play.act(
            scoring.save_mark, play.review, by=play[word], criterion=code, level=str(level),
            strengths=f"Strength seen by {word} in {code}.", confidence=Confidence.HIGH,
            evidence=[one or 0 for one in seen], revision=0,
        )  # fmt: skip


def reporting_(
    play: Play, *, levels: dict[str, int] | None = None, grades: tuple[Grade, ...] = (Grade.MINOR, Grade.GOOD)
) -> None:
    """The panel agrees levels, adds findings, and signs."""
    for code in rubric_of(play.session, play.review).criteria:
        level = (levels or {}).get(code, play.level)
        play.act(
            consensus.agree_level, play.review, by=play[LEAD], criterion=code, level=str(level),
            rationale=f"The panel agrees on {code}.", revision=0,
        )  # fmt: skip
    for grade in grades:
        play.act(
            consensus.add_finding, play.review, by=play[LEAD], criterion="2.2", grade=grade,
            text=f"A {grade.value} finding.", recommendation="" if grade is Grade.GOOD else "Do it better.",
        )  # fmt: skip
    for word in SEATS.values():
        seen = digest(play.session, play.review, "consensus")
        play.act(consensus.sign_consensus, play.review, by=play[word], seen=seen)


def factual_accuracy(play: Play) -> None:
    """The lead reviewer sends the draft to the unit."""
    play.act(reporting.send_draft, play.review, by=play[LEAD])


def moderation_(play: Play) -> None:
    """The unit adds its statement and closes the window."""
    play.act(accuracy.write_statement, play.review, by=play["commander"], statement="We thank the panel.")
    play.act(accuracy.close_window, play.review, by=play["commander"])


def decision(play: Play) -> None:
    """Three moderators sign."""
    for word in ("member", "senior", "independent"):
        seen = digest(play.session, play.review, "moderation")
        play.act(moderation.sign_moderation, play.review, by=play[word], seen=seen)


def notified(play: Play) -> None:
    """Both keys are turned on the rules' outcome."""
    outcome = award.result(play.session, play.review).outcome
    play.act(signoff.choose_outcome, play.review, by=play["authority"], outcome=Outcome(str(outcome)))
    for key in ("authority", "commissioner"):
        play.act(signoff.decide, play.review, by=play[key], seen=digest(play.session, play.review, "decision"))


def appeal_window(play: Play) -> None:
    """The unit is told."""
    play.act(signoff.notify, play.review, by=play["officer"])


def published(play: Play) -> None:
    """The window passes, and the result is published."""
    play.later(working_days=11)
    play.act(signoff.close_appeal_window, play.review)
    play.act(signoff.publish, play.review, by=play["officer"])


def follow_up(play: Play) -> None:
    """The commander plans every action and submits the plan."""
    for action in play.session.exec(select(Action).where(Action.review_id == play.review.key)).all():
        play.act(
            followup.plan_action, action, by=play["commander"], plan="We will.", owner=play["author"], capital=100_00
        )
    play.act(followup.submit_action_plan, play.review, by=play["commander"])


def closed(play: Play) -> None:
    """Actions are done, verified by the programme officer, and both keys close."""
    for action in play.session.exec(select(Action).where(Action.review_id == play.review.key)).all():
        play.act(followup.report_progress, action, by=play["author"], text="Done in March.")
        play.act(followup.claim_done, action, by=play["author"])
        play.act(followup.verify, action, by=play["officer"], note="Minutes seen.")
    for key in ("authority", "commissioner"):
        seen = digest(play.session, play.review, "follow_up")
        play.act(commissioning.turn_key, play.review, by=play[key], seen=seen)
    play.act(followup.close_follow_up, play.review, by=play["officer"])


STAGES: dict[str, Callable[[Play], None]] = {
    "proposed": proposed,
    "commissioning": commissioning_,
    "panel_forming": panel_forming,
    "panel_confirming": panel_confirming,
    "scoping": scoping,
    "self_assessment": self_assessment,
    "evidence_review": evidence_review,
    "on_site": on_site,
    "scoring": scoring_,
    "consensus": consensus_,
    "reporting": reporting_,
    "factual_accuracy": factual_accuracy,
    "moderation": moderation_,
    "decision": decision,
    "notified": notified,
    "appeal_window": appeal_window,
    "published": published,
    "follow_up": follow_up,
    "closed": closed,
}


def played_to(programme: Programme, stage: str, **chosen: object) -> Play:
    """A new review played through every stage up to and including `stage`."""
    play = Play(programme, **chosen)  # type: ignore[arg-type]
    for name, step in STAGES.items():
        step(play)
        assert play.review.state == name, f"wanted {name}, the review is {play.review.state}"
        if name == stage:
            return play
    raise AssertionError(f"no stage {stage}")
