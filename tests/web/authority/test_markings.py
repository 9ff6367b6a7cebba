"""The page on which the programme office sets what the papers of a review bear."""

from __future__ import annotations

from pathlib import Path

from metstandard.records.base import Marking
from metstandard.records.reviews import Review
from tests.factories.browser import press, soup
from tests.factories.visiting import visiting, words


def test_a_lower_marking_has_a_reason_that_the_page_keeps(data: Path) -> None:
    with visiting(data, "evidence_review") as visit:
        page = f"/authority/reviews/{visit.reference}/marking"
        officer = visit.as_("officer")
        shown = words(soup(officer.get(page)))
        assert "The papers bear OFFICIAL-SENSITIVE Evidence quoted bears None is quoted yet" in shown
        refused = press(officer, page, "Set the marking", choice="OFFICIAL")
        assert (refused.status_code, "Say why the marking may be lowered" in words(soup(refused))) == (422, True)
        answer = press(officer, page, "Set the marking", choice="OFFICIAL", reason="Nothing sensitive is quoted.")
        said = words(soup(answer))
        assert "The papers bear OFFICIAL " in said
        assert "OFFICIAL-SENSITIVE to OFFICIAL Programme officer (programme officer)," in said
        assert "Nothing sensitive is quoted." in said
        assert words(soup(press(officer, page, "Set the marking", choice="SECRET"))).count("may be kept here")


def test_an_officer_who_is_not_cleared_and_everybody_else_find_no_page(data: Path) -> None:
    with visiting(data, "evidence_review") as visit:
        page = f"/authority/reviews/{visit.reference}/marking"
        assert [visit.as_(word).get(page).status_code for word in ("authority", "peer1", "commander")] == [403] * 3
        with visit.rows() as session:
            session.get_one(Review, 1).marking = Marking.CONFIDENTIAL
        assert visit.as_("officer").get(page).status_code == 404
