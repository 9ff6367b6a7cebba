"""Reviewers add what they saw, heard or were given; who said it stays with the writer and the lead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence
from tests.factories.browser import filled, form_of, soup
from tests.factories.visiting import Visit, visiting, words

NOTE: dict[str, Any] = {
    "title": "Talk about briefings", "kind": "interview", "maker": "panel", "note": "Briefings help, several said.",
    "marking": "OFFICIAL", "people": "2", "group": "Night-duty sergeants", "names": "Alex Quill\nSam Marsh\n",
    "criteria": ["1.1"], "criteria-place-1.1": "second half",
}  # fmt: skip


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The panel is on site."""
    with visiting(data, "on_site") as made:
        yield made


def add(visit: Visit, word: str = "council1", **typed: Any) -> str:
    return words(soup(visit.press(word, "evidence/add", "Add evidence", **(NOTE | typed))))


def test_a_note_of_a_talk_is_added_and_the_small_group_is_withheld(visit: Visit) -> None:
    said = add(visit)
    assert "“Talk about briefings” is added." in said
    assert "Fewer than 4 people: only you and the lead reviewer read “Night-duty sergeants”." in said
    found = {word: visit.text(word, "evidence/items/3") for word in ("peer1", "council1", "company1")}
    for word in ("peer1", "council1"):
        assert "2 people: Night-duty sergeants. Alex Quill Sam Marsh Only whoever wrote" in found[word]
    assert "2 people. A group of fewer than 4 is not told by its role. What it speaks to" in found["company1"]
    assert "second half" in found["company1"]
    assert not any(one in found["company1"] for one in ("Alex Quill", "Sam Marsh", "Night-duty"))


def test_a_larger_group_may_be_told_by_its_role(visit: Visit) -> None:
    assert "Fewer than" not in add(visit, people="4", kind="focus_group")
    assert "4 people: Night-duty sergeants. What it speaks to" in visit.text("company1", "evidence/items/3")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"people": ""}, "Enter how many people were talked to"),
        ({"note": "Alex Quill said so."}, "Leave out the name of whoever was interviewed"),
        ({"note": "Night-duty sergeants said so."}, "Leave out “Night-duty sergeants”"),
        ({"people": "1"}, "There are more names than people"),
    ],
)
def test_a_note_that_tells_who_spoke_is_refused(visit: Visit, typed: dict[str, str], message: str) -> None:
    assert message in add(visit, **typed)


def test_observations_testimony_and_papers_need_no_number_of_people(visit: Visit) -> None:
    for number, kind in enumerate(("observation", "partner_testimony", "earlier_inspection", "data"), start=3):
        add(visit, kind=kind, people="", group="", names="", title=f"A {kind}")
        assert "Who was talked to" not in visit.text("company1", f"evidence/items/{number}")
    assert "A partner_testimony" in visit.text("peer1", "visit")


def test_the_writer_and_the_lead_change_a_note_and_the_third_cannot(visit: Visit) -> None:
    add(visit)
    at = "evidence/items/3/change"
    assert visit.get("company1", at).status_code == 404
    sent = filled(form_of(visit.read("peer1", at), "Save"))
    assert sent["names"] == "Alex Quill\nSam Marsh"
    visit.as_("peer1").post(visit.at(at), data=sent | {"names": "Alex Quill", "criteria-place-1.1": "first half"})
    assert "Alex Quill Only whoever wrote" in visit.text("council1", "evidence/items/3")
    assert "first half" in visit.text("company1", "evidence/items/3")
    visit.press("council1", "evidence/items/3", "Take out")
    assert visit.get("peer1", "evidence/items/3").status_code == 404


def test_two_who_change_one_note_get_both_versions_without_the_names(visit: Visit) -> None:
    add(visit)
    at = "evidence/items/3/change"
    mine, theirs = (filled(form_of(visit.read(word, at), "Save")) for word in ("council1", "peer1"))
    visit.as_("peer1").post(visit.at(at), data=theirs | {"title": "As the lead has it"})
    answer = visit.as_("council1").post(visit.at(at), data=mine | {"title": "As the writer has it"})
    page = soup(answer)
    assert answer.status_code == 409
    assert "As the lead has it" in words(page)
    assert "Alex Quill" not in words(page)


def test_the_role_of_a_small_group_in_the_log_is_the_writers_and_the_leads(visit: Visit) -> None:
    for people, group in (("2", "Custody sergeants"), ("9", "Constables")):
        visit.press(
            "council1", "visit", "Log it", kind="interview", people=people, minutes="30", group=group
        )  # fmt: skip
    shown = {word: visit.text(word, "visit") for word in ("peer1", "council1", "company1")}
    assert {word: "Custody sergeants" in text for word, text in shown.items()} == {
        "peer1": True, "council1": True, "company1": False,
    }  # fmt: skip
    assert all("Constables" in text for text in shown.values())


def test_a_reviewer_who_is_not_cleared_finds_nothing_of_an_item(visit: Visit) -> None:
    add(visit)
    with visit.rows() as session:
        session.get_one(Evidence, 3).marking = Marking.OFFICIAL_SENSITIVE
        session.merge(visit.people["company1"]).clearance = Marking.OFFICIAL
    for page in ("evidence", "visit"):
        assert "Talk about briefings" in visit.text("council1", page)
        assert "Talk about briefings" not in visit.text("company1", page)
    assert visit.get("company1", "evidence/items/3").status_code == 404
