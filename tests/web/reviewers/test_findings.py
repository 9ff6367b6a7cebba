"""Findings in the browser: added, changed, taken back, and what each grade brings with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from metstandard.records.sheets import Finding
from tests.factories.agreeing import FOUND
from tests.factories.browser import filled, form_of, soup
from tests.factories.visiting import Visit, visiting, words


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """Every sheet is locked; nothing is agreed."""
    with visiting(data, "apart") as made:
        yield made


def findings(visit: Visit) -> list[tuple[str, str, str, bool]]:
    with visit.rows() as session:
        found = session.exec(select(Finding).order_by(col(Finding.id))).all()
        return [(one.criterion, one.grade.value, one.text, one.removed_at is not None) for one in found]


def test_a_finding_is_added_changed_and_taken_back(visit: Visit) -> None:
    added = visit.press("peer1", "consensus/findings", "Add the finding", **FOUND)
    assert "Major 2.2 Performance management that changes what people do Nothing is followed up." in words(soup(added))
    assert "Recommendation: Follow it up." in words(soup(added))
    changed = visit.press("council1", "consensus/findings/1", "Save the change", grade="MINOR")
    assert "The finding is changed." in words(soup(changed))
    visit.press("council1", "consensus/findings", "Take back")
    assert findings(visit) == [
        ("2.2", "MAJOR", "Nothing is followed up.", True), ("2.2", "MINOR", "Nothing is followed up.", True),
    ]  # fmt: skip


def test_adding_twice_is_one_finding_with_the_same_answer(visit: Visit) -> None:
    form = filled(form_of(visit.read("peer1", "consensus/findings"), "Add the finding")) | FOUND
    answers = [visit.as_("peer1").post(visit.at("consensus/findings"), data=form) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, visit.at("consensus/findings"))] * 2
    assert len(findings(visit)) == 1


def test_grades_say_what_they_do_to_their_criterion(visit: Visit) -> None:
    text = visit.text("peer1", "consensus/findings?criterion=2.2")
    assert "While it is open, its criterion counts as 0 at most." in text
    chosen = visit.read("peer1", "consensus/findings?criterion=2.2").select_one("option[selected]")
    assert chosen is not None
    assert chosen["value"] == "2.2"


def test_a_finding_without_its_recommendation_keeps_what_was_typed(visit: Visit) -> None:
    answer = visit.press("peer1", "consensus/findings", "Add the finding", **(FOUND | {"recommendation": ""}))
    page = soup(answer)
    link = page.select_one(".govuk-error-summary a")
    assert link is not None
    assert (answer.status_code, link["href"], link.get_text()) == (
        422, "#recommendation", "Write what you recommend (B6)",
    )  # fmt: skip
    assert filled(form_of(page, "Add the finding"))["text"] == "Nothing is followed up."


def test_a_finding_of_nobody_is_not_there(visit: Visit) -> None:
    assert visit.get("peer1", "consensus/findings/99").status_code == 404
