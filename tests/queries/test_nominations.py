"""The list of nominations asks a fixed number of queries; likeness is found; histories keep what is sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from metstandard.actions.recognition.nominees import Named
from metstandard.common import clock
from metstandard.queries import incidents as alike_reads
from metstandard.queries import nominations as reads
from metstandard.queries.invariants import breaches
from metstandard.queries.nomination_history import ACTS, history, last_reason
from metstandard.records.journal import JournalLine, append
from metstandard.rules.editions import newest_workflow
from tests.factories.counting import queries
from tests.factories.nominations import (
    confirmed,
    drafted,
    incident,
    nominated,
    officer_of,
    recognisers,
    submitted,
    taken_up,
)
from tests.factories.programme import Programme

OFFICE = frozenset({"programme_officer"})


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_six_queries_however_long_it_is(session: Session, programme: Programme, rows: int) -> None:
    """Appointments, nominations, nominees, editions, incidents, and the judge's own."""
    for number in range(rows):
        submitted(session, email=f"n{number}@example.com")
    officer = officer_of(session)
    assert officer.name
    engine = session.get_bind()
    assert isinstance(engine, sa.Engine)
    with queries(engine) as asked:
        lines = reads.board(session, officer)
    assert (len(lines), len(asked)) == (rows, 6)


def test_a_line_says_whom_it_is_for_and_whose_move_it_is(session: Session, programme: Programme) -> None:
    """A team by its name, several people by the first."""
    one = submitted(session, scheme="team")
    line = reads.lines_of(session, [one])[0]
    assert (line.names, line.scheme, line.category, line.stage, line.waits, line.days, line.services) == (
        "The canal team", "Team Achievement", "Courage", "Submitted", "the seconder and the programme office", 0,
        ("Metropolitan Police Service",),
    )  # fmt: skip


def test_likeness_is_by_name_or_by_day_and_withdrawn_ones_do_not_count(session: Session, programme: Programme) -> None:
    """Drafts are nobody's to compare with."""
    one = taken_up(session)
    same_name = submitted(
        session, email="a@example.com", happened_on=clock.today() - timedelta(days=90),
        named=[Named("OLIVE officer", service="met")],
    )  # fmt: skip
    same_day = submitted(session, email="b@example.com", named=[Named("Somebody Else", service="met")])
    submitted(
        session, email="c@example.com", happened_on=clock.today() - timedelta(days=90),
        named=[Named("Another", service="met")],
    )  # fmt: skip
    drafted(session, email="d@example.com")
    found = {each.line.nomination.reference: each.why for each in alike_reads.alike(session, one)}
    assert found == {
        same_name.reference: ("The same nominee is named.",), same_day.reference: ("It happened within two days.",),
    }  # fmt: skip


def test_every_act_of_the_workflow_has_words_in_the_history() -> None:
    """An act without words would be shown by its name."""
    workflow = newest_workflow("nomination")[0]
    acts = {move.do for move in workflow.moves if not move.quiet} | {"begin_nomination"}
    assert acts - set(ACTS) == set()


def test_a_history_hides_who_has_locked_until_all_have(session: Session, programme: Programme) -> None:
    """The line is there, and told after the last lock; the names of judges never."""
    recognisers(programme)
    one = nominated(session)
    one.state = "shortlisted"
    session.add(one)
    append(
        session,
        JournalLine(
            record_kind="nomination", record_id=one.key, seq=0, at=clock.now(), act="lock_judgement", part="judge",
            person_id=programme["judge1"].key, before="shortlisted", after="shortlisted", previous="", hash="",
        ),
    )  # fmt: skip
    assert [event.what for event in history(session, one, OFFICE) if "Judgement" in event.what] == []
    one.state = "judged"
    told = [event for event in history(session, one, OFFICE) if "Judgement" in event.what]
    assert [(event.what, event.who) for event in told] == [("Judgement locked", "Judge")]
    assert [event for event in history(session, one, frozenset({"press_officer"})) if "Judgement" in event.what] == []


def test_names_and_reasons_in_a_history_are_the_offices(session: Session, programme: Programme) -> None:
    """Others read parts."""
    one = taken_up(session)
    mine, theirs = (history(session, one, parts)[0] for parts in (OFFICE, frozenset({"authority_key"})))
    assert (mine.who, theirs.who) == ("Programme officer (programme officer)", "Programme officer")
    assert last_reason(session, one, "withdraw") == ""


def test_the_doctor_finds_nothing_wrong_with_nominations_under_way(session: Session, programme: Programme) -> None:
    """Drafts, what was sent, what was returned, and incidents with a journal of their own."""
    from metstandard.actions.recognition import eligibility  # noqa: PLC0415 (used here alone)

    recognisers(programme)
    drafted(session)
    submitted(session, email="a@example.com")
    confirmed(session, email="b@example.com")
    returned = taken_up(session, email="c@example.com")
    eligibility.return_nomination(session, returned, by=officer_of(session), reason="Which bridge?")
    nominated(session, scheme="blue_lights", email="d@example.com", shared=incident(session))
    session.commit()
    assert breaches(session) == []
