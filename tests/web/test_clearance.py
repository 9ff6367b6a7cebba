"""What somebody is not cleared for is not there: no page, count, title or file differs for them (rules.md B9).

And whoever was interviewed is named to the writer of the note and to the lead reviewer, and to nobody else (B5).
Every address of the review that can be read is asked for, on databases that differ only in what is hidden.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session, select

from metstandard.actions import evidence
from metstandard.actions.interviews import Talk
from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.records import database
from metstandard.records.base import Marking
from metstandard.records.evidence import EvidenceType, Maker
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.web.shared.limits import limiter
from tests.conftest import KEY
from tests.factories.kept import database_at, play_on
from tests.web.test_seal import Pages, crawl, said_by

# Those whose pages must not change, and those who may read; the writer is not the lead.
UNCLEARED = ("company1", "author")
READERS = ("peer1", "council1", "commander")
OTHERS = ("officer", "link", "peer2")
TITLE, NAME, ROLE = "Zorbingham ledger", "Quokka Berrylow", "Yellowhammer wardens"


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory, _filled_database: Path) -> tuple[Pages, list[str]]:
    """A reviewer has added a note that two are not cleared for."""
    return _world(tmp_path_factory.mktemp("hidden"), _filled_database, added=True)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory, _filled_database: Path) -> tuple[Pages, list[str]]:
    """The same review without it."""
    return _world(tmp_path_factory.mktemp("blank"), _filled_database, added=False)


def _world(folder: Path, filled: Path, *, added: bool) -> tuple[Pages, list[str]]:
    (folder / "metstandard.db").write_bytes(filled.read_bytes())
    now = database_at("on_site", folder / "metstandard.db")
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    with pytest.MonkeyPatch.context() as patch, Session(engine) as session:
        patch.setenv("METSTANDARD_DATA", str(folder))
        patch.setenv("METSTANDARD_SECRET_KEY", KEY)
        patch.setenv("METSTANDARD_TRUSTED_HOSTS", "localhost")
        settings.cache_clear()
        play = play_on(session, now)
        for word in UNCLEARED:
            play[word].clearance = Marking.OFFICIAL
        session.commit()
        if added:
            play.act(
                evidence.add_evidence, play.review, by=play["council1"], kind=EvidenceType.INTERVIEW, title=TITLE,
                criteria={"1.1": "page 4", "2.2": ""}, note="Briefings help.", maker=Maker.PANEL,
                marking=Marking.OFFICIAL_SENSITIVE, unit_may_see=True, talk=Talk(2, ROLE, (NAME,)),
            )  # fmt: skip
        moment, reference = clock.at_local(play.review.starts_on, 15), play.review.reference
        session.commit()  # an open transaction would hold SQLite's lock
        app = create_app(settings())
        app.config.update(TESTING=True, RATELIMIT_ENABLED=False)
        limiter.enabled = False
        readers = (*UNCLEARED, *(READERS + OTHERS if added else ()))
        pages = crawl(app, readers, moment, number=3, within=reference)
        limiter.enabled = True
        journal = session.exec(select(JournalLine)).all()
        letters = session.exec(select(Letter)).all()
        written = [*(str(one.data) for one in journal), *(f"{one.subject} {one.text} {one.html}" for one in letters)]
    engine.dispose()
    settings.cache_clear()
    return pages, written


def test_the_hidden_item_could_leak_the_others_read_it(hidden: tuple[Pages, list[str]]) -> None:
    """The set of readers found is the set allowed; staff follow a criterion line by line."""
    assert said_by(hidden[0], TITLE) == {*READERS, "officer"}


def test_nothing_differs_for_those_who_are_not_cleared(
    hidden: tuple[Pages, list[str]], blank: tuple[Pages, list[str]]
) -> None:
    """Status, size, order, counts, marking and every word are the same on both databases."""
    compared = [key for key in hidden[0] if key[0] in UNCLEARED]
    assert len([key for key in compared if hidden[0][key][0] == 200]) > 20
    assert [key for key in compared if hidden[0][key] != blank[0][key]] == []


def test_whoever_was_interviewed_is_known_to_the_writer_and_the_lead_alone(hidden: tuple[Pages, list[str]]) -> None:
    """The name and the role of a small group, on any page of anybody; the unit may read the note itself."""
    assert said_by(hidden[0], NAME) == {"peer1", "council1"}
    assert said_by(hidden[0], ROLE) == {"peer1", "council1"}


def test_neither_stands_in_the_journal_or_in_a_letter(hidden: tuple[Pages, list[str]]) -> None:
    assert hidden[1]
    assert not any(word in text for text in hidden[1] for word in (TITLE, NAME, ROLE))
