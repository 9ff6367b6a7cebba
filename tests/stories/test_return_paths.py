"""What happens when a review does not go straight on: every way back, through the pages of those who take it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from metstandard.actions import consensus, panels, scoring, signoff
from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.errors import NotNow
from metstandard.common.settings import settings
from metstandard.jobs import clock as clock_moves
from metstandard.queries.invariants import breaches
from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.sheets import AgreedLevel, Finding, Mark, Paragraph
from metstandard.rubric.shapes import Outcome
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.rules.signatures import counting
from tests.factories.browser import client_for, filled, press, soup
from tests.factories.certified import certified
from tests.factories.kept import DIFFERENT, play_on, playing
from tests.factories.panel import answer, held, standing
from tests.factories.stages import SEATS, Play, decision, factual_accuracy, fill_sheet, moderation_

CERTIFICATE = "/authority/certificates/1"


class Story:
    """A review under way and the pages that lead on from there, at the play's own time."""

    def __init__(self, play: Play, app: Flask) -> None:
        self.play = play
        self.app = app
        play.session.commit()
        # People as rows of no session: the play's own would begin to write while a page is being asked for.
        with Session(play.session.get_bind(), expire_on_commit=False) as session:
            self._people = {one.email.split("@")[0]: one for one in session.exec(select(Person)).all()}

    def _browser(self, word: str) -> FlaskClient:
        """A fresh sign-in, or a visitor for an empty word; the play lets go of the database first."""
        self.play.session.commit()
        return client_for(self.app, self._people[word] if word else None)

    def page(self, word: str, path: str, *, status: int = 200) -> str:
        """What somebody, or a visitor for an empty word, reads at an address."""
        with self.play.at():
            answered = self._browser(word).get(path, follow_redirects=True)
        assert answered.status_code == status, f"{path} answered {answered.status_code}"
        return _words(soup(answered))

    def press(self, word: str, path: str, button: str, *, status: int = 200, **typed: object) -> str:
        """Somebody presses a button a minute later; the words of the page that answers."""
        self.play.now += timedelta(minutes=1)
        with self.play.at():
            answered = press(self._browser(word), path, button, **typed)
        said = _words(soup(answered))
        assert answered.status_code == status, f"{path} answered {answered.status_code}: {said[:500]}"
        self.play.session.expire_all()
        return said

    def fill_in(self, word: str, path: str, *, status: int = 200, **typed: object) -> str:
        """Like `press`, where a page has the same button many times: the form is the one with the fields typed into."""
        self.play.now += timedelta(minutes=1)
        with self.play.at():
            client = self._browser(word)
            form = next(
                one
                for one in soup(client.get(path)).find_all("form")
                if all(one.find(attrs={"name": n}) for n in typed)
            )
            answered = client.post(str(form["action"]), data=filled(form) | typed, follow_redirects=True)
        said = _words(soup(answered))
        assert answered.status_code == status, f"{path} answered {answered.status_code}: {said[:500]}"
        self.play.session.expire_all()
        return said

    def json(self, path: str) -> Any:
        """What a visitor's program reads at an address."""
        with self.play.at():
            return self._browser("").get(path).get_json()

    def of(self, door: str, page: str = "") -> str:
        """The address of a page of the review."""
        return f"/{door}/reviews/{self.play.review.reference}{page and '/' + page}"

    @property
    def state(self) -> str:
        """Where the review stands."""
        self.play.session.expire_all()
        return self.play.review.state


def _words(page: BeautifulSoup) -> str:
    return " ".join((page.main or page).get_text(" ", strip=True).split())


@contextmanager
def story_at(data: Path, stage: str) -> Iterator[Story]:
    """A review at a stage; whatever was done, the invariants hold at the end."""
    with playing(data, stage) as play:
        yield Story(play, _app())
        play.session.commit()
        assert breaches(play.session) == []


def _app() -> Flask:
    made = create_app(settings())
    made.config.update(TESTING=True, RATELIMIT_ENABLED=False)
    return made


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Story]:
    """A unit that holds a certificate since its review was published."""
    file = tmp_path / "metstandard.db"
    file.write_bytes(certified())
    engine = database.engine(f"sqlite:///{file}")
    with Session(engine) as session:
        yield Story(play_on(session, clock.now()), _app())
        session.commit()
        assert breaches(session) == []
    engine.dispose()


