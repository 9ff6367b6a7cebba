"""Who may not see a sheet, and that no page of theirs tells that there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import panels
from metstandard.records.sheets import Sheet
from tests.factories.browser import soup
from tests.factories.sheets import fill
from tests.factories.visiting import Visit, refused, visiting


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The visit has ended, and nobody has marked anything."""
    with visiting(data, "scoring") as made:
        yield made


@pytest.mark.parametrize("word", ["officer", "authority", "member", "commander", "peer2", "press", "administrator"])
def test_nobody_else_may_enter_a_sheet(visit: Visit, word: str) -> None:
    answers = [visit.get(word, f"scoring{page}").status_code for page in ("", "/D1", "/check", "/done")]
    assert set(answers) <= {403, 404}


def test_nothing_is_shown_before_the_seat_is_accepted(data: Path) -> None:
    """Interface.md 15."""
    with visiting(data, "panel_forming") as visit:
        with visit.play() as play:
            play.act(panels.seat, play.review, person=play["peer1"], kind="peer", lead=True, by=play["officer"])
        answer = visit.get("peer1", "scoring")
        assert (answer.status_code, refused(answer)) == (
            409, "Declare your interests and accept your seat first. Then this page opens for you.",
        )  # fmt: skip


PAGES = {
    "company1": ("/reviewers/", "/reviewers/reviews", *(
        f"/reviewers/reviews/REF{page}"
        for page in ("", "/scoring", "/scoring/D1", "/scoring/check", "/consensus", "/reporting", "/accuracy", "/visit")
    )),
    "officer": (
        "/authority/", "/authority/board", "/authority/letters", "/authority/reviews/REF",
        "/authority/reviews/REF/panel",
    ),
    "authority": ("/authority/", "/authority/board", "/authority/reviews/REF", "/authority/reviews/REF/panel"),
    "member": ("/authority/", "/authority/board", "/authority/reviews/REF", "/authority/reviews/REF/moderation"),
    "link": ("/authority/", "/authority/reviews/REF"),
    "commander": ("/units/", "/units/standing", "/units/reviews/REF"),
}  # fmt: skip


def seen(visit: Visit, word: str) -> dict[str, tuple[int, str]]:
    """What somebody may see of a review and of what they have to do, without what differs by request."""
    found = {}
    for address in PAGES[word]:
        answer = visit.as_(word).get(address.replace("REF", visit.reference))
        page = soup(answer)
        for one in page.select("[name=csrf_token], [name=whose_form], [nonce]"):
            one.decompose()
        found[address] = (answer.status_code, str(page))
    return found


def test_others_sheets_do_not_show_anywhere_not_even_that_one_is_locked(visit: Visit) -> None:
    """SCO-3: the same pages whether two colleagues have filled and locked, or have not begun (non-interference)."""
    before = {word: seen(visit, word) for word in PAGES}
    assert {status for pages in before.values() for status, _ in pages.values()} == {200}
    now = visit.now
    fill(visit, "peer1", "council1", lock=True)
    visit.now = now
    with visit.rows() as session:
        assert len([one for one in session.exec(select(Sheet)).all() if one.locked_at]) == 2
    assert {word: seen(visit, word) for word in PAGES} == before


def test_a_direct_way_to_consensus_is_barred_while_sealed_alike_for_who_has_and_has_not_locked(visit: Visit) -> None:
    fill(visit, "peer1", "council1", lock=True)
    for word in ("peer1", "company1"):
        for page in ("consensus/D1", "consensus/findings", "consensus/dissent/1.1", "consensus/sign"):
            answer = visit.get(word, page)
            assert (answer.status_code, refused(answer)) == (
                409, "Consensus opens when every sheet is locked. Until then all of them are sealed.",
            ), page  # fmt: skip
