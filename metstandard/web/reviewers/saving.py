"""Saving the marks that a page or a spreadsheet sends, one by one, with both versions of what was saved elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import g, request

from metstandard.actions import scoring
from metstandard.common.errors import Invalid, Stale
from metstandard.queries import scoring as reading
from metstandard.records.reviews import Review
from metstandard.records.sheets import Mark
from metstandard.records.units import Unit
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.web.reviewers.marks import Entry, TwoVersions, posted, two_versions
from metstandard.web.shared.database import session


def facts(review: Review, unit: Unit) -> dict[str, Any]:
    """What every page of a sheet needs."""
    return {"review": review, "unit": unit, "marking": review.marking.value}


def is_open(review: Review) -> bool:
    """Whether marks can be saved at this stage."""
    return not review.paused and bool(workflow_of(session(), review).moves_from(review.state, "save_mark"))


def save(review: Review, entry: Entry) -> Mark:
    """Save one mark as it was sent."""
    return scoring.save_mark(
        session(), review, by=g.person, criterion=entry.code, level=entry.level, strengths=entry.strengths,
        improvements=entry.improvements, confidence=entry.chosen_confidence, evidence=sorted(entry.evidence),
        revision=entry.revision,
    )  # fmt: skip


def save_all(review: Review, codes: Iterable[str]) -> tuple[list[Entry], list[TwoVersions]]:
    """Save what the posted form says of some criteria: the entries, refused ones with the reason, and what is stale."""
    entries, stale = [], []
    for code in codes:
        entry = posted(code, request.form)
        if entry is None:
            continue
        try:
            save(review, entry)
        except Invalid as wrong:
            entry = entry.refused(wrong)
        except Stale as other:
            stale.append(_both(review, entry, other.theirs))
        entries.append(entry)
    return entries, stale


def _both(review: Review, entry: Entry, theirs: object) -> TwoVersions:
    titles = reading.evidence_titles(session(), review, reader=g.person)
    other: Mapping[str, Any] = theirs if isinstance(theirs, Mapping) else {}
    title = rubric_of(session(), review).criteria[entry.code].title
    return two_versions(f"{entry.code} {title}", entry, other, titles)
