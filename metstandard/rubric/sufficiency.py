"""Is there enough evidence behind a level? The least for each level is data of the rubric (rules.md B5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metstandard.common.errors import Invalid
from metstandard.common.words import count, listed
from metstandard.rubric.arithmetic import Mark, named
from metstandard.rubric.definition import Rubric


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence as far as it matters here; `kind` is a word of the rubric, `outcome_years` whole years."""

    kind: str
    from_unit: bool
    external: bool = False
    outcome_years: int = 0


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One thing of which a level needs more: the least, what is there, and its name in the singular and plural."""

    least: int
    have: int
    one: str
    many: str

    @property
    def more(self) -> str:
        """What to add, such as `1 more kind of evidence`."""
        word = "more " if self.have else ""
        return count(self.least - self.have, f"{word}{self.one}", f"{word}{self.many}")


def shortfalls(rubric: Rubric, mark: Mark, items: Sequence[Item]) -> tuple[Shortfall, ...]:
    """What a mark needs more of than the evidence behind it gives; empty when it is enough.

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
    there = (
        Shortfall(needs.kinds, len({item.kind for item in items}), "kind of evidence", "kinds of evidence"),
        Shortfall(
            needs.not_from_unit, sum(not item.from_unit for item in items), "item from outside the unit",
            "items from outside the unit",
        ),
        Shortfall(needs.external, sum(item.external for item in items), "external source", "external sources"),
        Shortfall(
            needs.outcome_years, max((item.outcome_years for item in items), default=0), "year of outcome data",
            "years of outcome data",
        ),
    )  # fmt: skip
    return tuple(one for one in there if one.have < one.least)


def missing(rubric: Rubric, mark: Mark, items: Sequence[Item]) -> tuple[str, ...]:
    """What is still missing behind a mark, a plain sentence each; empty when it is enough.

    Raises Invalid for an unknown kind.
    """
    return tuple(
        f"Level {mark} needs at least {count(one.least, one.one, one.many)}, "
        f"there {'is' if one.have == 1 else 'are'} {one.have or 'none'}."
        for one in shortfalls(rubric, mark, items)
    )


def to_add(rubric: Rubric, items: Sequence[Item]) -> dict[str, str]:
    """What to add for each level that these items do not carry, as `1 more kind of evidence and 1 external source`."""
    found = {}
    for level in range(rubric.top + 1):
        short = shortfalls(rubric, level, items)
        if short:
            found[str(level)] = listed([one.more for one in short])
    return found