def certificate(story: Story) -> Certificate:
    """The one certificate as it now stands."""
    story.play.session.expire_all()
    return story.play.session.exec(select(Certificate)).one()


def sweep(story: Story) -> int:
    """The worker does what has fallen due at the play's time."""
    story.play.session.commit()
    with story.play.at():
        return clock_moves.sweep(story.play.session.get_bind(), settings(), threading.Event())  # type: ignore[arg-type]


# The panel


def test_a_reviewer_gives_the_seat_up_with_a_reason_and_a_substitute_takes_it(data: Path) -> None:
    """Before the visit the programme office seats another, who declares, accepts, and leads on."""
    with story_at(data, "scoping") as story:
        play, seat = story.play, held(story.play, "peer")
        story.press("peer1", story.of("reviewers", "seat"), "Give the seat up", reason="My mother is ill.")
        story.page("peer1", story.of("reviewers", "evidence"), status=403)
        assert "My mother is ill." in story.page("officer", story.of("authority", "panel"))
        prefix = f"substitute{seat.key}"
        typed = {f"{prefix}-substitute": play["peer2"].key, f"{prefix}-reason": "The first reserve."}
        story.fill_in("officer", story.of("authority", "panel?seat=private"), **typed)
        story.press("peer2", story.of("reviewers", "declaration"), "Declare", interest="none")
        story.press("peer2", story.of("reviewers", "seat"), "Accept the seat")
        assert standing(play)["peer"] == ("peer2", True, "accepted")
        story.press("peer2", story.of("reviewers", "scope"), "Agree this scope", first="Night-time economy")
        story.press("commander", story.of("units", "scope"), "Agree the scope")
        assert story.state == "self_assessment"


def test_a_reviewer_lost_on_site_is_replaced_once_both_keys_agree(data: Path) -> None:
    """PAN-4: one key is not enough; the substitute affirms on site like everybody."""
    with story_at(data, "on_site") as story:
        play, seat = story.play, held(story.play, "private")
        prefix = f"substitute{seat.key}"
        typed = {f"{prefix}-substitute": play["company2"].key, f"{prefix}-reason": "In hospital."}
        for key in ("authority", "commissioner"):
            with pytest.raises(NotNow, match="has not agreed"):
                play.act(
                    panels.replace_reviewer, play.review, seat, by=play["officer"], reason="In hospital.",
                    substitute=play["company2"],
                )  # fmt: skip
            play.session.rollback()
            story.fill_in(key, story.of("authority", "panel"), **{f"key{seat.key}-reason": "An accident."})
        story.fill_in("officer", story.of("authority", "panel?seat=private"), **typed)
        answer(play, "company2")
        for word in ("peer1", "council1", "company2"):
            story.press(word, story.of("reviewers", "declaration"), "Declare", interest="none")
        assert standing(play)["private"] == ("company2", False, "accepted")
        story.page("company1", story.of("reviewers", "evidence"), status=403)


def test_after_the_first_locked_sheet_nobody_is_replaced(data: Path) -> None:
    """PAN-4: the key is refused, the panel stays, and the refusal names the rule."""
    with story_at(data, "scoring") as story:
        play = story.play
        number = held(play, "private").key
        fill_sheet(play, "peer1")
        play.act(scoring.lock_sheet, play.review, by=play["peer1"])
        before = standing(play)
        typed = {f"key{number}-reason": "An accident."}
        said = story.fill_in("authority", story.of("authority", "panel"), status=409, **typed)
        assert "the review must restart as a linked one" in said
        assert standing(play) == before


# Judgement


def agree_all(play: Play, *, but: str = "") -> None:
    """The panel agrees a 3 everywhere, with what SCO-4 asks for, but not on one criterion."""
    for code in rubric_of(play.session, play.review).criteria:
        if code != but:
            play.act(
                consensus.agree_level, play.review, by=play["peer1"], criterion=code, level="3", revision=0,
                rationale=f"We agree on {code}.", discussion="We talked it through." if code in DIFFERENT else "",
                new_evidence="The night shift's log." if code in DIFFERENT else "",
            )  # fmt: skip


