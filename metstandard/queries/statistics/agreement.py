"""How far reviewers agree: over a cycle, by domain, criterion and two kinds of seat, and in one review (SCO-6).

The raters are the kinds of seat, so that each review adds a full line for each criterion. Intervals take these lines
for the sample. Lines of one review are alike, so over several reviews an interval is rather too narrow than too wide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from metstandard.queries.statistics.marks import Opened, OpenSheet
from metstandard.queries.statistics.severity import too_few_reviews
from metstandard.records.reviews import Review
from metstandard.rubric.definition import Criterion, Domain
from metstandard.statistics.estimates import Estimate
from metstandard.statistics.ratings import ratings_of
from metstandard.statistics.summary import WIDEST, Agreement, PairAgreement, Ranking, agreement, ranked

_KEPT = 16


@dataclass(frozen=True)
class Measured:
    """The agreement of one group of marks; `found` is None where `why` says what keeps it back."""

    code: str
    title: str
    reviews: int
    people: int
    found: Agreement | None
    why: str


@dataclass(frozen=True)
class Pair:
    """Two kinds of seat and their kappas."""

    kinds: tuple[str, str]
    agreed: PairAgreement


@dataclass(frozen=True, eq=False)
class Survey:
    """Agreement over the reviews of a cycle, or of all, from every side."""

    whole: Measured
    domains: tuple[Measured, ...]
    criteria: tuple[Measured, ...]
    pairs: tuple[Pair, ...]

    @property
    def ranking(self) -> Ranking:
        """Criteria from the most to the least agreed by AC2, as far as the intervals carry it."""
        return ranked({one.code: ac2(one.found) for one in self.criteria})


def ac2(found: Agreement | None) -> Estimate | None:
    """The coefficient that criteria are ranked by: quadratic weights, and steady where most marks are one level."""
    return found.ac2["quadratic"] if found else None


@dataclass(frozen=True)
class Coefficient:
    """One line of a table of agreement; `why` says why there is no estimate."""

    name: str
    estimate: Estimate | None
    why: str


# What a table of agreement lists: words, the path of the figure, and where it is in the answer.
_LISTED: tuple[tuple[str, str, Callable[[Agreement], Estimate | None]], ...] = (
    ("Krippendorff's alpha, ordinal", "alpha.ordinal", lambda found: found.alpha["ordinal"]),
    ("Krippendorff's alpha, nominal", "alpha.nominal", lambda found: found.alpha["nominal"]),
    ("Krippendorff's alpha, interval", "alpha.interval", lambda found: found.alpha["interval"]),
    ("Gwet's AC1", "ac1", lambda found: found.ac1),
    ("Gwet's AC2, linear weights", "ac2.linear", lambda found: found.ac2["linear"]),
    ("Gwet's AC2, quadratic weights", "ac2.quadratic", lambda found: found.ac2["quadratic"]),
    ("Fleiss' kappa", "fleiss", lambda found: found.fleiss),
    ("Intraclass correlation of one reviewer, ICC(2,1)", "icc.2,1", lambda found: found.icc["2,1"]),
    ("Intraclass correlation of the panel, ICC(2,k)", "icc.2,k", lambda found: found.icc["2,k"]),
)


def coefficients(found: Agreement) -> list[Coefficient]:
    """Alpha, always beside AC1 and AC2, then the others; each with its interval or the reason why there is none."""
    whys = found.undefined
    return [
        Coefficient(name, take(found), whys.get(path) or whys.get(path.partition(".")[0], ""))
        for name, path, take in _LISTED
    ]


def plainly(estimate: Estimate | None) -> str:
    """What an AC2 means in words, by its whole interval and not by its value (Gwet 2014, chapter 6)."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return "It cannot be said."
    if estimate.high - estimate.low > WIDEST:
        return "The interval is too wide to say."
    if estimate.low >= _WELL:
        return "Reviewers agree closely." if estimate.low >= _CLOSE else "Reviewers agree well."
    return "Reviewers agree little." if estimate.high < _LITTLE else "Reviewers agree in part."


