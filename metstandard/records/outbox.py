"""What the system owes: letters, written in the transaction that owes them."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row, choice


class LetterStatus(StrEnum):
    """Where a letter stands."""

    OWED = "owed"
    SENT = "sent"
    FAILED = "failed"


class Letter(Row, table=True):
    """One letter to one person about one event. `once` makes the same event owe it only once.

    Somebody without an account has no `person_id`: the address and the words of the letter are all that is kept.
    """

    __tablename__ = "letter"

    once: str = Field(max_length=200, unique=True)
    name: str = Field(max_length=40, index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    address: str = Field(max_length=254)
    record_kind: str = Field(default="", max_length=20)
    record_id: int | None = None
    subject: str = Field(max_length=300)
    text: str
    html: str
    message_id: str = Field(max_length=200, unique=True)
    status: LetterStatus = Field(default=LetterStatus.OWED, sa_type=choice(LetterStatus), index=True)
    attempts: int = 0
    next_try_at: datetime = Field(default_factory=clock.now)
    last_error: str = Field(default="", max_length=300)
    owed_at: datetime = Field(default_factory=clock.now)
    sent_at: datetime | None = None
