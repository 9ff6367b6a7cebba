"""Every rule about who sits, tried the wrong way by a programme officer in a browser: refused by name, nobody seated.

Each way changes what the records know of one reviewer, then asks for the seat as the page would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import Tag
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.actions import panels
from metstandard.records.accounts import Appointment, Posting
from metstandard.records.bodies import Employer, Supply
from metstandard.records.pool import Gift, Period, PeriodKind, StandingInterest
from metstandard.records.seats import Interest, Seat
from tests.factories.browser import soup
from tests.factories.panel import profile
from tests.factories.programme import LONG_AGO
from tests.factories.stages import Play
from tests.factories.visiting import Visit, visiting
from tests.rules.test_conflicts import ago, earlier_review

KINDS = {"peer": "peer", "council": "local_authority", "company": "private"}
Change = Callable[[Play], object]


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The pages of a review whose panel is being formed."""
    with visiting(data, "panel_forming") as made:
        yield made


def invite(visit: Visit, word: str, kind: str = "") -> TestResponse:
    """Ask for a seat, as the button of the page does."""
    address = f"/authority/reviews/{visit.reference}/panel"
    client = visit.as_("officer")
    token = soup(client.get(address)).find("input", {"name": "csrf_token"})
    assert isinstance(token, Tag)
    typed = {"kind": kind or KINDS[word.rstrip("123")], "person": visit.people[word].key, "lead": "no"}
    return client.post(f"{address}/invite", data={"csrf_token": str(token["value"])} | typed)


def unit(play: Play, code: str = "EK") -> int:
    return play.programme.unit(code).key


def add(play: Play, *rows: object) -> None:
    play.session.add_all(rows)
    play.session.flush()


def council_of_camden(play: Play) -> None:
    found = play.session.exec(select(Employer).where(Employer.name == "Camden Council")).one()
    profile(play, "council1").employer_id = found.key


def supplies(play: Play) -> None:
    add(play, Supply(employer_id=profile(play, "company1").employer_id or 0, role="supplier", from_on=LONG_AGO))


def on_leave(play: Play) -> None:
    on = play.review.starts_on
    add(play, Period(person_id=play["peer1"].key, kind=PeriodKind.UNAVAILABLE, from_on=on, until_on=on))


def was_visited(play: Play) -> None:
    """Somebody of Camden BOCU reviewed the unit of peer1 ten months before."""
    play.programme.add("fellow", "Peer of Camden")
    play.programme.pool("fellow", "peer", unit="EK")
    earlier_review(play, "SCD5", {"peer": "fellow"}, on=ago(play, 10))


def busy(play: Play) -> None:
    for code, months in (("GD", 2), ("KF", 5), ("YR", 8)):
        earlier_review(play, code, {"peer": "peer1"}, on=ago(play, months))


def interest(play: Play) -> None:
    add(
        play,
        StandingInterest(
            person_id=play["council1"].key, unit_id=unit(play), interest=Interest.PREJUDICIAL, detail="My brother",
            from_on=LONG_AGO,
        ),
    )  # fmt: skip


