"""Proposals of panels for one review or a whole cycle: what was asked, how far it is, what came out."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row, choice


class ProposalStatus(StrEnum):
    """How a proposal stands. `late`: the time ran out without an answer. `failed`: `said` tells why."""

    QUEUED = "queued"
    SOLVING = "solving"
    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    LATE = "late"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


WAITING = (ProposalStatus.QUEUED, ProposalStatus.SOLVING)


class PanelProposal(Row, table=True):
    """One question to the solver and its answer. Nothing in it is an invitation before it is published.

    `wishes` is what the programme office asked beyond the records: `locks` [[reference, kind, person]], `later`
    {reference: weeks}, `without` [person], `waived` [constraint id]. `instance` and `solution` are the texts of
    docs/panels.md, written by the worker. `reason` tells why there is none: `conflict`, `unlock`, `impossible`.
    `reasons` are those of each seat by review, as `rules.reasons` writes them, for as many as time allowed.
    A what-if is never published. `heard_at` is the sign of life of the worker that solves it.
    """

    __tablename__ = "panel_proposal"
    __table_args__ = (
        sa.CheckConstraint("(status = 'solving') = (heard_at IS NOT NULL)", name="heard_while_solving"),
        sa.CheckConstraint("published_at IS NULL OR NOT what_if", name="what_if_never_published"),
        sa.CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_somebody"),
    )

    title: str = Field(default="", max_length=200)
    what_if: bool = False
    parent_id: int | None = Field(default=None, foreign_key="panel_proposal.id")
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(default_factory=clock.now)
    seconds: int
    seed: int = 0
    wishes: dict[str, Any] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    status: ProposalStatus = Field(
        default=ProposalStatus.QUEUED, sa_column=sa.Column(choice(ProposalStatus), nullable=False, index=True)
    )
    heard_at: datetime | None = None
    progress: dict[str, Any] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    instance: str = ""
    solution: str = ""
    reason: dict[str, Any] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    reasons: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(sa.JSON(none_as_null=True)))
    objective: int | None = None
    bound: int | None = None
    spent_ms: int | None = None
    said: str = ""
    finished_at: datetime | None = None
    published_at: datetime | None = None
    published_by_id: int | None = Field(default=None, foreign_key="person.id")

    @property
    def proved(self) -> bool:
        """Whether no plan is better."""
        return self.objective is not None and self.objective == self.bound

    @property
    def waits(self) -> bool:
        """Whether no answer is there yet."""
        return self.status in WAITING


class Offered(StrEnum):
    """What publication did for one review: nothing yet, seats offered, or refused with a sentence."""

    NOT_YET = "not_yet"
    OFFERED = "offered"
    REFUSED = "refused"


class ProposedReview(Row, table=True):
    """A review that a proposal seats, and what publication did for it."""

    __tablename__ = "proposed_review"
    __table_args__ = (sa.UniqueConstraint("proposal_id", "review_id"),)

    proposal_id: int = Field(foreign_key="panel_proposal.id", index=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    offered: Offered = Field(default=Offered.NOT_YET, sa_type=choice(Offered))
    said: str = ""
