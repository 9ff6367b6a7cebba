"""What follows a seat, tried the wrong way in a browser: declarations, waivers, objections (COI-8 to COI-12, PAN-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from metstandard.actions import panels
from metstandard.records.seats import Declaration, Interest, Objection, Seat, SeatStatus
from tests.factories.browser import press, soup
from tests.factories.visiting import Visit, visiting, words
from tests.rules.test_conflicts import ago, earlier_review

At = Callable[[str], Visit]
UNMET = "A conflict of interest stands that is neither resolved nor waived by both keys."


@pytest.fixture
def at(data: Path) -> Iterator[At]:
    """The pages of a review at any stage."""
    open_now = []

    def begin(stage: str) -> Visit:
        made = visiting(data, stage)
        open_now.append(made)
        return made.__enter__()

    yield begin
    for one in open_now:
        one.__exit__(None, None, None)


def panel(visit: Visit, door: str = "authority") -> str:
    return f"/{door}/reviews/{visit.reference}/panel"


def held(visit: Visit, word: str) -> Seat:
    """The newest seat of somebody in the review."""
    with visit.rows() as session:
        query = select(Seat).where(Seat.person_id == visit.people[word].key).order_by(col(Seat.id).desc())
        return session.exec(query).first() or pytest.fail(f"{word} has no seat")


def invite_all(visit: Visit) -> None:
    """All three are asked; the peer leads."""
    with visit.play() as play:
        for word, kind in (("peer1", "peer"), ("council1", "local_authority"), ("company1", "private")):
            play.act(panels.seat, play.review, person=play[word], kind=kind, lead=word == "peer1", by=play["officer"])


def accept_all(visit: Visit, *, but: str = "") -> None:
    """Everybody declares nothing and accepts."""
    with visit.play() as play:
        for word in ("peer1", "council1", "company1"):
            if word != but:
                play.act(panels.declare_interests, play.review, by=play[word], interest=Interest.NONE)
            play.act(panels.accept_seat, play.review, by=play[word])


def test_a_blank_declaration_is_not_none(at: At) -> None:
    """COI-8: nothing is recorded, and nothing of the unit is shown."""
    visit = at("panel_forming")
    invite_all(visit)
    answer = visit.press("peer1", "declaration", "Declare")
    assert answer.status_code == 422
    assert "leaving it blank does not count as “nothing to declare”" in words(soup(answer))
    with visit.rows() as session:
        assert session.exec(select(Declaration)).all() == []
    assert visit.get("peer1", "evidence").status_code == 409


def test_a_prejudicial_interest_ends_the_seat_at_once(at: At) -> None:
    """COI-9: declared on site, by somebody who sat until then."""
    visit = at("on_site")
    answer = visit.press("company1", "declaration", "Declare", interest="prejudicial", detail="We bid for its cars.")
    assert "ended" in words(soup(answer)).lower()
    assert held(visit, "company1").status is not SeatStatus.ACCEPTED
    assert visit.get("company1", "evidence").status_code == 403


def test_a_personal_interest_stays_only_with_both_keys(at: At) -> None:
    """COI-12: with one key's waiver the panel is still kept from the unit."""
    visit = at("panel_forming")
    invite_all(visit)
    visit.press("peer1", "declaration", "Declare", interest="personal", detail="My cousin works there.")
    accept_all(visit, but="peer1")
    seen = words(soup(visit.as_("officer").get(panel(visit))))
    assert ("COI-12" in seen, UNMET in seen) == (True, True)
    for word, unmet in (("officer", True), ("authority", True), ("commissioner", False)):
        with visit.play() as play:
            play.act(
                panels.waive_conflict, play.review, person=play["peer1"], rule="COI-12", by=play[word],
                reason="A distant cousin." if word == "officer" else "",
            )  # fmt: skip
        assert (UNMET in words(soup(visit.as_("officer").get(panel(visit))))) is unmet


def test_a_peer_does_not_lead_twice_running_without_a_waiver(at: At) -> None:
    """PAN-2."""
    visit = at("panel_forming")
    with visit.play() as play:
        earlier_review(play, "EK", {"peer": "peer2"}, on=ago(play, 60))
    invite_all(visit)
    accept_all(visit)
    seen = words(soup(visit.as_("officer").get(panel(visit))))
    assert ("The peer also led the last panel of Camden BOCU" in seen, UNMET in seen) == (True, True)


def test_an_objection_needs_a_cause_and_a_third_is_one_too_many(at: At) -> None:
    """COI-10."""
    visit = at("panel_confirming")
    page = panel(visit, "units")

    def object_to(word: str, cause: str) -> str:
        seat = held(visit, word)
        name = visit.people[word].name
        typed = {f"seat{seat.key}-cause": cause}
        return words(soup(press(visit.as_("commander"), page, f"Object to {name}", **typed)))  # type: ignore[arg-type]

    assert "an objection needs a cause" in object_to("peer1", "")
    object_to("peer1", "He sued us.")
    object_to("council1", "She stands for parliament here.")
    assert "Object to " not in words(soup(visit.as_("commander").get(page)))
    seat = held(visit, "company1")
    token = soup(visit.as_("commander").get("/account")).select_one("[name=csrf_token]")
    assert token is not None
    typed = {"csrf_token": str(token["value"]), f"seat{seat.key}-cause": "A rival."}
    third = visit.as_("commander").post(f"{page}/seats/{seat.key}/object", data=typed)
    assert (third.status_code, "A unit may object 2 times at most" in soup(third).get_text()) == (422, True)
    with visit.rows() as session:
        assert len(session.exec(select(Objection)).all()) == 2


def test_one_key_alone_upholds_no_objection(at: At) -> None:
    """COI-10: the reviewer stays until both have ruled."""
    visit = at("panel_confirming")
    number = held(visit, "company1").key
    with visit.play() as play:
        seat = play.session.get_one(Seat, number)
        play.act(panels.object_to_reviewer, play.review, seat, by=play["commander"], cause="A rival of our supplier.")
    with visit.play() as play:
        found = play.session.exec(select(Objection)).one()
        play.now += timedelta(hours=1)
        play.act(panels.rule_on_objection, play.review, found, by=play["authority"], upheld=True, reason="True.")
    assert held(visit, "company1").status is SeatStatus.ACCEPTED
