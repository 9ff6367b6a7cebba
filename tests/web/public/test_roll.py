"""The roll of honour and its embargo: nothing a second too early, on no public path; everything at the second."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from docx import Document
from flask import Flask
from freezegun import freeze_time
from icalendar import Calendar
from sqlmodel import select
from werkzeug.routing import AnyConverter, IntegerConverter
from werkzeug.test import TestResponse

from metstandard.common import clock
from metstandard.common.languages import TRANSLATED
from metstandard.documents import feed
from metstandard.queries import roll
from metstandard.records.judging import Award
from metstandard.records.recognition import Check, CheckResult, Consent, Nomination, Nominee, Shown
from tests.documents import reading
from tests.factories.browser import client_for, soup
from tests.factories.honoured import NAME, TEXT, honoured
from tests.web.conftest import Rows, heading

SECRET = ("ZEBRA", NAME, "MA-0001", "announcements/2026")
PATHS = (
    "/roll", "/roll.json", "/roll.csv", "/roll.atom", "/roll.pdf", "/roll.docx", "/roll.pdf?print=large",
    "/roll?search=olive", "/roll.json?year=2026", "/awards/MA-0001", "/awards/MA-0001.json", "/awards/MA-0001.docx",
    "/awards/MA-0001.pdf",
    "/awards/MA-0001/large-print.pdf", "/announcements/2026-12-01", "/announcements/2026-12-01.pdf",
    "/announcements/2026-12-01.docx", "/sitemap.xml", "/ar/roll", "/ar/awards/MA-0001",
)  # fmt: skip
UNTIL = datetime(2026, 12, 1, 9, 30, 17, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the award under embargo."""
    (tmp_path / "metstandard.db").write_bytes(honoured(UNTIL))
    return tmp_path


@pytest.fixture
def at_the_second() -> Iterator[None]:
    """The moment at which the embargo ends."""
    with clock.pinned_to(UNTIL):
        yield


def get(app: Flask, url: str, **headers: str) -> TestResponse:
    """A stranger's request."""
    return client_for(app, None).get(url, headers=headers)


def says(answer: TestResponse) -> str:
    """Everything that an answer says, in its headers too."""
    body = answer.get_data()
    if answer.mimetype == "application/pdf":
        text = reading.text(body)
    elif (answer.mimetype or "").endswith("wordprocessingml.document"):
        file = Document(io.BytesIO(body))
        cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
        text = " ".join([*cells, *(one.text for one in file.paragraphs)])
    else:
        text = body.decode("utf-8", errors="replace")
    return f"{answer.headers}\n{text}"


def walked(app: Flask, code: str) -> list[str]:
    """Every address of the public door that can be read, in English and in Arabic, with the award's own values."""
    values = {
        "number": "MA-0001", "day": "2026-12-01", "code": code, "reference": "MSR-2026-0001", "language": "ar",
        "word": "met-standard", "series": "certificates", "purpose": "revocation", "token": "nothing",
    }  # fmt: skip
    adapter = app.url_map.bind("localhost")
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("public.") and "GET" in (rule.methods or ()):
            given = {name: values.get(name, "1") for name in rule.arguments}
            for name, kind in rule._converters.items():
                if isinstance(kind, IntegerConverter):
                    given[name] = "1"
                elif isinstance(kind, AnyConverter) and given[name] not in kind.items:
                    given[name] = min(kind.items)
            found.add(adapter.build(rule.endpoint, given))
            if "language" in rule.arguments:
                found.add(adapter.build(rule.endpoint, given | {"language": "ar"}))
    return sorted(found)


def test_no_public_path_says_anything_one_second_before(app: Flask, rows: Rows) -> None:
    """Every route of the public door, also those that somebody adds later, and every path of the roll."""
    with rows() as session:
        code = session.exec(select(Award)).one().code
    every = {*walked(app, code), *PATHS}
    assert {"/roll", "/awards/MA-0001", "/ar/roll", "/roll.atom", "/announcements/2026-12-01"} <= every
    assert len(every) > 50
    with clock.pinned_to(UNTIL - SECOND):
        said = {path: says(get(app, path)) for path in every}
    words = ("ZEBRA", NAME)
    assert [(path, word) for path, text in said.items() for word in words if word in text] == []
    lists = (
        "/roll",
        "/roll.json",
        "/roll.csv",
        "/roll.atom",
        "/roll.pdf",
        "/roll.docx",
        "/sitemap.xml",
        "/",
        "/ar/roll",
    )
    assert [(path, word) for path in lists for word in SECRET if word in said[path]] == []


def test_every_path_says_it_at_the_second_before_the_clock_has_swept(app: Flask, rows: Rows) -> None:
    with rows() as session:
        assert session.exec(select(Nomination)).one().state == "embargoed"
    with clock.pinned_to(UNTIL):
        answers = {path: get(app, path) for path in PATHS}
    assert {path: one.status_code for path, one in answers.items()} == dict.fromkeys(PATHS, 200)
    assert [path for path, one in answers.items() if not any(word in says(one) for word in SECRET)] == []
    names = [path for path in PATHS if path.startswith(("/roll", "/announcements")) or "awards" in path]
    assert [path for path in names if NAME not in says(answers[path])] == []


