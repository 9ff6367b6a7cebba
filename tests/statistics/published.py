"""Data sets with published results, each with the source of its figures."""

from __future__ import annotations

import numpy as np

from metstandard.statistics.ratings import Ratings, ratings_of


def ratings_from(lines: str) -> Ratings:
    """Ratings from lines of units by columns of raters; `.` is missing."""
    return ratings_of(
        (f"u{number:03}", f"R{rater}", None if value == "." else value)
        for number, line in enumerate(lines.strip().splitlines())
        for rater, value in enumerate(line.split(), start=1)
    )


def ratings_from_counts(counts: list[list[int]]) -> Ratings:
    """Ratings from how many raters put each unit in each category, when it does not matter who they were."""
    rows = []
    for unit, line in enumerate(counts):
        values = [category for category, times in enumerate(line) for _ in range(times)]
        rows += [(f"u{unit:03}", f"R{rater}", str(value)) for rater, value in enumerate(values)]
    return ratings_of(rows)


def ratings_from_table(table: list[list[int]]) -> Ratings:
    """Ratings of two raters, A and B, from their table of counts."""
    rows = []
    unit = 0
    for first, line in enumerate(table):
        for second, times in enumerate(line):
            for _ in range(times):
                rows += [(f"u{unit}", "A", str(first)), (f"u{unit}", "B", str(second))]
                unit += 1
    return ratings_of(rows)


# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, example C; the same data in Gwet 2014, page 120, as
# `cac.raw4raters` of the R package irrCAC, whose manual prints the coefficients, standard errors and intervals.
FOUR_OBSERVERS = """
1 1 . 1
2 2 3 2
3 3 3 3
3 3 3 3
2 2 2 2
1 2 3 4
4 4 4 4
1 1 2 1
2 2 2 2
. 5 5 5
. . 1 1
. . 3 .
"""

# Gwet 2014, page 125 (`cac.raw5obser` of irrCAC), cut to 15 units.
FIVE_OBSERVERS = """
1 1 2 . 2
1 1 0 1 .
2 3 3 3 .
. 0 0 . 0
0 0 0 . 0
0 0 0 . 0
1 0 2 . 1
1 . 2 0 .
2 2 2 . 2
2 1 1 1 .
. 1 0 0 .
0 0 0 0 .
1 2 2 2 .
3 3 2 2 3
1 1 1 . 1
"""

# Fleiss 1971, Psychological Bulletin 76, 378-382, first 15 of 30 patients (`distrib.6raters` of irrCAC).
SIX_PSYCHIATRISTS = [
    [0, 0, 0, 6, 0],
    [0, 3, 0, 0, 3],
    [0, 1, 4, 0, 1],
    [0, 0, 0, 0, 6],
    [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0],
    [0, 0, 4, 0, 2],
    [2, 0, 3, 1, 0],
    [2, 0, 0, 4, 0],
    [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0],
    [1, 1, 0, 4, 0],
    [0, 3, 3, 0, 0],
    [1, 0, 0, 5, 0],
    [0, 2, 0, 3, 1],
]

# Gwet 2014 (`cont3x3abstractors` and `cont4x4diagnosis` of irrCAC).
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
DIAGNOSES = [[40, 6, 4, 15], [4, 25, 1, 5], [4, 2, 21, 9], [17, 13, 12, 45]]

# Shrout and Fleiss 1979, table 2: six targets, four judges.
SIX_TARGETS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
)

# Davies and Goldsmith 1972, Statistical Methods in Research and Production, section 6.6: diameters on 24 plates (rows)
# for 6 samples of penicillin (columns). The worked example of two crossed random effects in lme4.
PENICILLIN = np.array(
    [
        [int(pair) for pair in line.split()]
        for line in """
        27 23 26 23 23 21
        27 23 26 23 23 21
        25 21 25 24 24 20
        26 23 25 23 23 20
        25 22 26 22 23 20
        24 22 25 23 22 19
        24 20 23 21 22 19
        26 22 26 24 24 21
        24 21 24 22 22 20
        24 21 24 23 22 19
        26 23 26 24 24 21
        25 22 26 24 24 20
        26 24 26 24 25 22
        26 23 26 23 23 20
        26 23 25 24 24 22
        25 22 25 23 23 20
        25 21 24 23 23 20
        25 22 24 23 23 19
        24 21 23 21 21 19
        26 23 26 24 24 21
        25 21 24 22 22 18
        25 22 25 22 22 20
        24 21 24 22 24 19
        24 21 24 22 21 18
        """.strip().splitlines()
    ],
    dtype=float,
)
