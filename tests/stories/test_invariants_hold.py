"""Whatever people try, in whatever order, the invariants of security.md hold after every committed act."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import (
    accuracy,
    commissioning,
    consensus,
    followup,
    moderation,
    panels,
    reporting,
    scoring,
    signoff,
)
from metstandard.actions.certificates import expire, joint_act
from metstandard.common import clock
from metstandard.common.errors import MetStandardError
from metstandard.queries.invariants import breaches
from metstandard.records import database
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Interest, Seat
from metstandard.records.sheets import Paragraph
from metstandard.rubric.shapes import Outcome
from metstandard.rules.content import digest
from tests.factories.programme import Programme
from tests.factories.stages import STAGES, Play

BEGAN = timedelta(days=900)
PEOPLE = (
    "officer", "authority", "commissioner", "member", "senior", "independent", "administrator", "link", "commander",
    "author", "peer1", "peer2", "council1", "council2", "company1", "company2",
)  # fmt: skip
ORDER = tuple(STAGES)
LATER = ("suspend", "reinstate", "withdraw", "extend", "verify", "expire")

Attempt = Callable[["Programme", Review, str], Any]


def _seen(act: Callable[..., Any], purpose: str) -> Attempt:
    return lambda made, one, who: act(made.session, one, by=made[who], seen=digest(made.session, one, purpose))


def _seat(made: Programme, one: Review) -> Seat:
    return made.session.exec(
        select(Seat).where(Seat.review_id == one.key, col(Seat.status).in_(HOLDING))
    ).first() or Seat(review_id=one.key, kind="peer", person_id=0)


ATTEMPTS: dict[str, Attempt] = {
    "turn the key": _seen(commissioning.turn_key, "commissioning"),
    "turn the key on the closing": _seen(commissioning.turn_key, "follow_up"),
    "return": lambda made, one, who: commissioning.return_with_reasons(made.session, one, by=made[who], reason="No."),
    "send": lambda made, one, who: commissioning.send_for_commission(made.session, one, by=made[who]),
    "cancel": lambda made, one, who: commissioning.cancel(made.session, one, by=made[who], reason="Over."),
    "pause": lambda made, one, who: commissioning.pause(made.session, one, by=made[who], reason="Incident."),
    "resume": lambda made, one, who: commissioning.resume(made.session, one, by=made[who]),
    "seat oneself": lambda made, one, who: panels.seat(
        made.session, one, person=made[who], kind="peer", lead=False, by=made[who]
    ),
    "seat somebody": lambda made, one, who: panels.seat(
        made.session, one, person=made[who], kind="private", lead=False, by=made["officer"]
    ),
    "unseat": lambda made, one, who: panels.unseat(made.session, one, _seat(made, one), by=made[who], reason="Away."),
    "accept": lambda made, one, who: panels.accept_seat(made.session, one, by=made[who]),
    "decline": lambda made, one, who: panels.decline_seat(made.session, one, by=made[who], reason="Busy."),
    "declare nothing": lambda made, one, who: panels.declare_interests(
        made.session, one, by=made[who], interest=Interest.NONE
    ),
    "declare much": lambda made, one, who: panels.declare_interests(
        made.session, one, by=made[who], interest=Interest.PREJUDICIAL, detail="A partner works there."
    ),
    "publish the panel": lambda made, one, who: panels.publish_panel(made.session, one, by=made[who]),
    "confirm the panel": lambda made, one, who: panels.confirm_panel(made.session, one, by=made[who]),
    "object": lambda made, one, who: panels.object_to_reviewer(
        made.session, one, _seat(made, one), by=made[who], cause="We know each other."
    ),
    "lock": lambda made, one, who: scoring.lock_sheet(made.session, one, by=made[who]),
    "mark": lambda made, one, who: scoring.save_mark(
        made.session, one, by=made[who], criterion="1.1", level="4", revision=0
    ),
    "sign the consensus": _seen(consensus.sign_consensus, "consensus"),
    "agree a level": lambda made, one, who: consensus.agree_level(
        made.session, one, by=made[who], criterion="1.1", level="4", rationale="Changed.", revision=1
    ),
    "send the draft": lambda made, one, who: reporting.send_draft(made.session, one, by=made[who]),
    "rewrite": lambda made, one, who: reporting.edit_paragraph(
        made.session, one, made.session.exec(select(Paragraph)).first() or Paragraph(review_id=0, number=0, section=""),
        by=made[who], text="Rewritten.", revision=1,
    ),
    "close the window": lambda made, one, who: accuracy.close_window(made.session, one, by=made[who]),
    "state": lambda made, one, who: accuracy.write_statement(made.session, one, by=made[who], statement="Thanks."),
    "change a level": lambda made, one, who: moderation.change_level(
        made.session, one, by=made[who], criterion="3.1", level="2", reason="Too high."
    ),
    "return to the panel": lambda made, one, who: moderation.return_to_panel(
        made.session, one, by=made[who], reason="Look again."
    ),
    "sign the moderation": _seen(moderation.sign_moderation, "moderation"),
    "choose": lambda made, one, who: signoff.choose_outcome(
        made.session, one, by=made[who], outcome=Outcome.DEFERRED, exception="By exception."
    ),
    "decide": _seen(signoff.decide, "decision"),
    "notify": lambda made, one, who: signoff.notify(made.session, one, by=made[who]),
    "publish": lambda made, one, who: signoff.publish(made.session, one, by=made[who]),
    "close": lambda made, one, who: followup.close_follow_up(made.session, one, by=made[who]),
}  # fmt: skip


class AnybodyTriesAnything(RuleBasedStateMachine):
    """One review: now and then it goes on as it should, in between anybody tries anything."""

    filled: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.filled, self.folder / "metstandard.db")
        self.engine: Engine = database.engine(f"sqlite:///{self.folder / 'metstandard.db'}")
        self.session = Session(self.engine)
        self.made = Programme.of(self.session)
        self.play = Play(self.made, began=clock.now() - BEGAN)
        self._stage("proposed")

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.session.close()
        self.engine.dispose()
        shutil.rmtree(self.folder)

    def _stage(self, name: str) -> None:
        STAGES[name](self.play)

    @precondition(lambda self: self.play.review.state in ORDER[:-1] and not self.play.review.paused)
    @rule()
    def goes_on(self) -> None:
        """The review goes on to its next stage, unless what was tried before stands in the way."""
        try:
            self._stage(ORDER[ORDER.index(self.play.review.state) + 1])
        except (MetStandardError, IndexError, KeyError):
            self.session.rollback()

    @rule(attempt=st.sampled_from(sorted(ATTEMPTS)), who=st.sampled_from(PEOPLE))
    def tries(self, attempt: str, who: str) -> None:
        """Anybody tries anything; a refusal is rolled back as the web does it."""
        self.play.now += timedelta(minutes=3)
        with clock.pinned_to(self.play.now):
            try:
                ATTEMPTS[attempt](self.made, self.play.review, who)
                self.session.commit()
            except MetStandardError:
                self.session.rollback()

    @rule(
        act=st.sampled_from(("suspend", "reinstate", "withdraw", "extend", "verify", "expire")),
        who=st.sampled_from(PEOPLE),
    )
    def tries_on_what_came_of_it(self, act: str, who: str) -> None:
        """The same on certificates and actions."""
        self.play.now += timedelta(minutes=3)
        with clock.pinned_to(self.play.now):
            try:
                for one in self.session.exec(select(Certificate)).all():
                    expire(self.session, one) if act == "expire" else joint_act(
                        self.session, one, act, by=self.made[who], reason="Because."
                    )
                for action in self.session.exec(select(Action)).all() if act == "verify" else ():
                    followup.verify(self.session, action, by=self.made[who], note="Seen.")
                self.session.commit()
            except MetStandardError:
                self.session.rollback()

    @rule(days=st.sampled_from((1, 7, 30)))
    def time_passes(self, days: int) -> None:
        """And time passes."""
        self.play.now += timedelta(days=days)

    @invariant()
    def nothing_is_broken(self) -> None:
        """What `metstandard doctor` asks holds now."""
        with clock.pinned_to(self.play.now):
            assert [str(one) for one in breaches(self.session)] == []
            self.session.rollback()


def test_the_invariants_hold_whatever_people_try(data: Path) -> None:
    """Random acts by random people between the right ones never break an invariant."""
    AnybodyTriesAnything.filled = data / "metstandard.db"
    run_state_machine_as_test(
        AnybodyTriesAnything,
        settings=settings(
            max_examples=12,
            stateful_step_count=45,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
