"""The score sheet as a spreadsheet: taken away, looked at when it comes back, taken whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.actions import commissioning
from metstandard.records.evidence import Evidence
from metstandard.records.sheets import Mark
from tests.factories.browser import filled, form_of, soup
from tests.factories.sheets import autosave, fill, marks, words_of
from tests.factories.visiting import Visit, refused, visiting, words
from tests.factories.workbooks import typed

PAGE = "scoring/spreadsheet"
TAKE = "Take it onto your sheet"


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The visit has ended, and nobody has marked anything."""
    with visiting(data, "scoring") as made:
        yield made


def download(visit: Visit, word: str = "peer1") -> bytes:
    answer = visit.get(word, f"{PAGE}.xlsx")
    assert answer.status_code == 200
    return bytes(answer.data)


def upload(visit: Visit, content: bytes, word: str = "peer1") -> TestResponse:
    """Send a workbook to be looked at."""
    data = {"csrf_token": visit.token("peer1", PAGE), "upload": (io.BytesIO(content), "sheet.xlsx")}
    return visit.as_(word).post(visit.at(PAGE), data=data)


def take(visit: Visit, page: TestResponse, **chosen: str) -> TestResponse:
    """Press the button of a page that shows what would change."""
    data = filled(form_of(soup(page), TAKE)) | chosen
    return visit.as_("peer1").post(visit.at(f"{PAGE}/take"), data=data, follow_redirects=True)


def test_it_is_a_file_that_nothing_keeps(visit: Visit) -> None:
    answer = visit.get("peer1", f"{PAGE}.xlsx")
    assert (answer.headers["Cache-Control"], answer.headers["Content-Disposition"]) == (
        "no-store", f"attachment; filename={visit.reference}-score-sheet.xlsx",
    )  # fmt: skip
    assert "The copy is not sealed." in visit.text("peer1", PAGE)
    assert visit.read("peer1", "scoring").select_one(f"a[href='{visit.at(PAGE)}']") is not None


def test_what_was_filled_in_is_looked_at_and_then_taken(visit: Visit) -> None:
    autosave(visit, level="2", strengths="Before.")
    cells = {"C2": 3, "D2": "On the train.\nTwo lines.", "G2": "1, 3", "F3": "low"}
    page = upload(visit, typed(download(visit), cells))
    assert page.status_code == 200
    assert "2 criteria to take, no criteria changed on both sides, 26 as they are." in words(soup(page))
    rows = [words_of(one) for one in soup(page).select("tbody tr")]
    assert rows == [
        "1.1 Clear direction that staff and partners can repeat Level, Strengths and Evidence",
        "1.2 Visible and accessible command team Confidence",
    ]
    assert marks(visit) == {"1.1": ("2", "Before.", 1)}
    answers = [words(soup(take(visit, page))) for _ in range(2)]
    assert all("2 criteria taken from the spreadsheet" in one for one in answers)
    assert marks(visit) == {"1.1": ("3", "On the train.\nTwo lines.", 2), "1.2": ("", "", 1)}
    with visit.rows() as session:
        assert session.exec(select(Mark.evidence)).all() == [[1, 3], []]


def conflict(visit: Visit) -> TestResponse:
    content = download(visit)
    autosave(visit, strengths="Typed here.", evidence=["1"])
    return upload(visit, typed(content, {"C2": "4", "D2": "Typed there.", "D3": "Only there."}))


def test_what_changed_on_both_sides_is_shown_with_both_versions(visit: Visit) -> None:
    page = soup(conflict(visit))
    assert [words_of(one) for one in page.select(".met-version")] == [
        "Your sheet here (empty) Copy this text", "The spreadsheet 4",
        "Your sheet here Typed here. Copy this text", "The spreadsheet Typed there.",
    ]  # fmt: skip
    assert "Evidence ticked in the meantime: Plan (document). Yours: none." in words(page)
    assert "Which one stays for 1.1? The spreadsheet Your sheet here" in words(page)


