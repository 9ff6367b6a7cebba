"""What has ended is cleared away, and nothing else."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import enquiries
from metstandard.actions.enquiries import Message
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import cleaning
from metstandard.records.accounts import AccountLink, KeptForm, SignedIn
from metstandard.records.enquiries import About, EnquiryKind
from tests.factories.programme import Programme

NOW = datetime(2026, 10, 14, 11, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_ended_sessions_old_forms_and_dead_links_go(programme: Programme, session: Session) -> None:
    person = programme["officer"].key
    session.add_all([
        SignedIn(token_hash="ended", expires_at=NOW),
        SignedIn(token_hash="running", expires_at=NOW + SECOND),
        KeptForm(token_hash="old", path="/", kept_at=NOW - cleaning.KEPT_FORM),
        KeptForm(token_hash="young", path="/", kept_at=NOW - cleaning.KEPT_FORM + SECOND),
        link(person, "used", used_at=NOW - cleaning.ENDED_LINK),
        link(person, "used lately", used_at=NOW - cleaning.ENDED_LINK + SECOND),
        link(person, "too old", expires_at=NOW - cleaning.ENDED_LINK),
        link(person, "open"),
    ])  # fmt: skip
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with clock.pinned_to(NOW):
        assert [cleaning.sweep(engine, settings(), threading.Event()) for _ in range(2)] == [4, 0]
    left = [
        *session.exec(select(SignedIn.token_hash)).all(),
        *session.exec(select(KeptForm.token_hash)).all(),
        *session.exec(select(AccountLink.token_hash).order_by(col(AccountLink.id))).all(),
    ]
    assert left == ["running", "young", "used lately", "open"]


def test_what_the_public_sent_is_forgotten_when_its_time_is_over(programme: Programme, session: Session) -> None:
    message = Message(EnquiryKind.COMMENT, About.SERVICE, "Well done.", name="Reader", email="reader@example.org")
    one = enquiries.take_in(session, message, once="form")
    enquiries.answer(session, one, "Thank you.", by=programme["officer"], revision=one.version)
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with clock.pinned_to(clock.now() + timedelta(days=800)):
        assert [cleaning.sweep(engine, settings(), threading.Event()) for _ in range(2)] == [1, 0]
    session.refresh(one)
    assert (one.name, one.email, one.text, one.reply) == ("", "", "", "")


def link(person: int, word: str, *, used_at: datetime | None = None, expires_at: datetime = NOW) -> AccountLink:
    """A link of a person."""
    return AccountLink(person_id=person, purpose="invitation", token_hash=word, expires_at=expires_at, used_at=used_at)
