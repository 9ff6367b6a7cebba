"""A pool by file: every bad cell is named, nothing is half imported, the same file twice changes nothing."""

from __future__ import annotations

import pytest
from sqlmodel import Session, func, select

from metstandard.actions.pool import importing, tables
from metstandard.actions.pool.rows import columns
from metstandard.common.errors import Invalid, NotYours
from metstandard.queries.pool import exported
from metstandard.records.accounts import AccountLink, Person, Posting
from metstandard.records.bodies import Employer, ReviewerProfile
from tests.factories.programme import Programme

GOOD = (
    "email,name,seat,unit,employer,rank,can_lead,capacity,trained_until,unit_types,postings,d1,d4\n"
    "new.peer@example.org,Peer of Hackney,peer,GD,,4,yes,2,2028-01-31,BOCU,EK 2012-01-01 to 2015-05-31 command; "
    "GD 2015-06-01 to now,3,1\n"
    "new.firm@example.org,Director,private,,Thames Freight,,no,,2028-01-31,,,,\n"
    "council1@example.org,,local_authority,,Hackney Council,,yes,1,2028-01-31,,,2,\n"
)


@pytest.fixture
def programme(session: Session) -> Programme:
    return Programme.of(session)


def plan(programme: Programme, text: str, by: str = "officer") -> importing.Plan:
    return importing.plan(programme.session, tables.read(text.encode(), "list.csv"), by=programme[by])


def load(programme: Programme, text: str) -> int:
    return importing.write(programme.session, plan(programme, text), by=programme["officer"])


def test_a_list_brings_new_people_and_changes_those_who_are_there(programme: Programme) -> None:
    session = programme.session
    found = plan(programme, GOOD)
    assert found.wrong == ()
    assert [(one.row, one.kind) for one in found.lines] == [(2, "new"), (3, "new"), (4, "changed")]
    assert load(programme, GOOD) == 3
    peer = session.exec(select(Person).where(Person.email == "new.peer@example.org")).one()
    row = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == peer.key)).one()
    assert (row.seat, row.rank, row.can_lead, row.capacity, str(row.trained_until)) == (
        "peer",
        4,
        True,
        2,
        "2028-01-31",
    )
    assert (row.unit_types, row.expertise, row.calibrated_until) == (["BOCU"], {"D1": 3, "D4": 1}, None)
    postings = session.exec(select(Posting).where(Posting.person_id == peer.key).order_by(Posting.from_on)).all()  # type: ignore[arg-type]
    assert [(str(one.from_on), str(one.until_on), one.command_team) for one in postings] == [
        ("2012-01-01", "2015-05-31", True), ("2015-06-01", "None", False),
    ]  # fmt: skip
    assert session.exec(select(Employer.kind).where(Employer.name == "Thames Freight")).one() == "company"
    assert session.exec(select(AccountLink)).all() == [], "an administrator sends the invitation"


def test_the_same_list_twice_changes_nothing(programme: Programme) -> None:
    load(programme, GOOD)
    again = plan(programme, GOOD)
    assert [one.kind for one in again.lines] == ["same", "same", "same"]
    before = programme.session.exec(select(func.count()).select_from(Person)).one()
    assert load(programme, GOOD) == 0
    assert programme.session.exec(select(func.count()).select_from(Person)).one() == before


def test_columns_that_the_list_lacks_stay_as_they_are(programme: Programme) -> None:
    load(programme, GOOD)
    load(programme, "email,seat,unit,capacity\nnew.peer@example.org,peer,GD,4\n")
    row = programme.session.exec(
        select(ReviewerProfile).join(Person).where(Person.email == "new.peer@example.org")
    ).one()
    assert (row.capacity, row.rank, row.expertise) == (4, 4, {"D1": 3, "D4": 1})


