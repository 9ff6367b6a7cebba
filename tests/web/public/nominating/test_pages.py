"""Nominating at the public door without an account: page by page, sent once, seconded by letter."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Nomination, Nominee, Seconder
from tests.factories.browser import client_for, filled, form_of, press, soup
from tests.factories.nominations import WORDS
from tests.web.conftest import Rows, first_error, heading
from tests.web.public.nominating.conftest import NEXT, Newest, begun, day, fill, sent, words


def test_a_visitor_answers_page_by_page_checks_and_sends_once(visitor: FlaskClient, rows: Rows) -> None:
    base = begun(visitor)
    checked = fill(visitor, base)
    said = words(checked)
    assert [
        one for one in ("Olive Officer", "Canal Trust", WORDS["citation"], "Hackney Council") if one not in said
    ] == []
    typed = filled(form_of(soup(checked), "Send the nomination"))
    pressed = [visitor.post(f"{base}/check", data=typed, follow_redirects=True) for _ in range(2)]
    assert [(one.status_code, one.request.path) for one in pressed] == [(200, f"{base}/sent")] * 2
    assert words(pressed[0]) == words(pressed[1])
    with rows() as session:
        one = session.exec(select(Nomination)).one()
        assert (one.state, one.round, one.nominator_id) == ("submitted", 1, None)
        assert (one.citation, one.happened_on) == (WORDS["citation"], clock.today() - timedelta(days=30))
        assert [each.name for each in session.exec(select(Nominee)).all()] == ["Olive Officer"]
        assert [each.email for each in session.exec(select(Seconder)).all()] == ["sam@example.com"]
        names = session.exec(select(Letter.name).order_by(col(Letter.id))).all()
    assert names == ["nomination_begun", "nomination_received", "seconder_asked", "nomination_sent"]


def test_the_seconder_reads_exactly_what_was_written_and_confirms_once(
    visitor: FlaskClient, rows: Rows, letter_link: Newest
) -> None:
    sent(visitor)
    path = letter_link("seconder_asked")
    page = words(visitor.get(path))
    shown = [WORDS[one] for one in ("title", "account", "effect", "difficulty", "evidence", "witnesses", "citation")]
    assert [one for one in ("Olive Officer", "Nora Nominator", *shown) if one not in page] == []
    assert "nora@example.com" not in page
    answered = press(visitor, path, "Send your answer", answer="confirm", words="I was there.")
    assert "You have confirmed this nomination." in words(answered)
    assert WORDS["account"] not in words(answered)
    with rows() as session:
        row = session.exec(select(Seconder)).one()
        assert (row.answer.value, row.words) == ("confirmed", "I was there.")


def test_what_is_not_valid_is_kept_with_its_message_and_not_sent(visitor: FlaskClient, rows: Rows) -> None:
    base = begun(visitor)
    fill(visitor, base)
    long = " ".join(["word"] * 101)
    refused = press(visitor, f"{base}/citation", NEXT, citation=long)
    assert (refused.status_code, first_error(refused)) == (422, "Use 100 words or fewer")
    assert soup(visitor.get(f"{base}/citation")).find("textarea").get_text().strip() == long  # type: ignore[union-attr]
    assert "Send the nomination" not in soup(visitor.get(f"{base}/check")).get_text()
    with rows() as session:
        assert session.exec(select(Nomination.state)).one() == "draft"
    press(visitor, f"{base}/citation", NEXT, citation="Short enough.")
    assert heading(press(visitor, f"{base}/check", "Send the nomination")).startswith("Your nomination is sent")


def test_two_tabs_lose_nothing(visitor: FlaskClient, app: Flask) -> None:
    base = begun(visitor)
    press(visitor, f"{base}/effect", NEXT, effect="What the first tab wrote.")
    stale = press(visitor, f"{base}/effect", NEXT, effect="What the second tab wrote.", revision="0")
    said = words(stale)
    assert stale.status_code == 409
    assert "What the first tab wrote." in said
    assert "What the second tab wrote." in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "Nora", "email": "nora@example.com", "body": "Elsewhere"}, "You cannot second your own nomination"),
        ({"name": "Ol", "email": "olive@example.com", "body": "Elsewhere"}, "A nominee cannot second the nomination"),
        (
            {"name": "Sam", "email": "sam@example.com", "body": " camden  borough "},
            "Name a seconder from another unit or body than the nominee and the nominator",
        ),
    ],
)  # fmt: skip
def test_a_seconder_comes_from_elsewhere(visitor: FlaskClient, typed: dict[str, Any], said: str) -> None:
    base = begun(visitor)
    fill(visitor, base, nominee={"email": "olive@example.com"})
    refused = press(visitor, f"{base}/seconder", NEXT, **typed)
    assert (refused.status_code, first_error(refused)) == (422, said)


def test_nobody_nominates_themselves(visitor: FlaskClient) -> None:
    base = begun(visitor)
    checked = fill(visitor, base, nominee={"email": "NORA@example.com"})
    said = words(checked)
    assert "Nobody nominates themselves" in said
    assert "Send the nomination" not in said


def test_a_team_is_named_member_by_member_with_dates(visitor: FlaskClient, rows: Rows) -> None:
    base = begun(visitor)
    press(visitor, f"{base}/award", NEXT, scheme="team")
    press(visitor, f"{base}/kind", NEXT, nominee_kind="team")
    assert heading(press(visitor, f"{base}/team", NEXT, body="The canal team")) == "Members of the team"
    for name in ("Tess Team", "Tom Team", "Tom Team"):
        press(visitor, f"{base}/members/new", NEXT, name=name, role="Constable", service="met", **day("from_on", 90))
    with rows() as session:
        found = session.exec(select(Nominee).order_by(col(Nominee.id))).all()
        assert [(each.name, each.from_on) for each in found] == [
            (name, clock.today() - timedelta(days=90)) for name in ("Tess Team", "Tom Team")
        ]
        last = found[1].key
    press(visitor, f"{base}/members/{last}", NEXT, **day("until_on", 10))
    listed = press(visitor, f"{base}/members", "Remove Tess Team")
    assert "Tess Team" not in soup(listed).get_text()
    with rows() as session:
        assert session.exec(select(Nominee)).one().until_on == clock.today() - timedelta(days=10)


def test_a_link_opens_its_own_nomination_until_its_day_and_never_another_part(
    visitor: FlaskClient, letter_link: Newest
) -> None:
    sent(visitor)
    mine, theirs = letter_link("nomination_sent"), letter_link("seconder_asked")
    assert [visitor.get(one).status_code for one in (mine, theirs)] == [200, 200]
    swapped = [mine.replace("/nominations/", "/second/"), theirs.replace("/second/", "/nominations/")]
    assert [visitor.get(one).status_code for one in swapped] == [404, 404]
    assert visitor.get(f"{mine[:-1]}x").status_code == 404
    with clock.pinned_to(clock.now() + timedelta(days=91)):
        assert [visitor.get(one).status_code for one in (mine, theirs)] == [404, 404]


def test_another_seconder_ends_the_link_of_the_first(visitor: FlaskClient, letter_link: Newest) -> None:
    base = sent(visitor)
    old = letter_link("seconder_asked")
    press(visitor, f"{base}/new-seconder", NEXT, name="Una Other", email="una@example.com", body="Ealing Council")
    assert letter_link("seconder_asked") != old
    assert [visitor.get(one).status_code for one in (old, letter_link("seconder_asked"))] == [404, 200]


def test_a_lost_link_is_sent_again_and_the_page_says_the_same_for_any_address(
    visitor: FlaskClient, rows: Rows, letter_link: Newest
) -> None:
    begun(visitor)
    pages = [
        words(press(visitor, "/nominate/link", "Send me the link", email=email))
        for email in ("nora@example.com", "nobody@example.com")
    ]
    assert pages[0] == pages[1]
    assert visitor.get(letter_link("nomination_link")).status_code == 200
    with rows() as session:
        addresses = session.exec(select(Letter.address).where(Letter.name == "nomination_link")).all()
    assert addresses == ["nora@example.com"]


def test_the_throttle_and_the_trap_keep_machines_out(visitor: FlaskClient, rows: Rows) -> None:
    trapped = press(visitor, "/nominate/begin", NEXT, name="M", email="m@example.com", website="http://spam")
    assert trapped.status_code == 422
    with rows() as session:
        assert session.exec(select(Nomination)).all() == []
    codes = [
        press(visitor, "/nominate/begin", NEXT, name="M", email="m@example.com").status_code for _ in range(5)
    ]  # fmt: skip
    assert codes == [200, 200, 200, 200, 429]


HOSTILE = "<b>Bob</b> https://evil.example/x [a](http://evil.example) \u202eevil"


def test_a_hostile_name_is_text_on_pages_and_never_a_link_in_a_letter(
    visitor: FlaskClient, rows: Rows, letter_link: Newest
) -> None:
    answer = press(visitor, "/nominate/begin", NEXT, name=HOSTILE, email="nora@example.com")
    base = answer.request.path.removesuffix("/award")
    you = {"nominator_name": HOSTILE}
    fill(visitor, base, nominee={"name": HOSTILE}, seconder={"name": HOSTILE}, you=you)
    press(visitor, f"{base}/check", "Send the nomination")
    pages = [visitor.get(path) for path in (base, letter_link("seconder_asked"))]
    assert "<b>Bob</b>" in soup(pages[1]).get_text()
    assert [soup(one).find("b") or soup(one).find("a", href=re.compile("evil")) for one in pages] == [None, None]
    with rows() as session:
        letters = session.exec(select(Letter)).all()
    assert {one.name for one in letters} > {"nomination_begun", "seconder_asked"}
    for one in letters:
        assert "evil.example" not in one.subject + one.text + one.html
        assert "\u202e" not in one.subject + one.text + one.html
        assert "<b>" not in one.html


def test_an_account_nominates_by_the_same_pages(
    app: Flask, people: dict[str, Person], rows: Rows, visitor: FlaskClient
) -> None:
    browser = client_for(app, people["commander"])
    answer = press(browser, "/nominate/begin", NEXT)
    base = answer.request.path.removesuffix("/award")
    assert re.fullmatch(r"/nominations/N-\w{4}-\w{4}", base)
    fill(browser, base)
    press(browser, f"{base}/check", "Send the nomination")
    with rows() as session:
        one = session.exec(select(Nomination)).one()
        assert (one.nominator_id, one.state) == (people["commander"].key, "submitted")
        number = one.key
    assert browser.get(f"/to/nomination/{number}").headers["Location"] == base
    assert visitor.get(base).headers["Location"].startswith("/sign-in")
    assert client_for(app, people["author"]).get(base).status_code == 404


def test_the_nominator_withdraws_and_reads_no_stage_of_checks_or_judging(visitor: FlaskClient, rows: Rows) -> None:
    base = sent(visitor)
    seen: set[str] = set()
    for state in (
        "checks",
        "sifted",
        "shortlisted",
        "judged",
        "moderated",
        "decided",
        "consented",
        "embargoed",
        "held",
    ):
        with rows() as session:
            one = session.exec(select(Nomination)).one()
            one.state = state
            session.add(one)
        seen.add(soup(visitor.get(base)).main.get_text(" ", strip=True))  # type: ignore[union-attr]
        assert visitor.get(f"{base}/withdraw").status_code == 404
    assert len(seen) == 1
    with rows() as session:
        one = session.exec(select(Nomination)).one()
        one.state = "submitted"
        session.add(one)
    done = press(visitor, f"{base}/withdraw", "Withdraw it", why="It was somebody else.")
    assert "It was withdrawn." in words(done)


def test_a_question_that_follows_from_the_award_leads_to_the_award_first(visitor: FlaskClient) -> None:
    base = begun(visitor)
    for page in ("kind", "category"):
        assert visitor.get(f"{base}/{page}").headers["Location"] == f"{base}/award"
    assert [visitor.get(f"{base}/{page}").status_code for page in ("nothing", "members", "team")] == [404, 404, 404]


def test_what_is_changed_from_the_check_page_leads_back_to_it(visitor: FlaskClient) -> None:
    base = begun(visitor)
    checked = fill(visitor, base)
    change = soup(checked).find("a", href=f"{base}/effect?then=check")
    assert change is not None
    form = filled(form_of(soup(visitor.get(f"{base}/effect?then=check")), NEXT))
    saved = visitor.post(f"{base}/effect?then=check", data=form | {"effect": "Changed.", "do": "next"})
    assert saved.headers["Location"] == f"{base}/check"