def test_what_is_not_there_and_what_is_under_embargo_answer_alike(app: Flask) -> None:
    """Status, length and headers of the one award are those of no award."""
    with clock.pinned_to(UNTIL - SECOND):
        for there, nowhere in (
            ("/awards/MA-0001", "/awards/MA-0002"), ("/awards/MA-0001.json", "/awards/MA-0002.json"),
            ("/announcements/2026-12-01", "/announcements/2026-12-02"), ("/roll?year=2026", "/roll?year=2025"),
        ):  # fmt: skip
            one, other = get(app, there), get(app, nowhere)
            assert (one.status_code, len(one.data)) == (other.status_code, len(other.data))
            assert one.headers["Cache-Control"] == other.headers["Cache-Control"]


@pytest.mark.parametrize("before", [0.5, 1, 16.75, 40, 3600])
def test_no_cache_keeps_an_answer_past_the_end_of_an_embargo(app: Flask, before: float) -> None:
    for path in (*PATHS, "/", "/register", "/robots.txt", "/register.pdf", "/nowhere"):
        with clock.pinned_to(UNTIL - timedelta(seconds=before)):
            control = get(app, path).headers["Cache-Control"]
        found = re.fullmatch(r"public, max-age=(\d+)", control)
        assert control == "no-store" or (found is not None and int(found[1]) <= before), path


def test_the_etag_changes_at_the_second_and_not_before(app: Flask) -> None:
    for path in ("/roll", "/roll.json", "/roll.csv", "/roll.atom", "/roll.docx", "/sitemap.xml"):
        with clock.pinned_to(UNTIL - timedelta(seconds=9)):
            tag = get(app, path).headers["ETag"]
        with clock.pinned_to(UNTIL - SECOND):
            assert get(app, path, **{"If-None-Match": tag}).status_code == 304
        with clock.pinned_to(UNTIL):
            answer = get(app, path, **{"If-None-Match": tag})
        assert (answer.status_code, answer.headers["ETag"] == tag, path) == (200, False, path)


def test_the_embargo_follows_the_clock_of_the_machine_too(app: Flask) -> None:
    """The same under freezegun, to the microsecond."""
    with freeze_time(UNTIL - timedelta(microseconds=1)):
        assert get(app, "/roll.json").get_json()["awards"] == []
    with freeze_time(UNTIL):
        assert [one["number"] for one in get(app, "/roll.json").get_json()["awards"]] == ["MA-0001"]


@pytest.mark.parametrize("change", ["check", "consent", "unpublished", "press", "paused", "state"])
def test_what_turned_at_the_last_moment_holds_the_award_back(app: Flask, rows: Rows, change: str) -> None:
    """Before the clock's sweep and after the second: whoever took consent back is not announced."""
    with clock.pinned_to(UNTIL):
        assert get(app, "/awards/MA-0001").status_code == 200
        with rows() as session:
            one = session.exec(select(Nomination)).one()
            nominee = session.exec(select(Nominee)).one()
            if change == "check":
                first = session.exec(select(Check)).first()
                assert first is not None
                session.add(
                    Check(
                        nominee_id=nominee.key, asked_of=first.asked_of, result=CheckResult.HOLD,
                        checked_by_id=first.checked_by_id,
                    )
                )  # fmt: skip
            elif change == "consent":
                nominee.consent = Consent.DECLINED
            elif change == "unpublished":
                one.shown = Shown.UNPUBLISHED
            elif change == "press":
                one.embargo_until = one.press_checked_at = one.press_checked_by_id = None
            elif change == "paused":
                one.paused = True
            else:
                one.state = "held"
        assert get(app, "/awards/MA-0001").status_code == 404
        assert get(app, "/roll.json").get_json()["awards"] == []


def test_somebody_who_wishes_not_to_be_named_is_named_nowhere(app: Flask, rows: Rows, at_the_second: None) -> None:
    for shown in (Shown.ANONYMOUS, Shown.NAMED):
        with rows() as session:
            session.exec(select(Nomination)).one().shown = shown
            session.exec(select(Nominee)).one().anonymous = shown is Shown.NAMED
        assert [path for path in PATHS if NAME in says(get(app, path))] == []
        [one] = get(app, "/roll.json").get_json()["awards"]
        assert (one["names"], one["team"], one["organisations"], one["text"]) == ([], "", [], TEXT)


def test_a_revoked_award_keeps_its_number_and_names_nobody(app: Flask, rows: Rows, at_the_second: None) -> None:
    with rows() as session:
        one = session.exec(select(Nomination)).one()
        one.state, one.state_since = "revoked", clock.now()
    answer = get(app, "/awards/MA-0001")
    assert answer.status_code == 200
    assert soup(answer).select_one("[data-status=revoked]") is not None
    assert [path for path in PATHS if any(word in says(get(app, path)) for word in (NAME, "ZEBRA"))] == []