HARD: dict[str, tuple[str, str, Change]] = {
    "COI-1 the peer belongs to the unit": (
        "peer1", "belongs to Camden BOCU (COI-1)", lambda play: setattr(profile(play, "peer1"), "unit_id", unit(play))
    ),
    "COI-2 served in the unit": (
        "council1", "served in Camden BOCU within the last 36 months (COI-2)",
        lambda play: add(
            play, Posting(person_id=play["council1"].key, unit_id=unit(play), from_on=LONG_AGO, until_on=ago(play, 35))
        ),
    ),
    "COI-2 served in its command team": (
        "company1", "served in the command team of Camden BOCU within the last 60 months (COI-2)",
        lambda play: add(
            play,
            Appointment(
                person_id=play["company1"].key, part="commander", unit_id=unit(play), from_on=LONG_AGO,
                until_on=ago(play, 59),
            ),
        ),
    ),
    "COI-3 a return visit": ("peer1", "within 24 months (COI-3)", was_visited),
    "COI-4 the council of the borough": ("council1", "shares its borough with Camden BOCU (COI-4)", council_of_camden),
    "COI-5 a supplier": ("company1", "is a supplier to the Authority or the service (COI-5)", supplies),
    "COI-7 a prejudicial interest": ("council1", "prejudicial interest in Camden BOCU (COI-7)", interest),
    "PAN-1 on leave": ("peer1", "cannot sit in the days of the visit (PAN-1)", on_leave),
    "PAN-5 on the last panel": (
        "company1", "sat on the last panel of Camden BOCU (PAN-5)",
        lambda play: earlier_review(play, "EK", {"private": "company1"}, on=ago(play, 40)),
    ),
    "PAN-5 three reviews in the year": ("peer1", "would have more than 3 reviews within a year (PAN-5)", busy),
    "REV-1 untrained": (
        "peer1", "training of Peer reviewer 1 (SCD5) is not valid to the planned publication (REV-1)",
        lambda play: setattr(profile(play, "peer1"), "trained_until", play.review.starts_on),
    ),
    "REV-2 not calibrated": (
        "peer1", "calibration of Peer reviewer 1 (SCD5) is not valid to the planned publication (REV-2)",
        lambda play: setattr(profile(play, "peer1"), "calibrated_until", None),
    ),
    "REV-4 vetting runs out": (
        "company1", "is not valid to the planned publication (REV-4)",
        lambda play: setattr(profile(play, "company1"), "vetted_until", play.review.ends_on + timedelta(days=30)),
    ),
    "REV-4 no terms": (
        "council1", "has not signed the terms of confidentiality (REV-4)",
        lambda play: setattr(profile(play, "council1"), "terms_signed_on", None),
    ),
    "B3 a moderator": (
        "company1", "has another duty in this review",
        lambda play: add(
            play, Appointment(person_id=play["company1"].key, part="moderator", seat="independent", from_on=LONG_AGO)
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("word", "sentence", "change"), HARD.values(), ids=HARD)
def test_a_hard_rule_keeps_somebody_off_the_panel_by_its_name(
    visit: Visit, word: str, sentence: str, change: Change
) -> None:
    with visit.play() as play:
        change(play)
    answer = invite(visit, word)
    assert answer.status_code == 422
    assert sentence in soup(answer).get_text(" ", strip=True)
    with visit.rows() as session:
        assert (
            session.exec(select(Seat).where(Seat.review_id == 1, Seat.person_id == visit.people[word].key)).all() == []
        )


def test_nobody_sits_in_the_seat_of_another_kind(visit: Visit) -> None:
    """PAN-1."""
    answer = invite(visit, "peer1", "private")
    assert answer.status_code == 422
    assert "is in the pool for the seat “peer”, not “private” (PAN-1)" in soup(answer).get_text(" ", strip=True)


def same_line(play: Play) -> None:
    profile(play, "peer1").unit_id = unit(play, "RG")


def past_bidder(play: Play) -> None:
    firm = profile(play, "company1").employer_id or 0
    add(play, Supply(employer_id=firm, role="bidder", from_on=LONG_AGO, until_on=ago(play, 20)))


def gift(play: Play) -> None:
    add(
        play,
        Gift(
            person_id=play["council1"].key, unit_id=unit(play), giver="Camden BOCU", what="A dinner", value=4000,
            accepted=True, offered_on=ago(play, 6),
        ),
    )  # fmt: skip


def low_rank(play: Play) -> None:
    profile(play, "peer1").rank = 3
    play.programme.pool("commander", "peer", unit="EK", rank=6)


SOFT: dict[str, tuple[str, str, Change]] = {
    "COI-5 a bidder before": ("company1", "was a bidder within the last 24 months", past_bidder),
    "COI-6 the same line commander": ("peer1", "share a line commander (Territorial Policing)", same_line),
    "COI-11 a gift of the unit": ("council1", "accepted a gift of Camden BOCU within 12 months of the visit", gift),
    "PAN-3 of too low a rank": ("peer1", "is more than 1 rank below the commander of Camden BOCU", low_rank),
    "PAN-5 offers less": (
        "company1", "offers no reviews within a year, and would have more",
        lambda play: setattr(profile(play, "company1"), "capacity", 0),
    ),
    "REV-3 never observed": (
        "council1", "who has not observed one",
        lambda play: setattr(profile(play, "council1"), "observed_on", None),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("word", "sentence", "change"), SOFT.values(), ids=SOFT)
def test_a_warning_lets_somebody_be_asked_but_keeps_the_panel_from_the_unit(
    visit: Visit, word: str, sentence: str, change: Change
) -> None:
    """Until both keys have waived it; all three have accepted."""
    with visit.play() as play:
        change(play)
    words = [word, *(each for each in ("peer1", "council1", "company1") if each != word)]
    for each in words:
        assert invite(visit, each).status_code == 303
    with visit.play() as play:
        for each in words:
            play.act(panels.declare_interests, play.review, by=play[each], interest=Interest.NONE)
            play.act(panels.accept_seat, play.review, by=play[each])
    page = soup(visit.as_("officer").get(f"/authority/reviews/{visit.reference}/panel"))
    assert sentence in " ".join(page.get_text(" ", strip=True).split())
    unmet = "A conflict of interest stands that is neither resolved nor waived by both keys."
    assert unmet in page.get_text(" ", strip=True)
    assert page.find("button", string="Put the panel before the unit") is None
