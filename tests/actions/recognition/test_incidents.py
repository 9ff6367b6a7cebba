"""An incident is kept by the programme office, changes leave a line, and nothing is overwritten unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import incidents
from metstandard.actions.recognition.incidents import Facts, fingerprint
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotYours, Stale
from metstandard.records.journal import JournalLine
from tests.factories.nominations import incident, officer_of, submitted
from tests.factories.programme import Programme


def test_an_incident_is_changed_by_the_programme_office_and_each_change_is_written_down(
    session: Session, programme: Programme
) -> None:
    """The line says which facts changed and not to what."""
    one = incident(session)
    facts = replace(Facts.of(one), died=True, place="Camden Lock")
    with pytest.raises(NotYours):
        incidents.edit_incident(session, one, facts, by=programme["authority"], seen=fingerprint(one))
    for _ in range(2):
        incidents.edit_incident(session, one, facts, by=officer_of(session), seen=fingerprint(one))
    lines = session.exec(select(JournalLine).where(JournalLine.record_kind == "incident")).all()
    assert [(line.act, line.data["changed"]) for line in lines] == [
        ("create_incident", []), ("edit_incident", ["place", "died"]),
    ]  # fmt: skip


def test_two_people_do_not_overwrite_each_other(session: Session, programme: Programme) -> None:
    """The second is told that the incident has changed."""
    one = incident(session)
    seen = fingerprint(one)
    incidents.edit_incident(session, one, replace(Facts.of(one), place="Here"), by=officer_of(session), seen=seen)
    with pytest.raises(Stale):
        incidents.edit_incident(session, one, replace(Facts.of(one), place="There"), by=officer_of(session), seen=seen)


@pytest.mark.parametrize("field", ["happened_on", "families_asked_on", "everyone_asked_on"])
def test_nothing_happened_tomorrow(session: Session, programme: Programme, field: str) -> None:
    """Each date is in the past."""
    facts = replace(Facts("A fire", clock.today()), **{field: clock.today() + timedelta(days=1)})  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        incidents.create_incident(session, facts, by=officer_of(session))
    assert refused.value.field == field


def test_a_nomination_goes_beneath_an_incident_and_out_of_it(session: Session, programme: Programme) -> None:
    """Each leaves a line in the nomination's own history."""
    one, shared = submitted(session), incident(session)
    for group in (shared, None):
        incidents.group(session, one, group, by=officer_of(session))
    lines = session.exec(select(JournalLine.data).where(JournalLine.act == "group")).all()
    assert (list(lines), one.incident_id) == ([{"incident": shared.key}, {"incident": None}], None)