def test_the_roll_is_searched_and_filtered_alike_in_every_format(app: Flask, at_the_second: None) -> None:
    queries = {
        "": True, "?search=olive": True, "?search=canal": True, "?search=nobody": False, "?year=2026": True,
        "?year=2025": True, "?scheme=individual": True, "?category=courage&sort=-announced": True,
        "?body=camden": True, "?body=hackney": False, "?search=ma-0001": True, "?endpoint=x&_scheme=y": True,
    }  # fmt: skip
    for query, there in queries.items():
        for path in ("/roll", "/roll.json", "/roll.csv", "/roll.atom"):
            answer = get(app, f"{path}{query}")
            assert (answer.status_code, "MA-0001" in answer.get_data(as_text=True), query) == (200, there, query)


def test_the_json_of_an_award_holds_these_fields(app: Flask, at_the_second: None) -> None:
    assert get(app, "/awards/MA-0001.json").get_json() == {
        "number": "MA-0001", "status": "announced", "scheme": "individual", "scheme_title": "Individual Achievement",
        "category": "courage", "category_title": "Courage", "names": [NAME], "team": "",
        "organisations": ["Camden Borough"], "posthumous": False, "year": 2026,
        "announced_at": "2026-12-01T09:30:17+00:00", "changed_at": "2026-12-01T09:30:17+00:00", "text": TEXT,
        "citation": "For going into the water without a thought for anything but the child.",
        "url": "http://localhost/awards/MA-0001",
    }  # fmt: skip


def test_a_code_that_somebody_shows_leads_to_the_award_and_not_before(app: Flask, rows: Rows) -> None:
    with rows() as session:
        code = session.exec(select(Award)).one().code
    with clock.pinned_to(UNTIL - SECOND):
        early = get(app, f"/verify/{code}")
    with clock.pinned_to(UNTIL):
        answer = get(app, f"/verify/{code}")
    assert (early.status_code, early.headers["Cache-Control"]) == (404, "no-store")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/awards/MA-0001")


def test_hostile_names_and_words_stay_words_everywhere(app: Flask, rows: Rows, at_the_second: None) -> None:
    hostile = "=HYPERLINK(1)<b>x</b>&\x08\u202eexe"
    with rows() as session:
        session.exec(select(Nominee)).one().name = hostile
        session.exec(select(Nomination)).one().announcement = hostile
    head, line = csv.reader(io.StringIO(get(app, "/roll.csv").data.decode("utf-8-sig")))
    facts = dict(zip(head, line, strict=True))
    assert (facts["names"], facts["text"]) == ("'=HYPERLINK(1)<b>x</b>&exe",) * 2
    root = ET.fromstring(get(app, "/roll.atom").data)  # noqa: S314 (our own words)
    assert root.findtext(f".//{{{feed.ATOM}}}entry/{{{feed.ATOM}}}summary") == "=HYPERLINK(1)<b>x</b>&exe"
    for path in ("/roll", "/awards/MA-0001", "/announcements/2026-12-01", "/ar/awards/MA-0001"):
        assert "<b>x</b>" not in get(app, path).get_data(as_text=True)
    for path in ("/roll.pdf", "/roll.docx", "/announcements/2026-12-01.pdf", "/awards/MA-0001.docx"):
        assert "=HYPERLINK(1)<b>x</b>&exe" in says(get(app, path)).replace("\n", " ")
    assert "\u202e" not in json.dumps(get(app, "/roll.csv").get_data(as_text=True), ensure_ascii=False)


def test_published_events_are_a_calendar_and_others_are_nowhere(app: Flask) -> None:
    made = Calendar.from_ical(get(app, "/events.ics").data)
    [event] = made.walk("VEVENT")
    assert (str(event["summary"]), event.decoded("dtstart")) == ("Presentation", UNTIL + timedelta(days=20))
    assert (str(event["location"]), str(event["uid"])) == ("City Hall London; SE1", "event-1@localhost")
    page = soup(get(app, "/events")).get_text()
    assert ("Presentation" in page, "21 December 2026" in page) == (True, True)
    assert [path for path in ("/events", "/events.ics", "/roll") if "HIDDEN" in says(get(app, path))] == []


def test_pages_of_the_roll_speak_every_language(app: Flask, at_the_second: None) -> None:
    for code in TRANSLATED:
        for path in ("roll", "awards/MA-0001", "announcements/2026-12-01", "events"):
            assert get(app, f"/{code}/{path}").status_code == 200
    assert heading(get(app, "/roll")) == "Roll of honour"


def test_the_public_query_needs_no_more_queries_for_more_awards(app: Flask, rows: Rows) -> None:
    """Three, once each edition is known."""
    from tests.factories.counting import queries  # noqa: PLC0415 (beside its only use)

    with clock.pinned_to(UNTIL), rows() as session:
        one = session.exec(select(Nomination)).one()
        one.state = "announced"
        session.flush()
        roll.public(session)
        with queries(session.get_bind()) as asked:  # type: ignore[arg-type]
            assert len(roll.public(session)) == 1
        assert len(asked) == 2
