"""A review in moderation on whose levels one reviewer dissents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from metstandard.actions import consensus
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from tests.factories.kept import playing
from tests.factories.stages import LEAD, SEATS, STAGES, Play

DISPUTED = ("1.1", "2.2")


@contextmanager
def disputed(data: Path) -> Iterator[Play]:
    """The private reviewer dissents on DISPUTED; everybody gave a 3, which is the median that stands."""
    with playing(data, "consensus") as play:
        for code in rubric_of(play.session, play.review).criteria:
            play.act(
                consensus.agree_level, play.review, by=play[LEAD], criterion=code, level="3", revision=0,
                rationale=f"The panel agrees on {code}.",
            )  # fmt: skip
        for code in DISPUTED:
            play.act(
                consensus.record_dissent, play.review, by=play["company1"], criterion=code,
                dissent=f"I hold that {code} is a 2.",
            )  # fmt: skip
        for word in SEATS.values():
            seen = digest(play.session, play.review, "consensus")
            play.act(consensus.sign_consensus, play.review, by=play[word], seen=seen)
        for stage in ("factual_accuracy", "moderation"):
            STAGES[stage](play)
        play.session.commit()
        yield play