@pytest.mark.parametrize(("choice", "stands"), [("1", ("4", "Typed there.", 2)), ("theirs", ("", "Typed here.", 1))])
def test_the_version_that_is_chosen_stays(visit: Visit, choice: str, stands: tuple[str, str, int]) -> None:
    take(visit, conflict(visit), **{"keep-1.1": choice})
    assert marks(visit) == {"1.1": stands, "1.2": ("", "Only there.", 1)}


def test_without_a_choice_both_versions_come_back_and_nothing_is_lost(visit: Visit) -> None:
    answer = take(visit, conflict(visit))
    assert answer.status_code == 409
    assert marks(visit) == {"1.1": ("", "Typed here.", 1), "1.2": ("", "Only there.", 1)}
    again = filled(form_of(soup(answer), "Keep my version"))
    visit.as_("peer1").post(visit.at(f"{PAGE}/take"), data=again)
    assert marks(visit)["1.1"] == ("4", "Typed there.", 2)


def test_a_bad_cell_is_named_the_rest_is_shown_and_nothing_can_be_taken(visit: Visit) -> None:
    answer = upload(visit, typed(download(visit), {"C2": "7", "D3": "FORMULA=1+1", "C4": "3"}))
    page = soup(answer)
    assert answer.status_code == 422
    assert [words_of(one) for one in page.select("tbody tr")] == [
        "Score sheet, row 2, column C (Level) 7 is no level: choose one of the list",
        "Score sheet, row 3, column D (Strengths) =1+1 holds a formula: put the value there",
        "1.3 Leadership depth, talent and succession Level",
    ]
    assert page.find("button", string=TAKE) is None
    assert marks(visit) == {}


def test_a_file_that_is_no_sheet_is_refused_beside_the_field(visit: Visit) -> None:
    for content, said in ((b"", "Choose a file"), (b"PK nothing", "The workbook is damaged, or it is no xlsx file")):
        data: dict[str, Any] = {"csrf_token": visit.token("peer1", PAGE)}
        if content:
            data["upload"] = (io.BytesIO(content), "sheet.xlsx")
        answer = visit.as_("peer1").post(visit.at(PAGE), data=data)
        error = soup(answer).select_one(".govuk-error-summary a")
        assert error is not None
        assert (answer.status_code, error.get_text(strip=True)) == (422, said)


def test_evidence_that_goes_between_looking_and_taking_leaves_everything_as_it_was(visit: Visit) -> None:
    page = upload(visit, typed(download(visit), {"C2": "3", "G3": "2"}))
    with visit.rows() as session:
        gone = session.get_one(Evidence, 2)
        gone.removed_at = gone.added_at
        session.add(gone)
    answer = take(visit, page)
    assert answer.status_code == 422
    assert refused(answer) == "1.2: Tick evidence of this review only (SCO-2). Nothing of the spreadsheet was taken"
    assert marks(visit) == {}


def test_a_locked_or_closed_sheet_is_neither_taken_away_nor_brought_back(visit: Visit) -> None:
    page = upload(visit, typed(download(visit), {"C2": "3"}))
    content = download(visit)
    fill(visit, "peer1", lock=True)
    before = marks(visit)
    assert [visit.get("peer1", one).location for one in (PAGE, f"{PAGE}.xlsx")] == [visit.at("scoring")] * 2
    token = visit.token("peer1", "scoring")
    sent = visit.as_("peer1").post(
        visit.at(PAGE), data={"csrf_token": token, "upload": (io.BytesIO(content), "sheet.xlsx")}
    )
    assert (sent.status_code, sent.location) == (302, visit.at("scoring"))
    assert take(visit, page).status_code == 409
    assert marks(visit) == before


def test_a_paused_review_keeps_the_sheet_here(visit: Visit) -> None:
    with visit.play() as play:
        play.act(commissioning.pause, play.review, by=play["officer"], reason="A major incident.")
    assert visit.get("peer1", f"{PAGE}.xlsx").location == visit.at("scoring")


def test_the_workbook_of_a_colleague_is_refused(visit: Visit) -> None:
    answer = upload(visit, download(visit, "council1"))
    error = soup(answer).select_one(".govuk-error-summary a")
    assert error is not None
    assert error.get_text(strip=True) == "This is the sheet of another seat: download the sheet again from this page"
