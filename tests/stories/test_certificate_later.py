"""A certificate after it was issued, through the keys' pages, and what anybody outside reads of it meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import clock as clock_moves
from metstandard.queries.invariants import breaches
from metstandard.records import database
from metstandard.records.certificates import Certificate
from tests.factories.certified import certified
from tests.factories.kept import play_on
from tests.factories.story import Story

CERTIFICATE = "/authority/certificates/1"


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Story]:
    """A unit that holds a certificate since its review was published."""
    file = tmp_path / "metstandard.db"
    file.write_bytes(certified())
    engine = database.engine(f"sqlite:///{file}")
    with Session(engine) as session:
        yield Story(play_on(session, clock.now()))
        session.commit()
        assert breaches(session) == []
    engine.dispose()


def certificate(story: Story) -> Certificate:
    """The one certificate as it now stands."""
    story.play.session.expire_all()
    return story.play.session.exec(select(Certificate)).one()


def sweep(story: Story) -> int:
    """The worker does what has fallen due at the play's time."""
    story.play.session.commit()
    with story.play.at():
        return clock_moves.sweep(story.play.session.get_bind(), settings(), threading.Event())  # type: ignore[arg-type]


def joint(story: Story, act: str) -> None:
    """Both keys agree to an act through their pages."""
    for key in ("authority", "commissioner"):
        story.press(key, f"{CERTIFICATE}/{act}", f"Agree to {act}", reason="After the report of June.")


def told(story: Story) -> list[str]:
    """The status of the certificate as the register, its own page and the verification say it to a visitor."""
    one = certificate(story)
    number, code = one.title, one.code
    data = story.json("/register.json")
    rows = data["certificates"] if isinstance(data, dict) else data
    found = [row["status"] for row in rows if row["number"] == number]
    verified = story.page("", f"/verify/{code}").lower()
    assert found[0] in verified
    assert found[0] in story.page("", f"/certificates/{number}").lower()
    return found


def test_a_certificate_is_suspended_and_reinstated_by_both_keys_and_the_register_says_so(holder: Story) -> None:
    """One key alone changes nothing that anybody outside can see."""
    assert told(holder) == ["current"]
    holder.press("authority", f"{CERTIFICATE}/suspend", "Agree to suspend", reason="After the report of June.")
    assert told(holder) == ["current"]
    holder.press("commissioner", f"{CERTIFICATE}/suspend", "Agree to suspend", reason="We agree.")
    assert told(holder) == ["suspended"]
    holder.press("commissioner", f"{CERTIFICATE}/reinstate", "Agree to reinstate", reason="All is mended.")
    assert told(holder) == ["suspended"]
    holder.press("authority", f"{CERTIFICATE}/reinstate", "Agree to reinstate", reason="All is mended.")
    assert told(holder) == ["current"]


def test_a_withdrawn_certificate_stays_in_the_register_as_withdrawn(holder: Story) -> None:
    """For good: no act is left."""
    joint(holder, "withdraw")
    assert told(holder) == ["withdrawn"]
    assert "Agree to" not in holder.page("authority", CERTIFICATE)
    assert sweep(holder) == 0


def test_a_certificate_expires_the_day_after_its_last_and_is_extended_once(holder: Story) -> None:
    """The extension moves the last day by three months; a second is refused; then the clock ends it."""
    first = certificate(holder).valid_until
    joint(holder, "extend")
    last = certificate(holder).valid_until
    assert (last.year * 12 + last.month) - (first.year * 12 + first.month) == 3
    assert "Agree to extend" not in holder.page("authority", f"{CERTIFICATE}/extend")
    holder.play.to_day(last)
    sweep(holder)
    assert certificate(holder).status == "current"
    holder.play.to_day(last + timedelta(days=1))
    assert sweep(holder) == 1
    assert certificate(holder).state == "expired"
    with holder.play.at():
        assert told(holder) == ["expired"]
