"""The pages of statistics: what they show, to whom, from how many reviews, and never of a sealed sheet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from metstandard.cli import main
from metstandard.common import clock
from metstandard.queries.statistics import overall_of, severities
from metstandard.records.accounts import Appointment, Person
from metstandard.records.reviews import Review
from metstandard.records.sheets import AgreedLevel, Sheet
from metstandard.rubric.shapes import Outcome
from metstandard.web.shared.database import db
from tests.factories.browser import soup
from tests.factories.counting import queries
from tests.factories.marked import calibrated, open_review, sitting
from tests.factories.programme import Programme
from tests.web.conftest import Rows, heading

Clients = Callable[[Person | None], FlaskClient]
People = dict[str, Person]
HARSH = {"council1": 0.8}
MINUS = "\N{MINUS SIGN}"
PAGES = (
    "/authority/statistics", "/authority/statistics/criteria", "/authority/statistics/levels",
    "/authority/statistics/reviewers", "/authority/statistics/ratings.csv", "/authority/statistics/means.csv",
    "/authority/statistics/anchors.txt",
)  # fmt: skip


def opened(rows: Rows, reviews: range, **chosen: int) -> None:
    """Reviews whose sheets are open, with calibrations of the first panel."""
    with rows() as session:
        programme = Programme.of(session)
        for number in reviews:
            open_review(programme, number, severity=HARSH, **chosen)  # type: ignore[arg-type]
        if 0 in reviews:
            for word in sitting(0).values():
                calibrated(programme, word, severity=int(word in HARSH))


def cells(client: FlaskClient, address: str, caption: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell."""
    page = soup(client.get(address))
    table = next(one for one in page.select("table") if caption in one.select_one("caption").get_text())  # type: ignore[union-attr]
    return {
        row.select_one("th").get_text(" ", strip=True): [one.get_text(" ", strip=True) for one in row.select("td")]  # type: ignore[union-attr]
        for row in table.select("tbody tr")
    }


def test_under_five_reviews_every_figure_is_withheld(client_for: Clients, people: People, rows: Rows) -> None:
    """The page says how many there are and how many it takes."""
    opened(rows, range(4))
    client = client_for(people["officer"])
    for address in PAGES[:2]:
        said = soup(client.get(address)).get_text()
        assert "Too few: 4 of at least 5 reviews." in said
        assert "alpha" not in said
    assert "Too few: 4 of at least 5 reviews." in cells(client, PAGES[3], "Reviewers")["Peer reviewer 1 (SCD5) Peer"][1]


def test_alpha_always_stands_beside_ac1_and_ac2_with_intervals(client_for: Clients, people: People, rows: Rows) -> None:
    """On all criteria, by domain, by criterion."""
    opened(rows, range(6))
    client = client_for(people["officer"])
    whole = cells(client, PAGES[0], "All criteria")
    assert list(whole)[:6] == [
        "Krippendorff's alpha, ordinal", "Krippendorff's alpha, nominal", "Krippendorff's alpha, interval",
        "Gwet's AC1", "Gwet's AC2, linear weights", "Gwet's AC2, quadratic weights",
    ]  # fmt: skip
    pattern = re.compile(rf"{MINUS}?\d\.\d\d to {MINUS}?\d\.\d\d")
    assert [name for name, row in whole.items() if not pattern.fullmatch(row[1])] == []
    assert list(cells(client, PAGES[0], "By two kinds of seat")) == [
        "Local authority and peer", "Local authority and private", "Peer and private",
    ]  # fmt: skip
    assert len(cells(client, PAGES[0], "By domain")) == 8
    criteria = cells(client, PAGES[1], "Criteria")
    assert len(criteria) == 28
    assert all(len(row) == 5 and row[3] == "6" for row in criteria.values())
    order = soup(client.get(PAGES[1])).select_one("#order")
    assert order is not None
    places = [one.get_text().split(", ") for one in order.select("ol li")]
    left_out = order.get_text().partition("too wide: ")[2].strip(" .\n").split(", ")
    assert len(places) == 1  # with six reviews the intervals tell no criterion from another
    assert sorted([*places[0], *left_out]) == sorted(name.split()[0] for name in criteria)


