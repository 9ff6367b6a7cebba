"""The unit's evidence item by item: places are asked for and shown, an item has its own page, and can be put right."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence
from tests.factories.browser import filled, form_of, press, soup
from tests.factories.visiting import Visit, visiting, words

GOOD = {"title": "Tasking minutes", "maker": "unit", "marking": "OFFICIAL", "criteria": ["2.1"]}


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The panel reads; the unit may still add evidence."""
    with visiting(data, "evidence_review") as made:
        yield made


def at(visit: Visit, page: str = "") -> str:
    return f"/units/reviews/{visit.reference}/evidence{page}"


def add(visit: Visit, word: str = "author", **typed: Any) -> TestResponse:
    return press(visit.as_(word), at(visit, "/add"), "Add evidence", **(GOOD | typed))


def text(visit: Visit, page: str, word: str = "author") -> str:
    answer = visit.as_(word).get(at(visit, page))
    assert answer.status_code == 200
    return words(soup(answer))


def change(visit: Visit, number: int, word: str = "author") -> dict[str, Any]:
    return filled(form_of(soup(visit.as_(word).get(at(visit, f"/items/{number}/change"))), "Save"))


def test_an_item_is_added_with_everything_and_has_a_page_that_shows_it(visit: Visit) -> None:
    answer = add(
        visit, source="Intranet", author="Operations office", period="2025", outcome_years="2", note="All shifts.",
        marking="OFFICIAL-SENSITIVE", upload=(BytesIO(b"minutes"), "minutes.txt"),
        **{"dated_on-day": "1", "dated_on-month": "3", "dated_on-year": "2026", "criteria-place-2.1": "page 4",
           "criteria-place-2.2": "paragraph 12"},
    )  # fmt: skip
    assert "“Tasking minutes” is added." in words(soup(answer))
    assert "2.1 (page 4), 2.2 (paragraph 12)" in words(soup(answer))
    found = text(visit, "/items/3")
    for said in (
        "Tasking minutes Type Document Made by The unit Source Intranet Author Operations office Date 1 March 2026",
        "Period 2025 Years of outcome data 2 Note All shifts. File minutes.txt",
        f"SHA-256 of the file {sha256(b'minutes').hexdigest()}", "Protective marking OFFICIAL-SENSITIVE",
        "Who may see it The panel and the unit, as far as cleared for OFFICIAL-SENSITIVE",
        "Added by Staff officer of Camden BOCU,", ": page 4", ": paragraph 12",
    ):  # fmt: skip
        assert said in found, said


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"marking": []}, "Choose a protective marking"),
        ({"marking": "SECRET"}, "Nothing marked SECRET may be kept here"),
        ({"marking": "RESTRICTED"}, "Choose a protective marking"),
        ({"maker": []}, "Choose who made it"),
        ({"criteria": []}, "Choose at least one criterion"),
        ({"criteria": ["9.9"]}, "Choose at least one criterion that the evidence speaks to"),
        ({}, "Add a file, or say where the evidence is found"),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(visit: Visit, typed: dict[str, Any], message: str) -> None:
    answer = add(visit, **(typed | {"criteria-place-2.2": "page 9"} if "criteria" not in typed else typed))
    page = soup(answer)
    assert (answer.status_code, message in words(page)) == (422, True)
    assert page.select_one("[name=title]")["value"] == GOOD["title"]  # type: ignore[index]
    if "criteria" not in typed:
        assert page.select_one("[name='criteria-place-2.2']")["value"] == "page 9"  # type: ignore[index]
        assert page.select_one("[name=criteria][value='2.1']").has_attr("checked")  # type: ignore[union-attr]


def test_a_place_without_a_tick_counts_as_one(visit: Visit) -> None:
    add(visit, criteria=[], source="Intranet", **{"criteria-place-3.1": "slide 2"})
    assert "3.1 (slide 2)" in text(visit, "")


def test_wrong_links_are_put_right(visit: Visit) -> None:
    sent = change(visit, 1, "commander") | {"title": "The plan", "criteria": ["1.1"], "criteria-place-1.1": "page 2"}
    answer = visit.as_("commander").post(at(visit, "/items/1/change"), data=sent, follow_redirects=True)
    assert "“The plan” is changed." in words(soup(answer))
    found = [one.get_text(strip=True) for one in soup(answer).select("#criteria li")]
    assert found == ["1.1 Clear direction that staff and partners can repeat:page 2"]


