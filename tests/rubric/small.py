"""Small rubrics for tests: one that says everything a rubric can say, and one built from bare weights."""

from __future__ import annotations

from pathlib import Path

from metstandard.rubric.definition import Rubric
from metstandard.rubric.load import load

FILE = Path("small.yaml")
MET_STANDARD = Path(__file__).parents[2] / "rubrics" / "met-standard-1.yaml"

TEXT = """\
rubric: small
edition: 2
title: Small rubric
about: Two domains, three criteria.
levels:
  0: {name: Nothing, meaning: Nothing there.}
  1: {name: Some, meaning: Something there.}
  2: {name: Good, meaning: All there.}
not_enough_evidence: {meaning: Not seen., counts_as: 0}
not_applicable: {meaning: Not here., at_most_per_cent: 25}
findings:
  CRITICAL: {title: Critical, meaning: Danger., caps_at: 0}
  MAJOR: {title: Major, meaning: Wrong throughout., caps_at: 1}
  MINOR: {title: Minor, meaning: Wrong once.}
tags:
  aims:
    title: Aim
    compulsory: true
    words: {O1: Safety, O2: Trust}
  people:
    title: Who
    words: {staff: Staff}
evidence:
  kinds: {document: Document, interview: Interview}
  sufficiency:
    1: {kinds: 1}
    2: {kinds: 2, not_from_unit: 1, external: 1, outcome_years: 2}
domains:
  A:
    title: First
    weight: 3
    criteria:
      A1:
        title: Gate
        weight: 2
        gateway: true
        tags: {aims: [O1, O2], people: [staff]}
        anchor: The gate is good.
        ask: ["Is it good?"]
        look_for: [A good gate.]
        levels: {0: No gate., 1: A gate., 2: A good gate.}
      A2:
        title: Fence
        weight: 1
        na_allowed: true
        tags: {aims: [O1]}
        levels: {0: No fence., 1: A fence., 2: A good fence.}
  B:
    title: Second
    weight: 1.5
    criteria:
      B1:
        title: Path
        weight: 3/2
        tags: {aims: [O2]}
        levels: {0: No path., 1: A path., 2: A good path.}
award:
  rules:
    R1: {title: Overall, asks: overall, at_least: 60}
    R2: {title: Domains, asks: every_domain, at_least: 50}
    R3: {title: None at 0, asks: criteria_at, level: 0, at_most: 0}
    R4: {title: Gateways, asks: gateways, at_least: 2}
    R6: {title: Findings, asks: open_findings, grade: CRITICAL, at_most: 0}
    R7: {title: Evidence, asks: evidence_sufficient}
    R8: {title: Process, asks: process_complete}
  no_decision: {when_failed: [R7, R8], title: None yet, unit: Wait., public: Wait.}
  outcomes:
    ACHIEVED:
      title: Passed
      when: {failed_only: [], none_open: [MAJOR]}
      reason: All met.
      unit: Well done.
      public: Passed.
      announced: true
      certificate: {months: 12}
    ACHIEVED_WITH_CONDITIONS:
      title: Passed, with something to mend
      when: {failed_only: []}
      reason: All met, one thing to mend.
      unit: Mend it.
      public: Not yet.
      conditions: {verified_within_months: 3}
    DEFERRED:
      title: Try that again
      when: {failed_only: [R1, R4], overall_at_least: 40, gateways_below: {at_most: 1, standing_at: 1}}
      reason: Close.
      unit: Try again soon.
      public: Not yet.
      reassessment: {within_months: 2, reviewers: 1, at_most_times: 2}
    NOT_YET_ACHIEVED:
      title: Try all again
      reason: Not close.
      unit: Try again later.
      public: Not yet.
      full_review: {not_before_months: 6, support_plan: true}
"""


def small(old: str = "", new: str = "", *, limit: str = "25") -> Rubric:
    """The small rubric with one piece of its text changed, and NA limited to so many per cent."""
    assert not old or TEXT.count(old) == 1, f"{old!r} stands there {TEXT.count(old)} times"
    text = TEXT.replace(old, new) if old else TEXT
    return load(FILE, text=text.replace("at_most_per_cent: 25", f"at_most_per_cent: {limit}"))


def weighted(*weights: int, top: int = 4, na_allowed: bool = False, rules: str = "") -> Rubric:
    """A rubric of one domain with criteria C1, C2 ... of these weights, and award rules where they are given."""
    levels = "{" + ", ".join(f"{level}: Level {level}." for level in range(top + 1)) + "}"
    lines = ["rubric: weighted", "edition: 1", "title: Weighted", "levels:"]
    lines += [f"  {level}: {{name: L{level}, meaning: Level {level}.}}" for level in range(top + 1)]
    lines += ["not_applicable: {meaning: Left out., at_most_per_cent: 100}"]
    lines += ["domains:", "  D:", f"    title: D\n    weight: {sum(weights)}", "    criteria:"]
    for number, weight in enumerate(weights, 1):
        lines += [f"      C{number}:", "        title: C", f"        weight: {weight}", f"        levels: {levels}"]
        lines += [f"        na_allowed: {str(na_allowed).lower()}"]
    return load(Path("weighted.yaml"), text="\n".join(lines) + "\n" + rules)


def award_at(threshold: str) -> str:
    """An award section with one rule on the overall figure."""
    return f"""\
award:
  rules:
    R1: {{title: Overall, asks: overall, at_least: {threshold}}}
  outcomes:
    ACHIEVED: {{title: Passed, when: {{failed_only: []}}, reason: Met., unit: Passed., public: Passed.}}
    NOT_YET_ACHIEVED: {{title: Not yet, reason: Missed., unit: Not yet., public: Not yet.}}
"""