def test_not_enough_evidence_left_unresolved_keeps_the_consensus_open(data: Path) -> None:
    """SCO-1: 1.3, which all three marked NE, is named, and nobody can sign before it is cleared."""
    with story_at(data, "apart") as story:
        play = story.play
        agree_all(play, but="1.3")
        assert "1.3" in story.page("peer1", story.of("reviewers", "consensus/sign"))
        seen = digest(play.session, play.review, "consensus")
        with pytest.raises(NotNow, match="“not enough evidence” must be cleared"):
            play.act(consensus.sign_consensus, play.review, by=play["peer1"], seen=seen)
        play.session.rollback()
        assert story.state == "consensus"
        play.act(
            consensus.agree_level, play.review, by=play["peer1"], criterion="1.3", level="0", revision=0,
            rationale="Nobody could show it.", discussion="All three looked.",
        )  # fmt: skip
        for word in SEATS.values():
            story.press(word, story.of("reviewers", "consensus/sign"), "Sign the consensus", reaffirm="y")
        assert story.state == "reporting"


def kept(play: Play) -> list[tuple[object, ...]]:
    """Everything the panel wrote that a return must not lose."""
    session, found = play.session, []
    found += [(one.sheet_id, one.criterion, one.level, one.strengths) for one in session.exec(select(Mark)).all()]
    found += [(one.criterion, one.level, one.rationale) for one in session.exec(select(AgreedLevel)).all()]
    found += [(one.criterion, one.grade, one.text) for one in session.exec(select(Finding)).all()]
    found += [(one.number, one.section, one.text) for one in session.exec(select(Paragraph)).all()]
    return found


def test_moderation_returns_a_review_to_the_panel_which_keeps_all_and_signs_again(data: Path) -> None:
    """Marks, levels, findings and paragraphs stay; signatures of panel and moderators count no more."""
    with story_at(data, "moderation") as story:
        play = story.play
        before = kept(play)
        story.press("member", story.of("authority", "moderation"), "Sign the moderation", no_interest="y")
        story.press("senior", story.of("authority", "moderation"), "Return to the panel", why="2.2 reads thin.")
        assert story.state == "consensus"
        assert kept(play) == before
        for purpose in ("consensus", "moderation"):
            assert counting(play.session, play.review, purpose) == []
        assert "2.2 reads thin." in story.page("peer1", story.of("reviewers"))
        for word in SEATS.values():
            assert story.state == "consensus"
            story.press(word, story.of("reviewers", "consensus/sign"), "Sign the consensus", reaffirm="y")
        assert story.state == "reporting"
        for step in (factual_accuracy, moderation_, decision):
            play.later(working_days=1)
            step(play)
        assert story.state == "decision"


# The decision


def test_a_key_returns_the_decision_with_reasons_and_the_first_key_counts_no_more(data: Path) -> None:
    """Moderators read why and sign again; then both keys are asked for again."""
    with story_at(data, "decision") as story:
        play, page = story.play, story.of("authority", "signoff")
        story.press("authority", page, "Write down the outcome")
        story.press("authority", page, "Turn your key", no_interest="y")
        story.press("commissioner", page, "Return with reasons", why="Read 1.1 once more.")
        assert story.state == "moderation"
        assert "Read 1.1 once more." in story.page("member", story.of("authority"))
        for word in ("member", "senior", "independent"):
            story.press(word, story.of("authority", "moderation"), "Sign the moderation", no_interest="y")
        assert story.state == "decision"
        assert counting(play.session, play.review, "decision") == []
        for key in ("commissioner", "authority"):
            assert story.state == "decision"
            story.press(key, page, "Turn your key", no_interest="y")
        assert story.state == "notified"


def test_a_change_after_the_first_key_voids_it(data: Path) -> None:
    """The other key alone decides nothing; the first is turned again on what now stands."""
    with story_at(data, "decision") as story:
        play, page = story.play, story.of("authority", "signoff")
        story.press("authority", page, "Write down the outcome")
        story.press("authority", page, "Turn your key", no_interest="y")
        reason = "A court will rule on the unit's custody suite."
        story.press("commissioner", page, "Write down the outcome", outcome="DEFERRED", exception=reason)
        assert counting(play.session, play.review, "decision") == []
        story.press("commissioner", page, "Turn your key", no_interest="y")
        assert story.state == "decision"
        assert reason in story.page("authority", page)
        story.press("authority", page, "Turn your key", no_interest="y")
        assert (story.state, play.review.outcome) == ("notified", Outcome.DEFERRED)