def test_every_bad_cell_is_named_with_its_place_and_what_was_found(programme: Programme) -> None:
    text = (
        "email,name,seat,unit,rank,can_lead,trained_until,postings,d1\n"
        "nobody,X,peeer,EK,four,perhaps,31/1/2027,Camden since May,9\n"
        "a@example.org,,peer,XX,4,yes,,EK 2015-01-01 to 2014-01-01,\n"
        "b@example.org,B,peer,,4,yes,,,\n"
        "b@example.org,B,peer,GD,11,yes,,,\n"
        "council1@example.org,Somebody else,local_authority,,,,,,\n"
        "officer@example.org,,peer,GD,4,yes,,,\n"
        "c@example.org,C,peer,ZZ,11,perhaps,,,7\n"
    )
    found = plan(programme, text)
    assert [(one.row, one.name, one.found, one.problem) for one in found.wrong] == [
        (2, "email", "nobody", "is no e-mail address"),
        (2, "seat", "peeer", "is not one of peer, local_authority, private"),
        (2, "rank", "four", "is not a whole number"),
        (2, "can_lead", "perhaps", "is neither yes nor no"),
        (2, "trained_until", "31/1/2027", "is not a date such as 2027-01-31"),
        (2, "postings", "Camden since May", "“Camden since May” is not like: EK 2019-01-31 to 2021-05-31 command"),
        (2, "d1", "9", "is not a number from 0 to 3"),
        (3, "name", "", "is empty, and nobody has this address yet"),
        (3, "unit", "XX", "Choose the unit in which this person serves (COI-1)"),
        (3, "postings", "EK 2015-01-01 to 2014-01-01", "“EK 2015-01-01 to 2014-01-01” ends before it begins"),
        (4, "unit", "", "Choose the unit in which this person serves (COI-1)"),
        (5, "email", "b@example.org", "stands in row 4 already"),
        (5, "rank", "11", "The rank must be a number from 1 to 10"),
        (
            6,
            "name",
            "Somebody else",
            "is not the name of this address, which is Local authority reviewer 1 (Hackney Council)",
        ),
        (7, "email", "officer@example.org", "is your own: ask a colleague (B3)"),
        (8, "unit", "ZZ", "Choose the unit in which this person serves (COI-1)"),
        (8, "rank", "11", "The rank must be a number from 1 to 10"),
        (8, "can_lead", "perhaps", "is neither yes nor no"),
        (8, "d1", "7", "is not a number from 0 to 3"),
    ]
    assert found.wrong[1].place == "list.csv, row 2, column C (seat)"


def test_nothing_is_imported_while_one_cell_is_wrong(programme: Programme) -> None:
    before = programme.session.exec(select(func.count()).select_from(Person)).one()
    with pytest.raises(Invalid, match="Nothing is imported"):
        load(programme, GOOD + "nobody,,peer,GD,,,,,,,,,\n")
    assert programme.session.exec(select(func.count()).select_from(Person)).one() == before


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("email,seat,calibrated_until", "There is no column “calibrated_until”: take the template"),
        ("seat,unit", "The column “email” is missing"),
        ("email,name", "The column “seat” is missing"),
    ],
)
def test_unknown_and_missing_columns_are_refused(programme: Programme, header: str, sentence: str) -> None:
    """Nobody writes themself a calibration (REV-2)."""
    with pytest.raises(Invalid) as refused:
        plan(programme, f"{header}\n")
    assert str(refused.value) == sentence


def test_only_a_programme_officer_imports(programme: Programme) -> None:
    with pytest.raises(NotYours):
        plan(programme, GOOD, by="administrator")


def test_what_is_exported_comes_back_without_a_change(programme: Programme) -> None:
    load(programme, GOOD)
    names = list(columns())
    lines = [",".join(names), *(",".join(f'"{cell}"' for cell in one) for one in exported(programme.session, names))]
    assert len(lines) == 12
    assert {one.kind for one in plan(programme, "\n".join(lines)).lines} == {"same"}


def test_ten_thousand_rows_are_planned_and_written_at_once(programme: Programme) -> None:
    rows = "".join(f"p{n}@example.org,Peer {n},peer,GD,4,yes\n" for n in range(10_000))
    assert load(programme, f"email,name,seat,unit,rank,can_lead\n{rows}") == 10_000
