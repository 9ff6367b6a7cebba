"""The ceremony list on paper: who comes, with how many, and what they need, for the programme office alone."""

from __future__ import annotations

import io
from datetime import timedelta

from flask import Flask
from pypdf import PdfReader
from sqlmodel import select

from metstandard.actions.recognition import presenting
from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.judging import Guest
from tests.factories.browser import client_for
from tests.factories.judged import judged_to
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme
from tests.web.conftest import Rows


def test_the_ceremony_list_prints_each_guest_with_places_and_needs_under_its_marking(
    app: Flask, rows: Rows, people: dict[str, Person]
) -> None:
    with rows() as session:
        programme = recognisers(Programme.of(session))
        one = judged_to(programme, nominated(session), "announced")
        starts = clock.now() + timedelta(days=30)
        evening = {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "place": "City Hall"}
        event = presenting.save_event(session, by=programme["officer"], title="Evening of awards", **evening)  # type: ignore[arg-type]
        presenting.invite(session, event, one, by=programme["officer"])
        guest = session.exec(select(Guest)).one()
        said = {"coming": True, "family_places": 3, "access_needs": "A ramp to the stage"}
        presenting.save_guest(session, event, guest.key, by=programme["officer"], **said)  # type: ignore[arg-type]
        number = event.key
    path = f"/authority/events/{number}/ceremony.pdf"
    assert path in client_for(app, people["officer"]).get(f"/authority/events/{number}").get_data(as_text=True)
    answer = client_for(app, people["officer"]).get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = " ".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    for printed in ("Evening of awards", "City Hall", "4 places", "Olive Officer", "Comes", "A ramp to the stage"):
        assert printed in text
    assert text.count("OFFICIAL-SENSITIVE") == 2
    assert client_for(app, people["press"]).get(path).status_code == 403
