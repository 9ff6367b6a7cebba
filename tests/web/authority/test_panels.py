"""The panel's page in the Authority's door: whom one may invite and why not, waivers, rulings, substitutes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.actions import panels
from metstandard.records.accounts import Posting
from metstandard.records.seats import Declaration, Interest, Objection, Seat, Waiver
from metstandard.web.shared.database import db
from tests.factories.browser import press, soup
from tests.factories.counting import queries
from tests.factories.panel import answer, ask, held, profile
from tests.factories.programme import LONG_AGO
from tests.factories.stages import SEATS
from tests.factories.visiting import Visit, visiting, words

# Whatever the size of the pool; most find out what this person may do.
FEW_QUERIES = 52


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """Both keys are turned, and nobody is asked yet."""
    with visiting(data, "panel_forming") as made:
        yield made


def address(visit: Visit, more: str = "") -> str:
    return f"/authority/reviews/{visit.reference}/panel{more}"


def token(visit: Visit) -> str:
    """A valid token against forgery; it belongs to nobody in particular in tests."""
    found = page(visit).find("input", attrs={"name": "csrf_token"})
    assert isinstance(found, Tag)
    return str(found["value"])


def page(visit: Visit, word: str = "officer", more: str = "") -> BeautifulSoup:
    answered = visit.as_(word).get(address(visit, more))
    assert answered.status_code == 200
    return soup(answered)


def do(visit: Visit, word: str, button: str, more: str = "", **typed: Any) -> TestResponse:
    return press(visit.as_(word), address(visit, more), button, **typed)


def post(visit: Visit, word: str, path: str, **fields: Any) -> TestResponse:
    """A request made by hand, with a token of the person's own page."""
    found = page(visit, word).find("input", attrs={"name": "csrf_token"})
    assert isinstance(found, Tag)
    return visit.as_(word).post(address(visit, path), data={"csrf_token": str(found["value"])} | fields)


def summary(answered: TestResponse) -> list[str]:
    return [one.get_text(strip=True) for one in soup(answered).select(".govuk-error-summary__body li")]


def pool(found: BeautifulSoup, kind: str) -> list[tuple[str, str, str]]:
    """Each candidate of a table: name, what the rules say, what can be done."""
    rows = found.select(f"#pool-{kind} tbody tr")
    return [
        (
            row.select_one("th").contents[0].get_text(strip=True),  # type: ignore[union-attr]
            " ".join(row.select("td")[0].get_text(" ", strip=True).split()),
            " ".join(row.select("td")[1].get_text(" ", strip=True).split()),
        )
        for row in rows
    ]


def seats(visit: Visit) -> list[tuple[str, int, bool, str]]:
    with visit.rows() as session:
        rows = session.exec(select(Seat).order_by("id")).all()
        return [(one.kind, one.person_id, one.lead, one.status.value) for one in rows]


def test_each_empty_seat_has_its_pool_with_every_rule_in_the_way(visit: Visit) -> None:
    with visit.play() as play:
        profile(play, "peer1").vetted_until = None
        profile(play, "peer1").observed_on = None
    found = page(visit)
    peers = [visit.people[f"peer{number}"].name for number in (1, 2, 3)]
    barred = (
        f"REV-4 Hard The vetting of {peers[0]} is not valid to the planned publication. "
        f"REV-3 Can be waived This would be the first review of {peers[0]}, who has not observed one."
    )
    line = f"COI-6 Can be waived {peers[2]} and Camden BOCU share a line commander (Territorial Policing)."
    assert pool(found, "peer") == [
        (peers[1], "No rule in the way", f"Invite {peers[1]} Invite as lead {peers[1]} Name as reserve {peers[1]}"),
        (peers[2], line, f"Invite {peers[2]} Invite as lead {peers[2]} Name as reserve {peers[2]}"),
        (peers[0], barred, "Cannot be invited"),
    ]
    assert [len(pool(found, kind)) for kind in ("local_authority", "private")] == [3, 3]


