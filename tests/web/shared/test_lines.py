"""The line of a criterion as pages: the same in three doors, each with what its reader may see."""

from __future__ import annotations

from pathlib import Path

import pytest

from metstandard.actions import scoring
from tests.factories.browser import soup
from tests.factories.stages import fill_sheet
from tests.factories.visiting import Visit, visiting, words

DOORS = {"officer": "authority", "member": "authority", "peer1": "reviewers", "commander": "units"}


def read(visit: Visit, word: str, page: str) -> str:
    answer = visit.as_(word).get(f"/{DOORS[word]}/reviews/{visit.reference}/{page}")
    assert answer.status_code == 200
    return words(soup(answer))


@pytest.mark.parametrize("word", DOORS)
def test_the_list_leads_to_each_criterion_and_each_to_its_neighbours(data: Path, word: str) -> None:
    with visiting(data, "moderation") as visit:
        base = f"/{DOORS[word]}/reviews/{visit.reference}"
        hub = soup(visit.as_(word).get(base))
        assert hub.find("a", href=f"{base}/criteria") is not None
        listed = soup(visit.as_(word).get(f"{base}/criteria"))
        assert len(listed.select("main a[href*='/criteria/']")) == 28
        page = soup(visit.as_(word).get(f"{base}/criteria/1.2"))
        assert page.h1 is not None
        assert page.h1.get_text(strip=True).startswith("1.2 ")
        assert [str(one["href"]).rsplit("/", 1)[1] for one in page.select("main a[rel]")] == ["1.1", "1.3"]


def test_the_marks_are_read_by_the_panel_and_the_staff_and_not_by_the_unit(data: Path) -> None:
    with visiting(data, "moderation") as visit:
        pages = {word: read(visit, word, "criteria/2.2") for word in DOORS}
    assert {word for word, page in pages.items() if "Strength seen by company1 in 2.2. 4." in page} == {
        "officer", "member", "peer1",
    }  # fmt: skip
    assert "The marks of single reviewers stay with the panel." in pages["commander"]
    assert [word for word, page in pages.items() if "Private sector reviewer 1" in page] == []


def test_while_a_sheet_is_open_no_page_of_a_line_shows_a_mark(data: Path) -> None:
    """Two of three are locked; after the third the same pages show them."""
    with visiting(data, "scoring") as visit:
        with visit.play() as play:
            for word in ("peer1", "council1"):
                fill_sheet(play, word)
                play.act(scoring.lock_sheet, play.review, by=play[word])
        assert [word for word in DOORS if "Strength seen" in read(visit, word, "criteria/2.2")] == []
        with visit.play() as play:
            fill_sheet(play, "company1")
            play.act(scoring.lock_sheet, play.review, by=play["company1"])
        shown = [word for word in DOORS if "Strength seen" in read(visit, word, "criteria/2.2")]
    assert shown == ["officer", "member", "peer1"]


def test_strangers_and_wrong_codes_find_nothing(data: Path) -> None:
    with visiting(data, "moderation") as visit:
        base = f"reviews/{visit.reference}/criteria"
        asked = {
            ("peer2", f"/reviewers/{base}/1.1"), ("link", f"/authority/{base}/1.1"), ("press", f"/authority/{base}"),
            ("officer", f"/authority/{base}/9.9"), ("commander", f"/units/{base}/9.9"), ("peer1", f"/units/{base}/1.1"),
        }  # fmt: skip
        found = {visit.as_(word).get(path).status_code for word, path in asked}
    assert found <= {403, 404}