def test_a_cycle_is_the_year_of_the_visit(client_for: Clients, people: People, rows: Rows) -> None:
    """With one year there is nothing to choose; an unknown year is all of them."""
    opened(rows, range(5))
    client = client_for(people["officer"])
    assert soup(client.get(PAGES[0])).select("select[name=cycle]") == []
    opened(rows, range(5, 7), year=2027)
    page = soup(client.get(PAGES[0]))
    assert [one["value"] for one in page.select("select[name=cycle] option")] == ["", "2027", "2026"]
    assert "Too few: 2 of at least 5 reviews." in soup(client.get(f"{PAGES[0]}?cycle=2027")).get_text()
    counted = [one.select_one(".met-tile__number") for one in soup(client.get(f"{PAGES[0]}?cycle=1999")).select("li")]
    assert [one.get_text() for one in counted if one] == ["7", "9", "21"]


def test_severity_is_for_programme_officers_who_do_not_review(client_for: Clients, people: People, rows: Rows) -> None:
    """REV-5. Key holders and moderators see agreement; nobody else sees anything."""
    opened(rows, range(9))
    shown = cells(client_for(people["officer"]), PAGES[3], "Reviewers")
    harsh = shown["Local authority reviewer 1 (Hackney Council) Local authority"]
    assert harsh[0] == "3"
    assert re.fullmatch(rf"0\.\d\d \({MINUS}?\d\.\d\d to \d\.\d\d\)", harsh[1])
    assert list(cells(client_for(people["officer"]), PAGES[3], "Kinds of seat")) == [
        "Local authority", "Peer", "Private",
    ]  # fmt: skip
    status = {
        who: tuple(client_for(people[who]).get(address).status_code for address in PAGES)
        for who in ("authority", "member", "link", "press", "commander", "peer1", "administrator")
    }
    assert status == {
        "authority": (200, 200, 200, 403, 403, 403, 403),
        "member": (200, 200, 200, 403, 403, 403, 403),
        "link": (403,) * 7, "press": (403,) * 7, "commander": (403,) * 7, "peer1": (403,) * 7,
        "administrator": (403,) * 7,
    }  # fmt: skip
    with rows() as session:
        session.add(Appointment(person_id=people["peer1"].key, part="programme_officer", from_on=clock.today()))
    both = client_for(people["peer1"])
    assert tuple(both.get(address).status_code for address in PAGES) == (200, 200, 200, 403, 403, 403, 403)


def test_the_page_of_a_review_opens_with_its_last_sheet(client_for: Clients, people: People, rows: Rows) -> None:
    """The hub leads there; before, it says that the sheets are sealed."""
    opened(rows, range(5))
    with rows() as session:
        open_review(Programme.of(session), 5, unlocked=("private",))
    client = client_for(people["officer"])
    hub = soup(client.get("/authority/reviews/MSR-2026-0900"))
    assert hub.select('a[href="/authority/reviews/MSR-2026-0900/statistics"]')
    page = soup(client.get("/authority/reviews/MSR-2026-0900/statistics"))
    assert page.select_one("svg title").get_text().startswith("Marks by criterion. Levels 0 to 4.")  # type: ignore[union-attr]
    assert len(cells(client, "/authority/reviews/MSR-2026-0900/statistics", "Marks by criterion")) == 28
    assert [one.get_text(strip=True) for one in page.select("#overall dt")] == [
        "Score that many reviewers would arrive at", "Interval of 95 per cent", "Probability of 70 or more",
    ]  # fmt: skip
    sealed = client.get("/authority/reviews/MSR-2026-0905/statistics")
    assert heading(sealed) == "Statistics of this review"
    assert "The sheets of this review are sealed." in soup(sealed).get_text()
    assert soup(sealed).select("main svg") == []
    assert client_for(people["member"]).get("/authority/reviews/MSR-2026-0900/statistics").status_code == 403