def test_the_panel_is_seated_by_hand_and_put_before_the_unit(visit: Visit) -> None:
    for kind, word in SEATS.items():
        button = ("Invite as lead" if kind == "peer" else "Invite") + visit.people[word].name
        answered = do(visit, "officer", button)
        assert answered.status_code == 200
        assert f"{visit.people[word].name} is asked to take the seat." in words(soup(answered))
    assert "Not yet:" in words(page(visit))
    with visit.play() as play:
        answer(play, *SEATS.values())
    answered = do(visit, "officer", "Put the panel before the unit")
    assert "The panel is before the unit, which may now object." in words(soup(answered))
    assert [status for *_, status in seats(visit)] == ["accepted"] * 3


def test_putting_it_before_the_unit_twice_says_the_same_twice(data: Path) -> None:
    with visiting(data, "panel_confirming") as visit:
        answered = post(visit, "officer", "/publish")
        assert answered.status_code == 303
        assert "The panel is before the unit, which may now object." in words(page(visit))


def test_a_request_made_by_hand_for_somebody_barred_is_refused_and_names_the_rule(visit: Visit) -> None:
    with visit.play() as play:
        play.session.add(Posting(person_id=play["peer1"].key, unit_id=play.review.unit_id, from_on=LONG_AGO))
    answered = post(visit, "officer", "/invite", kind="peer", person=visit.people["peer1"].key, lead="no")
    assert answered.status_code == 422
    assert summary(answered) == [
        f"{visit.people['peer1'].name} served in Camden BOCU within the last 36 months (COI-2)"
    ]
    assert seats(visit) == []


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({}, 422, "Choose the seat"),
        ({"kind": "peer", "person": "nobody"}, 422, "Not a valid integer value."),
        ({"kind": "peer", "person": "999999"}, 404, ""),
        ({"kind": "chair", "person": "1"}, 422, "This workflow has no seat “chair” (PAN-1)"),
    ],
)
def test_nonsense_sent_by_hand_is_refused(visit: Visit, fields: dict[str, str], status: int, said: str) -> None:
    answered = post(visit, "officer", "/invite", **fields)
    assert (answered.status_code, (summary(answered) or [""])[0]) == (status, said)


@pytest.mark.parametrize(
    "word", ["authority", "member", "link", "press", "administrator", "commander", "author", "peer1"]
)
def test_nobody_but_the_programme_office_invites(visit: Visit, word: str) -> None:
    fields = {"csrf_token": token(visit), "kind": "peer", "person": visit.people["peer1"].key}
    answered = visit.as_(word).post(address(visit, "/invite"), data=fields)
    assert answered.status_code in {400, 403}
    assert seats(visit) == []


def test_the_pool_is_filtered_by_words_and_by_what_stands_in_the_way(visit: Visit) -> None:
    with visit.play() as play:
        profile(play, "peer1").vetted_until = None

    def names(query: str) -> list[str]:
        return [name for name, *_ in pool(page(visit, more=query), "peer")]

    first, second, third = (visit.people[f"peer{number}"].name for number in (1, 2, 3))
    assert names("?seat=peer&show=free") == [second]
    assert names("?seat=peer&show=waivable") == [second, third]
    assert names("?seat=peer&show=barred") == [first]
    assert names("?seat=peer&q=greenwich") == [third]
    assert names("?seat=peer&q=nobody+at+all") == []
    assert "fits this filter" in words(page(visit, more="?seat=peer&q=nobody+at+all"))


def test_a_long_pool_is_shown_in_part_and_in_pages(visit: Visit) -> None:
    with visit.play() as play:
        for number in range(60):
            play.programme.add(f"firm{number:02}", f"Director {number:02}")
            play.programme.pool(f"firm{number:02}", "private", employer=f"Company {number:02}")
    found = page(visit)
    assert len(pool(found, "private")) == 8
    assert "Show all 63 candidates" in words(found)
    assert len(pool(page(visit, more="?seat=private"), "private")) == 50
    assert len(pool(page(visit, more="?seat=private&page=2"), "private")) == 13
    assert pool(page(visit, more="?seat=private"), "peer") == []