def test_two_people_who_change_one_item_get_both_versions(visit: Visit) -> None:
    mine, theirs = change(visit, 1), change(visit, 1, "commander")
    visit.as_("commander").post(at(visit, "/items/1/change"), data=theirs | {"title": "The commander's"})
    sent = visit.as_("author").post(at(visit, "/items/1/change"), data=mine | {"title": "The author's"})
    page = soup(sent)
    assert sent.status_code == 409
    assert "The commander's" in words(page)
    kept = press_form(visit, filled(form_of(page, "Keep my version")))
    assert "The author's" in words(soup(kept))


def press_form(visit: Visit, values: dict[str, Any]) -> TestResponse:
    return visit.as_("author").post(at(visit, "/items/1/change"), data=values, follow_redirects=True)


def test_a_marking_is_lowered_with_a_reason_that_is_shown(visit: Visit) -> None:
    add(visit, source="Intranet", marking="OFFICIAL-SENSITIVE")
    sent = change(visit, 3) | {"marking": "OFFICIAL"}
    refused = visit.as_("author").post(at(visit, "/items/3/change"), data=sent)
    assert (refused.status_code, "Say why the marking may be lowered" in words(soup(refused))) == (422, True)
    visit.as_("author").post(at(visit, "/items/3/change"), data=sent | {"reason": "Names are gone"})
    assert "by Staff officer of Camden BOCU: Names are gone" in text(visit, "/items/3")


def test_a_marking_without_an_equal_today_must_be_chosen_anew(visit: Visit) -> None:
    """CONFIDENTIAL of 2009 stands for nothing of today's scheme; RESTRICTED does."""
    with visit.rows() as session:
        for number, marking in ((1, Marking.CONFIDENTIAL), (2, Marking.RESTRICTED)):
            session.get_one(Evidence, number).marking = marking
        for one in ("author", "commander"):
            session.merge(visit.people[one]).clearance = Marking.CONFIDENTIAL
    assert "marking" not in change(visit, 1)
    assert change(visit, 2)["marking"] == ["OFFICIAL-SENSITIVE"]
    page = soup(visit.as_("author").get(at(visit, "/items/1")))
    assert {one.get_text(strip=True) for one in page.select(".met-marking")} == {"CONFIDENTIAL"}


def test_a_page_bears_the_highest_marking_of_what_stands_on_it(visit: Visit) -> None:
    with visit.rows() as session:
        session.get_one(Evidence, 1).marking = Marking.CONFIDENTIAL
        session.merge(visit.people["author"]).clearance = Marking.CONFIDENTIAL
    found = {}
    for word in ("author", "commander"):
        page = soup(visit.as_(word).get(at(visit)))
        found[word] = {one.get_text(strip=True) for one in page.select(".met-marking")}
    assert found == {"author": {"CONFIDENTIAL"}, "commander": {"OFFICIAL-SENSITIVE"}}


def test_what_somebody_is_not_cleared_for_is_not_there(visit: Visit) -> None:
    """Neither its page, nor its file, nor its line, nor the count beside the criterion."""
    with visit.rows() as session:
        for one in session.exec(select(Evidence)).all():
            one.marking = Marking.OFFICIAL_SENSITIVE
            title = one.title
        session.merge(visit.people["author"]).clearance = Marking.OFFICIAL
    assert title in text(visit, "", "commander")
    assert title not in text(visit, "")
    assert "Needs evidence" in text(visit, "")
    for page in ("/items/1", "/items/1/change", "/1/file"):
        assert visit.as_("author").get(at(visit, page)).status_code == 404
        assert visit.as_("commander").get(at(visit, page)).status_code in {200, 503}  # the copy has rows, no files


def test_the_units_page_does_not_name_the_reviewer_who_collected(visit: Visit) -> None:
    visit.press(
        "council1", "evidence/add", "Add evidence", title="Walk", kind="observation", maker="panel", note="Seen.",
        marking="OFFICIAL", criteria=["1.1"], unit_may_see="y",
    )  # fmt: skip
    found = text(visit, "/items/3")
    assert "Added by the panel," in found
    assert "Local authority reviewer" not in found