@pytest.mark.parametrize("outcome", ["ACHIEVED_WITH_CONDITIONS", "NOT_YET_ACHIEVED", "DEFERRED"])
def test_a_lesser_outcome_is_published_without_a_certificate(data: Path, outcome: str) -> None:
    """The unit's page in the register says so in the rubric's words, the register of certificates stays empty."""
    with story_at(data, "decision") as story:
        play, page = story.play, story.of("authority", "signoff")
        story.press("authority", page, "Write down the outcome", outcome=outcome, exception="Both keys think so.")
        for key in ("authority", "commissioner"):
            story.press(key, page, "Turn your key", no_interest="y")
        story.press("officer", page, "Tell the unit its result")
        play.later(working_days=11)
        play.act(signoff.close_appeal_window, play.review)
        assert outcome.replace("_", " ").lower() not in story.page("", "/register/units/EK").lower()
        story.press("officer", page, "Publish the result")
        assert (story.state, play.review.outcome) == ("published", Outcome(outcome))
        assert play.session.exec(select(Certificate)).all() == []
        award = rubric_of(play.session, play.review).award
        assert award is not None
        said = story.page("", "/register/units/EK")
        assert award.outcomes[outcome].public.strip() in said
        assert "MS-0001" not in said + story.page("", "/register")


# The certificate


def joint(story: Story, act: str) -> None:
    """Both keys agree to an act through their pages."""
    for key in ("authority", "commissioner"):
        story.press(key, f"{CERTIFICATE}/{act}", f"Agree to {act}", reason="After the report of June.")


def told(story: Story) -> list[str]:
    """The status of the certificate as the register, its own page and the verification say it to a visitor."""
    one = certificate(story)
    number, code = one.title, one.code
    data = story.json("/register.json")
    rows = data["certificates"] if isinstance(data, dict) else data
    found = [row["status"] for row in rows if row["number"] == number]
    verified = story.page("", f"/verify/{code}").lower()
    assert found[0] in verified
    assert found[0] in story.page("", f"/certificates/{number}").lower()
    return found


def test_a_certificate_is_suspended_and_reinstated_by_both_keys_and_the_register_says_so(holder: Story) -> None:
    """One key alone changes nothing that anybody outside can see."""
    assert told(holder) == ["current"]
    holder.press("authority", f"{CERTIFICATE}/suspend", "Agree to suspend", reason="After the report of June.")
    assert told(holder) == ["current"]
    holder.press("commissioner", f"{CERTIFICATE}/suspend", "Agree to suspend", reason="We agree.")
    assert told(holder) == ["suspended"]
    holder.press("commissioner", f"{CERTIFICATE}/reinstate", "Agree to reinstate", reason="All is mended.")
    assert told(holder) == ["suspended"]
    holder.press("authority", f"{CERTIFICATE}/reinstate", "Agree to reinstate", reason="All is mended.")
    assert told(holder) == ["current"]


def test_a_withdrawn_certificate_stays_in_the_register_as_withdrawn(holder: Story) -> None:
    """For good: no act is left."""
    joint(holder, "withdraw")
    assert told(holder) == ["withdrawn"]
    assert "Agree to" not in holder.page("authority", CERTIFICATE)
    assert sweep(holder) == 0


def test_a_certificate_expires_the_day_after_its_last_and_is_extended_once(holder: Story) -> None:
    """The extension moves the last day by three months; a second is refused; then the clock ends it."""
    first = certificate(holder).valid_until
    joint(holder, "extend")
    last = certificate(holder).valid_until
    assert (last.year * 12 + last.month) - (first.year * 12 + first.month) == 3
    assert "Agree to extend" not in holder.page("authority", f"{CERTIFICATE}/extend")
    holder.play.to_day(last)
    sweep(holder)
    assert certificate(holder).status == "current"
    holder.play.to_day(last + timedelta(days=1))
    assert sweep(holder) == 1
    assert certificate(holder).state == "expired"
    with holder.play.at():
        assert told(holder) == ["expired"]