def test_the_page_asks_the_same_number_of_queries_for_one_candidate_and_for_three(visit: Visit) -> None:
    def asked() -> int:
        client = visit.as_("officer")
        client.get(address(visit))
        with visit.app.app_context(), queries(db.engine) as found:
            assert client.get(address(visit, "?seat=private")).status_code == 200
        return len(found)

    with visit.play() as play:
        for word in ("company2", "company3"):
            play[word].active = False
    one = asked()
    with visit.play() as play:
        for word in ("company2", "company3"):
            play[word].active = True
    assert (one, asked()) == (FEW_QUERIES, FEW_QUERIES)


def test_taking_somebody_off_needs_a_reason_and_keeps_what_was_typed(visit: Visit) -> None:
    with visit.play() as play:
        number = ask(play, "peer1", "peer", lead=True).key
    blank = do(visit, "officer", "Take the peer reviewer off", **{f"seat{number}-reason": ""})
    assert (blank.status_code, summary(blank)) == (422, ["Enter your reason"])
    assert soup(blank).title.get_text().startswith("Error: ")  # type: ignore[union-attr]
    done = do(visit, "officer", "Take the peer reviewer off", **{f"seat{number}-reason": "Not free in May."})
    assert "The seat is empty again." in words(soup(done))
    assert "Taken off Not free in May." in words(soup(done))


def test_a_waiver_is_asked_for_with_a_reason_and_agreed_by_both_keys(visit: Visit) -> None:
    with visit.play() as play:
        number = ask(play, "peer3", "peer", lead=True).key
    field = f"seat{number}-COI-6-reason"
    blank = do(visit, "officer", "Ask both keys", **{field: ""})
    assert (blank.status_code, summary(blank)) == (422, ["Enter the reason for the waiver"])
    done = do(visit, "officer", "Ask both keys", **{field: "No other peer is free."})
    assert "Neither key has agreed." in words(soup(done))
    first = do(visit, "authority", "Agree to waive COI-6")
    assert "Agreed by the Authority’s decision maker." in words(soup(first))
    assert "Agree to waive COI-6" not in words(soup(first))
    second = do(visit, "commissioner", "Agree to waive COI-6")
    assert "COI-6 Waived" in words(soup(second))
    assert "Agreed by both keys" in words(soup(second))


def test_a_key_that_looked_at_an_older_reason_is_asked_to_read_again(visit: Visit) -> None:
    with visit.play() as play:
        ask(play, "peer3", "peer", lead=True)
        for reason in ("One reason.", "Another reason."):
            play.act(
                panels.waive_conflict,
                play.review,
                person=play["peer3"],
                rule="COI-6",
                by=play["officer"],
                reason=reason,
            )
    with visit.rows() as session:
        number = session.exec(select(Waiver.id)).one()
    stale = post(visit, "authority", f"/waivers/{number}/agree", **{f"waiver{number}-seen": "0" * 64})
    assert stale.status_code == 422
    assert summary(stale) == ["What you sign has changed since this page was opened. Read it again, then sign"]


def test_what_was_declared_is_read_by_the_programme_office_and_the_keys_only(visit: Visit) -> None:
    """First it is made sure that it could be seen."""
    secret = "My brother-in-law runs the cells."
    with visit.play() as play:
        ask(play, "peer1", "peer", lead=True)
        play.act(panels.declare_interests, play.review, by=play["peer1"], interest=Interest.PERSONAL, detail=secret)
    told = {word: secret in page(visit, word).get_text() for word in ("officer", "authority", "commissioner", "member")}
    assert told == {"officer": True, "authority": True, "commissioner": True, "member": False}
    others = {word: visit.as_(word).get(address(visit)).status_code for word in ("press", "administrator", "commander")}
    assert set(others.values()) == {403}


