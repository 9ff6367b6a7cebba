"""Nominations of the demonstration, each played through the acts to where its plot ends; nobody in them is real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from metstandard.actions.recognition import (
    allotting,
    announcing,
    checks,
    consent,
    deciding,
    eligibility,
    incidents,
    judging,
    nominating,
    nominees,
    presenting,
    seconding,
)
from metstandard.actions.recognition.nominees import Named
from metstandard.cli.demo.people import Cast
from metstandard.cli.demo.stories import ALONE, STORIES, Story
from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.judging import Event
from metstandard.records.recognition import CheckResult, Nomination
from metstandard.records.seats import Interest
from metstandard.records.units import Unit
from metstandard.rules import seconders
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.recognition import allotments, seconder_of
from metstandard.rules.recognition import nominees_of

# The steps, and on which day after the draft each is over.
STAGES = {
    "draft": 0, "submitted": 1, "checks": 12, "sifted": 25, "shortlisted": 30, "judged": 44, "moderated": 48,
    "decided": 55, "consented": 60, "embargoed": 64, "announced": 71, "presented": 85,
}  # fmt: skip
_BEFORE = timedelta(days=20)


@dataclass
class Teller:
    """Plays one story; `now` is its own clock, which begins as long ago as the story needs."""

    session: Session
    cast: Cast
    story: Story
    units: dict[str, Unit]
    nomination: Nomination = field(init=False)
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.began = clock.today() - timedelta(days=STAGES[self.story.reaches] + self.story.quiet_days)
        self.now = clock.at_local(self.began, 9)

    def do(self, act: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """One act, ten minutes after the last."""
        self.now += timedelta(minutes=10)
        with clock.pinned_to(self.now):
            return act(self.session, *args, **named)

    def to(self, stage: str) -> None:
        """Let time pass until the day on which a stage ends."""
        self.now = max(self.now, clock.at_local(self.began + timedelta(days=STAGES[stage]), 9))

    @property
    def officer(self) -> Person:
        """The programme officer."""
        return self.cast["programme.officer"]

    def draft(self) -> None:
        """Somebody without an account writes it, page by page."""
        story = self.story
        begun = {"name": story.nominator, "email": f"{story.word}.nominator@demo.example", "once": story.word}
        self.nomination = self.do(nominating.begin_nomination, by=None, **begun)
        said = story.said(self._happened_on())
        for page, columns in nominating.PAGES.items():
            values = {column: said[column] for column in columns}
            typed = {name: value if isinstance(value, str | bool) else str(value) for name, value in values.items()}
            self.do(nominating.save_page, self.nomination, page, by=None, typed=typed, values=values, revision=0)
        for number, one in enumerate(story.nominees):
            named = Named(**{**one, "unit": self.units.get(one.get("unit", ""))})
            page = "nominee" if story.scheme in ALONE else "member:new"
            typed = {"name": named.name, "n": str(number)}
            self.do(nominees.save_nominee, self.nomination, page, by=None, typed=typed, named=named, revision=0)
        seconder = {"name": story.seconder, "email": f"{story.word}.seconder@demo.example", "body": story.seconded_for}
        self.do(nominating.save_seconder, self.nomination, by=None, typed=seconder, values=seconder, revision=0)

    def _happened_on(self) -> date:
        return self.began - _BEFORE

    def submitted(self) -> None:
        """It is sent, and its seconder is asked."""
        self.do(nominating.submit, self.nomination, by=None)

    def checks(self) -> None:
        """The seconder confirms; the programme office finds it eligible."""
        self.to("checks")
        row = seconder_of(self.session, self.nomination)
        seen = seconders.seconded_digest(self.session, self.nomination)
        words = "I know of it at first hand."
        self.do(seconding.second, self.nomination, row, confirm=True, words=words, seen=seen)
        self.do(eligibility.take_up, self.nomination, by=self.officer)
        if self.story.incident:
            facts = incidents.Facts(
                title=self.story.incident, happened_on=self._happened_on(), died=self.story.died,
                everyone_asked_on=self.now.date(), families_asked_on=self.now.date() if self.story.died else None,
            )  # fmt: skip
            incident = self.do(incidents.create_incident, facts, by=self.officer)
            self.do(incidents.group, self.nomination, incident, by=self.officer)
        self.do(eligibility.pass_eligibility, self.nomination, by=self.officer)

    def sifted(self) -> None:
        """Professional standards and sponsors answer clear."""
        self.to("sifted")
        for person in (one for word, one in self.cast.people.items() if word.startswith(("standards", "sponsor"))):
            for nominee, asked in checks.answers_for(self.session, person, self.nomination):
                answered = {"nominee": nominee.key, "asked_of": asked, "result": CheckResult.CLEAR}
                self.do(checks.answer_check, self.nomination, by=person, **answered)
        self.do(checks.clear_checks, self.nomination, by=self.officer)

    def shortlisted(self) -> None:
        """Judges are allotted; one of them begins."""
        self.to("shortlisted")
        seen = allotting.proposal(self.session, self.nomination).digest
        self.do(allotting.allot, self.nomination, by=self.officer, seen=seen)
        self.do(allotting.shortlist, self.nomination, by=self.officer)

    def judged(self) -> None:
        """Each judge marks alone and locks."""
        self.to("judged")
        for number, one in enumerate(allotments(self.session, self.nomination)):
            judge = self.session.get_one(Person, one.person_id)
            self.do(judging.declare_interests, self.nomination, by=judge, interest=Interest.NONE)
            for place, code in enumerate(rubric_of(self.session, self.nomination).criteria):
                level = str(max(1, min(4, self.story.level + (number + place) % 3 - 1)))
                mark = {"criterion": code, "level": level, "words": "As the account says.", "revision": 0}
                self.do(judging.save_judgement, self.nomination, by=judge, **mark)
            self.do(judging.lock_judgement, self.nomination, by=judge)

    def moderated(self) -> None:
        """The chair passes it on."""
        self.to("moderated")
        self.do(judging.moderate, self.nomination, by=self.cast["judging.chair"])

    def decided(self) -> None:
        """The Authority decides on what it is shown."""
        self.to("decided")
        seen = digest(self.session, self.nomination, "decide")
        award = {"award": self.story.awarded, "reason": "For what was done.", "seen": seen}
        self.do(deciding.decide, self.nomination, by=self.cast["authority.key"], **award)

    def consented(self) -> None:
        """Everybody agrees by letter; those who wish are not named."""
        self.to("consented")
        for one in sorted(nominees_of(self.session, self.nomination), key=lambda each: not each.died):
            unnamed = one.name in self.story.unnamed
            self.do(consent.answer, self.nomination, one, by=None, given=True, anonymous=unnamed)

    def embargoed(self) -> None:
        """The press officer checks the words and sets the moment."""
        self.to("embargoed")
        press = self.cast["press.officer"]
        self.do(announcing.check_announcement, self.nomination, by=press, words=self.story.announcement)
        until = clock.at_local((self.now + timedelta(days=7)).date(), 9)
        self.do(announcing.set_embargo, self.nomination, by=press, until=until)

    def announced(self) -> None:
        """The clock announces it."""
        self.to("announced")
        self.do(announcing.announce, self.nomination)

    def presented(self) -> None:
        """It is presented."""
        self.to("presented")
        self.do(presenting.record_presentation, self.nomination, by=self.officer)


def tell(session: Session, cast: Cast, units: dict[str, Unit], story: Story) -> Nomination:
    """Play one story to where it ends; the caller commits."""
    teller = Teller(session, cast, story, units)
    for stage in list(STAGES)[: list(STAGES).index(story.reaches) + 1]:
        getattr(teller, stage)()
    return teller.nomination


def ceremony(session: Session, cast: Cast) -> Event:
    """An event five weeks from now, published."""
    starts = clock.at_local(clock.today() + timedelta(days=35), 18)
    made = presenting.save_event(
        session, by=cast["programme.officer"], title="Presentation of awards", starts_at=starts,
        ends_at=starts + timedelta(hours=3), place="City Hall, London", words="Step-free access. Families are welcome.",
    )  # fmt: skip
    presenting.publish_event(session, made, by=cast["programme.officer"])
    for nomination in session.exec(select(Nomination).where(Nomination.state == "announced")).all():
        presenting.invite(session, made, nomination, by=cast["programme.officer"])
    return made


__all__ = ["STORIES", "ceremony", "tell"]