def flattened(found: Agreement) -> bool:
    """Whether alpha is far below AC2, as it is when nearly every mark is one level."""
    alpha, steady = found.alpha["ordinal"], ac2(found)
    return alpha is not None and steady is not None and steady.value - alpha.value > _APART


_CLOSE, _WELL, _LITTLE = 0.8, 0.6, 0.4
_APART = 0.3


def survey(found: Opened, cycle: int | None = None) -> Survey:
    """Agreement of all open reviews, or of a cycle's; withheld where it comes from too few reviews (SCO-6)."""
    short = too_few_reviews(len({one.review.key for one in found.of(cycle)}))
    return _surveyed(found, cycle, short)


def of_review(found: Opened, review: Review) -> Measured | None:
    """Agreement of one panel over the criteria of its review; None while the sheets are sealed."""
    sheets = [one for one in found.sheets if one.review.key == review.key]
    return _measured(review.reference, "", sheets, _everything) if sheets else None


@dataclass(frozen=True, eq=False)
class _Group:
    """The sheets that mark something of a group, and which of their criteria belong to it."""

    title: str
    codes: frozenset[str]
    sheets: list[OpenSheet] = field(default_factory=list)


@lru_cache(maxsize=_KEPT)
def _surveyed(found: Opened, cycle: int | None, short: str) -> Survey:
    sheets = found.of(cycle)
    whole = _measured("", "All criteria", sheets, _everything, short)
    return Survey(
        whole=whole,
        domains=_each(_domains(sheets), short),
        criteria=_each(_criteria(sheets), short),
        pairs=_pairs(whole),
    )


def _pairs(whole: Measured) -> tuple[Pair, ...]:
    if whole.found is None:
        return ()
    found = []
    for name, agreed in whole.found.kappa.items():
        first, second = name.split("|")
        found.append(Pair((first, second), agreed))
    return tuple(found)


def _each(groups: Mapping[str, _Group], short: str) -> tuple[Measured, ...]:
    return tuple(
        _measured(code, group.title, group.sheets, group.codes.__contains__, short) for code, group in groups.items()
    )


def _domains(sheets: Iterable[OpenSheet]) -> dict[str, _Group]:
    """By code, in the order of the rubrics; editions that have a domain of one code are taken together."""

    def parts(sheet: OpenSheet) -> Iterable[tuple[Domain, Iterable[str]]]:
        return ((one, one.criteria) for one in sheet.review.rubric.domains.values())

    return _grouped(sheets, parts)


def _criteria(sheets: Iterable[OpenSheet]) -> dict[str, _Group]:
    def parts(sheet: OpenSheet) -> Iterable[tuple[Criterion, Iterable[str]]]:
        return ((one, (one.code,)) for one in sheet.review.rubric.criteria.values())

    return _grouped(sheets, parts)


def _grouped(
    sheets: Iterable[OpenSheet], parts: Callable[[OpenSheet], Iterable[tuple[Domain | Criterion, Iterable[str]]]]
) -> dict[str, _Group]:
    found: dict[str, _Group] = {}
    for sheet in sheets:
        for one, codes in parts(sheet):
            found.setdefault(one.code, _Group(one.title, frozenset(codes))).sheets.append(sheet)
    return found


def _everything(_code: str) -> bool:
    return True


def _measured(
    code: str, title: str, sheets: Sequence[OpenSheet], belongs: Callable[[str], bool], short: str = ""
) -> Measured:
    reviews, people = {one.review.key for one in sheets}, {one.person_id for one in sheets}
    found = None
    if not short:
        top = max((one.review.rubric.top for one in sheets), default=0)
        rows = [
            (f"{one.review.reference}:{each}", one.kind, str(level))
            for one in sheets
            for each, level in one.levels.items()
            if belongs(each)
        ]
        found = agreement(ratings_of(rows, [str(level) for level in range(top + 1)]))
    return Measured(code, title, len(reviews), len(people), found, short)