def test_both_keys_rule_on_an_objection_with_reasons(data: Path) -> None:
    with visiting(data, "panel_confirming") as visit:
        with visit.play() as play:
            play.act(
                panels.object_to_reviewer, play.review, held(play, "private"), by=play["commander"], cause="A claim."
            )
        with visit.rows() as session:
            number = session.exec(select(Objection.id)).one()
        blank = do(visit, "authority", "Give your ruling", **{f"objection{number}-reason": "Because."})
        assert summary(blank) == ["Choose whether you uphold or refuse the objection"]
        assert "Because." in soup(blank).select_one(f"#objection{number}-reason").get_text()  # type: ignore[union-attr]
        typed = {f"objection{number}-ruling": "uphold", f"objection{number}-reason": "It is real."}
        do(visit, "authority", "Give your ruling", **typed)
        other = typed | {f"objection{number}-ruling": "refuse"}
        assert "The keys do not agree." in words(soup(do(visit, "commissioner", "Give your ruling", **other)))
        final = words(soup(do(visit, "commissioner", "Give your ruling", **typed)))
        assert "Upheld" in final
        assert "Nobody is asked." in final


def test_a_substitute_is_seated_after_both_keys_have_agreed(data: Path) -> None:
    with visiting(data, "on_site") as visit:
        with visit.play() as play:
            number = held(play, "private").key
        other = visit.people["company2"]
        typed = {f"substitute{number}-substitute": str(other.key), f"substitute{number}-reason": "Ill."}
        early = do(visit, "officer", "Seat the substitute", "?seat=private", **typed)
        assert early.status_code == 409
        for word in ("authority", "commissioner"):
            do(visit, word, "Agree to replace the private reviewer", **{f"key{number}-reason": "Ill."})
        agreed = words(page(visit))
        assert (
            "A substitute is agreed by the Authority’s decision maker and the Commissioner’s decision maker." in agreed
        )
        done = do(visit, "officer", "Seat the substitute", "?seat=private", **typed)
        assert f"{other.name} is asked to take the seat over." in words(soup(done))


def test_a_seat_that_was_left_is_filled_from_the_same_page(data: Path) -> None:
    with visiting(data, "scoping") as visit:
        with visit.play() as play:
            number = held(play, "private").key
            play.act(panels.decline_seat, play.review, by=play["company1"], reason="Ill.")
        found = page(visit)
        assert len(pool_names(found, "private")) == 3
        typed = {
            f"substitute{number}-substitute": str(visit.people["company2"].key), f"substitute{number}-reason": "Ill.",
        }  # fmt: skip
        done = do(visit, "officer", "Seat the substitute", **typed)
        assert f"{visit.people['company2'].name} is asked to take the seat over." in words(soup(done))


def pool_names(found: BeautifulSoup, kind: str) -> list[str]:
    return [one.get_text(strip=True) for one in found.select(f"#pool-{kind} tbody th")]


def test_the_panel_is_confirmed_once_the_unit_can_no_longer_object(data: Path) -> None:
    with visiting(data, "panel_confirming") as visit:
        assert "The unit may object until" in words(page(visit))
        early = post(visit, "officer", "/confirm")
        assert early.status_code == 409


def test_a_moderator_declares_a_prejudicial_interest_and_is_out(visit: Visit) -> None:
    """COI-9 in the browser."""
    where = f"/authority/reviews/{visit.reference}/interests"
    blank = press(visit.as_("member"), where, "Declare")
    assert (blank.status_code, len(summary(blank))) == (422, 1)
    done = press(visit.as_("member"), where, "Declare", interest="prejudicial", detail="My son serves there.")
    assert "You take no part in this review." in words(soup(done))
    with visit.rows() as session:
        said = session.exec(select(Declaration)).one()
        assert (said.stage, said.interest, said.detail) == ("moderation", Interest.PREJUDICIAL, "My son serves there.")
    assert soup(visit.as_("member").get(where)).select("form [name=interest]") == []
