"""The certificate of service says who sat where and when, keeps both standards, and tells nothing that is sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from metstandard.common import words
from metstandard.documents import served, service, store
from metstandard.documents.service import ServicePaper
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import SeatStatus
from metstandard.records.sheets import AgreedLevel, Mark
from tests.documents import papers, reading, signed
from tests.factories.certified import certified
from tests.tools.verapdf.judge import judge

PAPER = ServicePaper(
    person="Chief Superintendent A. Reviewer", seat="peer", lead=True, unit_name=papers.UNIT, unit_code="EK",
    reference="MS/2026/014", rubric_title="Met Standard", rubric_edition="1", since=date(2026, 3, 2),
    until=date(2026, 11, 2), parties=("Authority", "Commissioner"), verify_at="https://standard.example.org/verify",
)  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's published review."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


def test_it_is_one_page_of_a4_landscape_that_says_who_sat_where_and_when() -> None:
    (only,) = reading.pages(store.kept(service.html(PAPER)))
    assert only == (
        "Authority · Commissioner Certificate of serviceThis is to certify that Chief Superintendent A. Reviewer"
        "lead reviewer in the peer seat served on the independent panel that reviewed Camden Borough Operational"
        " Command Unit against the Met Standard, edition 1, from taking the seat to the publication of the report."
        " From 2 March 2026 · To 2 November 2026 With the thanks of both."
        " Review MS/2026/014 Unit EK Seat peer Signed electronically. Check this file at"
        " https://standard.example.org/verify"
    )


def test_an_unsigned_one_does_not_say_that_it_is_signed() -> None:
    assert "Signed electronically" in service.html(PAPER)
    assert "Signed electronically" not in service.html(replace(PAPER, verify_at=""))


def test_it_keeps_both_standards_whatever_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed.use(monkeypatch, signing_key=str(signed.key_file(tmp_path)))
    long = replace(PAPER, person="A reviewer with a name " * 6, unit_name="Joint operational command " * 6, lead=False)
    for name, paper in {"plain": PAPER, "long": long, "hostile": replace(PAPER, person="<b>سلام 中</b> & Co")}.items():
        pdf = store.kept(service.html(paper), identity=signed.IDENTITY, folder=tmp_path / "kept")
        assert len(reading.pages(pdf)) == 1
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
    files = sorted(tmp_path.glob("*.pdf"))
    assert [judge(flavour, files) for flavour in ("ua1", "3a")] == [{file: [] for file in files}] * 2


def test_every_seat_held_to_the_end_of_a_published_review_has_one(session: Session) -> None:
    review = session.exec(select(Review)).one()
    seats = served.seats(session, review)
    made = [served.service_paper(session, review, one) for one in seats]
    assert sorted(one.seat for one in made) == ["local authority", "peer", "private"]
    assert [one.lead for one in made].count(True) == 1
    assert {(one.reference, one.unit_code, one.until, one.verify_at) for one in made} == {
        (review.reference, "EK", review.published_on, "")
    }
    seats[0].status = SeatStatus.UNSEATED
    assert served.seats(session, review) == seats[1:]
    review.published_on = None
    assert served.seats(session, review) == []
    with pytest.raises(ValueError, match="has not completed the review"):
        served.service_paper(session, review, seats[1])


def test_it_holds_no_mark_and_no_level(session: Session) -> None:
    """The rows are there to be told: every word of the paper is one of the names and dates that it is made of."""
    review = session.exec(select(Review)).one()
    assert session.exec(select(Mark)).first() is not None
    assert session.exec(select(AgreedLevel)).first() is not None
    seat = served.seats(session, review)[0]
    paper = served.service_paper(session, review, seat)
    assert paper.person == session.get_one(Person, seat.person_id).name
    page = service.html(paper)
    for known in (paper.person, paper.unit_name, words.day(paper.since), words.day(paper.until)):
        assert known in page
    assert not [word for word in ("level", "mark", "outcome", "score", "dissent") if word in page.split("<body>")[1]]
