"""New files wait for a real clamd: clean ones come out, others go, and a scanner that is away loses nothing."""

from __future__ import annotations

import threading
from io import BytesIO

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import scanning as acts
from metstandard.actions.evidence import add_evidence
from metstandard.common.errors import Invalid, NotNow
from metstandard.common.settings import settings
from metstandard.jobs import scanning
from metstandard.records import files, store
from metstandard.records.evidence import Evidence, EvidenceType, Scan, StoredFile
from metstandard.records.outbox import Letter
from metstandard.rules import award
from tests.factories.stages import Play
from tests.jobs.conftest import AtStage
from tests.servers.clamd import EICAR, NAME, Clamd

FOUND = f"{NAME}.UNOFFICIAL"


@pytest.fixture
def scanned(clamd: Clamd, monkeypatch: pytest.MonkeyPatch) -> Clamd:
    """The scanner, and settings that name it."""
    monkeypatch.setenv("METSTANDARD_CLAMD", str(clamd.socket))
    settings.cache_clear()
    return clamd


def swept(play: Play) -> int:
    """One sweep; how many files got their answer."""
    play.session.commit()
    engine = play.session.get_bind()
    assert isinstance(engine, Engine)
    return scanning.sweep(engine, settings(), threading.Event())


def supplied(play: Play, content: bytes, title: str = "Plan", who: str = "author") -> StoredFile:
    """A file of an item that somebody adds now."""
    item = play.act(
        add_evidence, play.review, by=play[who], kind=EvidenceType.DOCUMENT, title=title, criteria=["1.1"],
        upload=BytesIO(content), file_name="plan.txt",
    )  # fmt: skip
    play.session.commit()
    assert isinstance(item, Evidence)
    return play.session.get_one(StoredFile, item.file_id)


def letters(session: Session) -> list[Letter]:
    return list(session.exec(select(Letter).where(Letter.name == "file_infected").order_by(col(Letter.id))).all())


def test_a_clean_file_waits_and_comes_out_of_quarantine_once(at_stage: AtStage, scanned: Clamd) -> None:
    play = at_stage("self_assessment")
    stored = supplied(play, b"The plan")
    with pytest.raises(NotNow, match="still being checked for viruses"):
        files.content_of(stored)
    assert [swept(play), swept(play)] == [1, 0]
    play.session.refresh(stored)
    assert (stored.scan, stored.virus, stored.scanned_at is not None) == (Scan.CLEAN, "", True)
    assert files.content_of(stored) == b"The plan"
    assert letters(play.session) == []


def test_a_file_with_a_virus_goes_and_all_who_supplied_it_are_told_once(at_stage: AtStage, scanned: Clamd) -> None:
    play = at_stage("self_assessment")
    stored = supplied(play, EICAR)
    assert supplied(play, EICAR, "The same", "commander").key == stored.key
    supplied(play, EICAR, "Once more")
    assert [swept(play), swept(play)] == [1, 0]
    play.session.refresh(stored)
    assert (stored.scan, stored.virus, store.holds(stored.sha256)) == (Scan.INFECTED, FOUND, False)
    with pytest.raises(NotNow, match="A virus was found in this file, and it was removed"):
        files.content_of(stored)
    told = letters(play.session)
    assert [(one.address, one.record_id) for one in told] == [
        (play[who].email, play.review.key) for who in ("author", "commander")
    ]
    assert told[0].subject == f"OFFICIAL-SENSITIVE: Replace a file in which a virus was found ({play.review.reference})"
    assert (
        "The virus scanner found Met. Test. EICAR. UNOFFICIAL in a file that you supplied as evidence" in told[0].text
    )
    assert not any(word in told[0].text for word in ("plan.txt", "Plan", "The same"))
    assert [one.title for one in play.session.exec(select(Evidence).order_by(col(Evidence.id))).all()][-3:] == [
        "Plan", "The same", "Once more",
    ]  # fmt: skip
    with pytest.raises(Invalid, match=f"^plan.txt was refused before: the virus scanner found {FOUND}$"):
        supplied(play, EICAR, "Again")


def test_an_item_that_lost_its_file_to_a_virus_carries_no_level(at_stage: AtStage, scanned: Clamd) -> None:
    play = at_stage("self_assessment")
    supplied(play, EICAR)
    number = play.session.exec(select(Evidence.id).order_by(col(Evidence.id).desc())).first() or 0
    assert list(award.linked_items(play.session, play.review, {number})) == [number]
    swept(play)
    play.session.expire_all()
    assert award.linked_items(play.session, play.review, {number}) == {}


def test_a_scanner_that_is_away_leaves_files_in_quarantine_until_it_is_back(at_stage: AtStage, scanned: Clamd) -> None:
    play = at_stage("self_assessment")
    stored = supplied(play, b"The plan")
    scanned.down()
    assert swept(play) == 0
    play.session.refresh(stored)
    assert stored.scan == Scan.QUARANTINED
    scanned.up()
    assert swept(play) == 1


def test_what_cannot_be_scanned_stays_and_does_not_stop_the_others(at_stage: AtStage, scanned: Clamd) -> None:
    play = at_stage("self_assessment")
    large = supplied(play, b"x" * 2_000_000)
    lost = supplied(play, b"lost")
    store.remove(lost.sha256)
    fine = supplied(play, b"fine")
    assert swept(play) == 1
    found = [play.session.get_one(StoredFile, one.key, populate_existing=True).scan for one in (large, lost, fine)]
    assert found == [Scan.QUARANTINED, Scan.QUARANTINED, Scan.CLEAN]


def test_files_from_before_there_was_a_scanner_are_scanned_after_those_that_wait(
    at_stage: AtStage, clamd: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = at_stage("self_assessment")
    old = supplied(play, EICAR)
    assert (old.scan, swept(play)) == (Scan.NONE, 0)
    monkeypatch.setenv("METSTANDARD_CLAMD", str(clamd.socket))
    settings.cache_clear()
    new = supplied(play, b"new")
    assert [one.key for one in acts.unscanned(play.session, 9)][:2] == [new.key, old.key]
    assert swept(play) == 2
    play.session.refresh(old)
    assert old.scan == Scan.INFECTED


def test_a_worker_that_died_before_the_bytes_went_is_made_good(at_stage: AtStage, scanned: Clamd) -> None:
    play = at_stage("self_assessment")
    stored = supplied(play, EICAR + b" and more")
    assert acts.take_answer(play.session, stored.key, FOUND) is True
    assert acts.take_answer(play.session, stored.key, "") is False
    assert (stored.scan, store.holds(stored.sha256)) == (Scan.INFECTED, True)
    swept(play)
    assert store.holds(stored.sha256) is False
