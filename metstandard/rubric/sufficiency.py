"""Is there enough evidence behind a level? The least for each level is data of the rubric (rules.md B5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metstandard.common.errors import Invalid
from metstandard.common.words import count
from metstandard.rubric.arithmetic import Mark, named
from metstandard.rubric.definition import Rubric


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence as far as it matters here; `kind` is a word of the rubric, `outcome_years` whole years."""

    kind: str
    from_unit: bool
    external: bool = False
    outcome_years: int = 0


def missing(rubric: Rubric, mark: Mark, items: Sequence[Item]) -> tuple[str, ...]:
    """What is still missing behind a mark, a plain sentence each; empty when it is enough.

    NE and NA need nothing, and so does a level of which the rubric says nothing. Raises Invalid for an unknown kind.
    """
    if rubric.evidence is None:
        return ()
    for item in items:
        if item.kind not in rubric.evidence.kinds:
            raise Invalid(f"{named(item.kind)} is not a kind of evidence of {rubric.name}", field="kind")
    needs = rubric.evidence.sufficiency.get(str(mark))
    if needs is None:
        return ()
    kinds = len({item.kind for item in items})
    outside = sum(not item.from_unit for item in items)
    external = sum(item.external for item in items)
    years = max((item.outcome_years for item in items), default=0)
    there = (
        (needs.kinds, kinds, "kind of evidence", "kinds of evidence"),
        (needs.not_from_unit, outside, "item from outside the unit", "items from outside the unit"),
        (needs.external, external, "external source", "external sources"),
        (needs.outcome_years, years, "year of outcome data", "years of outcome data"),
    )
    return tuple(
        f"Level {mark} needs at least {count(least, one, many)}, there {'is' if have == 1 else 'are'} {have or 'none'}."
        for least, have, one, many in there
        if have < least
    )