def test_levels_by_unit_show_decided_reviews_only(client_for: Clients, people: People, rows: Rows) -> None:
    """As moderated where moderation changed one."""
    opened(rows, range(2))
    client = client_for(people["member"])
    assert "No review is decided." in soup(client.get(PAGES[2])).get_text()
    with rows() as session:
        first, second = session.exec(select(Review).order_by(col(Review.id))).all()
        for review in (first, second):
            session.add(AgreedLevel(review_id=review.key, criterion="1.1", level="3"))
            session.add(
                AgreedLevel(
                    review_id=review.key, criterion="1.2", level="2", moderated="1", moderation_reason="Thin.",
                    moderated_by_id=people["member"].key,
                )
            )  # fmt: skip
        first.decided_on, first.outcome = clock.today(), Outcome.DEFERRED
    shown = cells(client, PAGES[2], "Levels by unit and criterion")
    assert len(shown) == 1
    assert next(iter(shown.values()))[0].startswith("1.1: 3, 1.2: 1, 1.3: NA")


@pytest.mark.parametrize("address", PAGES)
def test_not_a_byte_changes_while_a_review_is_sealed(
    client_for: Clients, people: People, rows: Rows, address: str
) -> None:
    """Non-interference: two sheets written, then locked, then the third; only the last lock shows (SCO-3)."""
    opened(rows, range(6))
    client = client_for(people["officer"])

    def read() -> bytes:
        return re.sub(rb'(nonce|value|content)="[^"]*"', b"", client.get(address).data)

    def lock(session: Session, *kinds: int) -> None:
        for sheet in session.exec(select(Sheet).order_by(col(Sheet.id).desc()).limit(3)).all():
            if sheet.key % 3 in kinds:
                sheet.locked_at = clock.now()

    before = read()
    with rows() as session:
        last = open_review(
            Programme.of(session), 9, severity={"peer1": 3.0}, unlocked=("peer", "local_authority", "private")
        )
    assert read() == before
    with rows() as session:
        lock(session, 1, 2)
    assert read() == before
    with rows() as session:
        lock(session, 0)
    assert (read() == before) is (address in {PAGES[2], PAGES[6]})
    assert last.state == "scoring"


def test_the_command_makes_the_figures_of_the_pages_again(
    client_for: Clients, people: People, rows: Rows, tmp_path: Path
) -> None:
    """From the files of the pages: agreement to the last digit shown, and the same severities as without kinds."""
    opened(rows, range(9))
    client = client_for(people["officer"])
    for name in ("ratings.csv", "means.csv", "anchors.txt"):
        (tmp_path / name).write_bytes(client.get(f"/authority/statistics/{name}").data)
    run = CliRunner().invoke(main, ["statistics", "agreement", str(tmp_path / "ratings.csv"), "--scale", "0,1,2,3,4"])
    printed = json.loads(run.output)
    whole = cells(client, PAGES[0], "All criteria")
    assert printed["n"] == {"units": 252, "raters": 3, "ratings": 756}
    assert f"{printed['alpha']['ordinal']:.2f}" == whole["Krippendorff's alpha, ordinal"][0]
    assert f"{printed['ac2']['quadratic']:.2f}" == whole["Gwet's AC2, quadratic weights"][0]
    options = (tmp_path / "anchors.txt").read_text().split()
    run = CliRunner().invoke(main, ["statistics", "severity", str(tmp_path / "means.csv"), *options])
    raters = json.loads(run.output)["raters"]
    assert max(raters, key=lambda name: raters[name]["estimate"]) == f"reviewer-{people['council1'].key}"
    with rows() as session:
        assert set(raters) == {f"reviewer-{key}" for key in severities(session)}


def test_the_pages_ask_the_same_for_five_reviews_and_for_nine(
    app: Flask, client_for: Clients, people: People, rows: Rows
) -> None:
    """A fixed number of queries; once the marks are known, they are not read again."""
    opened(rows, range(5))
    client = client_for(people["officer"])

    def asked() -> list[int]:
        found = []
        for address in (*PAGES[:4], *PAGES[:1]):
            with app.app_context(), queries(db.engine) as sent:
                assert client.get(address).status_code == 200
            found.append(len(sent))
        return found

    client.get("/authority/letters")
    first = asked()
    opened(rows, range(5, 9))
    assert asked() == first == [8, 6, 6, 11, 6]
    with rows() as session, queries(db.engine) as sent:
        assert overall_of(session, session.exec(select(Review)).first()).overall is not None  # type: ignore[arg-type]
    assert len(sent) <= 6
