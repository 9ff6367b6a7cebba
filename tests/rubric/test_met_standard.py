"""The Met Standard, edition 1: complete, plainly worded, and nothing said twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from metstandard.rubric.definition import Criterion, Outcome
from metstandard.rubric.load import load
from tests.rubric.small import MET_STANDARD

RUBRIC = load(MET_STANDARD)
# Code: weight, strands, five Ps, outcomes; G marks a gateway, N what may be NA.
CRITERIA = """
1.1 5 G S5;S8 Performance;Pride O1;O2;O3
1.2 4 - S4;S5 Presence;Pride O2
1.3 4 - S5 Professionalism O1;O3
1.4 4 - S4;S8 Performance O2
2.1 5 G S1;S2 Performance O1
2.2 5 - S8 Performance O1;O3
2.3 4 - S1;S2 Presence;Productivity O1;O2
2.4 4 - S2 Performance O1
3.1 4 N S4 Professionalism;Presence O2
3.2 4 N S2;S4 Professionalism O2
3.3 3 N S4 Presence O2
3.4 3 - S4 Professionalism O2
4.1 4 N S3 Performance O1;O2
4.2 3 N S3 Productivity O1;O2
4.3 3 - S2;S3 Professionalism O1
5.1 3 - S5 Pride O3
5.2 3 - S5 Professionalism;Productivity O3
5.3 3 - S5 Pride;Professionalism O2
5.4 3 - S5;S8 Pride O3
6.1 4 - S7 Productivity O3
6.2 4 - S1;S7 Productivity;Presence O3;O2
6.3 3 - S7 Productivity O3
7.1 4 G S5;S8 Professionalism O2
7.2 3 GN S1;S2 Professionalism O2
7.3 3 G S2 Performance;Professionalism O1;O2
8.1 3 - S8 Performance O3
8.2 3 - S7;S8 Productivity O3
8.3 2 - S6;S8 Performance;Pride O1;O3
"""
LONGEST_SENTENCE = 25
# Level 4 asks for two years everywhere, so these words may meet in several criteria.
COMMON = "two years or"
RUN = 6


def row(criterion: Criterion) -> str:
    """A criterion as a line of the table above."""
    marks = ("G" if criterion.gateway else "") + ("N" if criterion.na_allowed else "")
    axes = (";".join(criterion.tags[axis]) for axis in ("strands", "five_ps", "outcomes"))
    return " ".join([criterion.code, str(criterion.weight), marks or "-", *axes])


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return re.split(r"(?<=[.?!])\"?\s+", text)


def of_criteria() -> Iterator[tuple[str, str]]:
    """Every text that a reviewer reads beside a criterion, with where it stands."""
    for code, criterion in RUBRIC.criteria.items():
        yield f"{code} anchor", criterion.anchor or ""
        for number, text in enumerate(criterion.descriptors):
            yield f"{code} level {number}", text
        for text in (*criterion.ask, *criterion.look_for):
            yield f"{code} prompts", text


def of_the_rest() -> Iterator[tuple[str, str]]:
    """Every other text that people read."""
    yield "about", RUBRIC.about or ""
    yield from ((level.name, level.meaning) for level in RUBRIC.scale)
    yield from ((grade, finding.meaning) for grade, finding in RUBRIC.findings.items())
    for about in (RUBRIC.not_enough_evidence, RUBRIC.not_applicable):
        yield "mark", about.meaning if about else ""
    award = RUBRIC.award
    assert award is not None
    assert award.no_decision is not None
    for meaning in award.outcomes.values():
        yield from (
            (f"{meaning.outcome} {to}", text) for to, text in (("unit", meaning.unit), ("public", meaning.public))
        )
        yield f"{meaning.outcome} reason", meaning.reason
    yield from (("no decision", text) for text in (award.no_decision.unit, award.no_decision.public))


def test_the_domains_are_eight_and_weigh_a_hundred_together() -> None:
    assert [(code, domain.title, int(domain.weight)) for code, domain in RUBRIC.domains.items()] == [
        ("D1", "Leadership and direction", 17),
        ("D2", "Fighting crime and performance", 18),
        ("D3", "Confidence, service and engagement", 14),
        ("D4", "Partnership", 10),
        ("D5", "People", 12),
        ("D6", "Resources, productivity and value for money", 11),
        ("D7", "Professionalism, fairness and safety-critical practice", 10),
        ("D8", "Improvement and readiness", 8),
    ]
    assert RUBRIC.weight == 100


def test_the_criteria_are_those_of_the_table() -> None:
    assert [row(criterion) for criterion in RUBRIC.criteria.values()] == CRITERIA.strip().splitlines()
    assert {RUBRIC.domain_of(code).code == f"D{code[0]}" for code in RUBRIC.criteria} == {True}


def test_the_scale_has_its_five_names() -> None:
    assert [level.name for level in RUBRIC.scale] == ["Absent", "Emerging", "Developing", "Standard", "Leading"]


def test_every_value_of_the_force_is_carried_by_some_criterion() -> None:
    carried = {word for criterion in RUBRIC.criteria.values() for word in criterion.tags["values"]}
    assert carried == set(RUBRIC.tags["values"].words)


def test_what_an_outcome_brings_is_data() -> None:
    assert RUBRIC.award is not None
    found = {
        outcome: meaning.model_dump(
            include={"announced", "certificate", "conditions", "reassessment", "full_review"}, exclude_defaults=True
        )
        for outcome, meaning in RUBRIC.award.outcomes.items()
    }
    assert found == {
        Outcome.ACHIEVED: {"announced": True, "certificate": {"months": 36}},
        Outcome.ACHIEVED_WITH_CONDITIONS: {"conditions": {"verified_within_months": 6}},
        Outcome.DEFERRED: {"reassessment": {"within_months": 6, "reviewers": 2}},
        Outcome.NOT_YET_ACHIEVED: {"full_review": {"not_before_months": 12, "support_plan": True}},
    }


@pytest.mark.parametrize("code", list(RUBRIC.criteria))
def test_a_criterion_has_five_descriptors_of_two_to_four_sentences_and_its_prompts(code: str) -> None:
    criterion = RUBRIC.criteria[code]
    assert [2 <= len(sentences(text)) <= 4 for text in criterion.descriptors] == [True] * 5
    assert criterion.anchor is not None
    assert len(criterion.ask) >= 2
    assert len(criterion.look_for) >= 3


def test_every_sentence_is_short_enough_to_read_aloud() -> None:
    texts = [*of_criteria(), *of_the_rest()]
    assert len(texts) > 300
    long = [(where, one) for where, text in texts for one in sentences(text) if len(one.split()) > LONGEST_SENTENCE]
    assert long == []


def test_every_text_ends_as_a_sentence_does() -> None:
    assert [(where, text) for where, text in (*of_criteria(), *of_the_rest()) if text[-1:] not in (".", "?")] == []


def test_no_run_of_words_is_shared_between_criteria() -> None:
    seen = defaultdict(set)
    for where, text in of_criteria():
        words = re.findall(r"[\w'-]+", text.lower())
        for start in range(len(words) - RUN + 1):
            run = " ".join(words[start : start + RUN])
            if COMMON not in run:
                seen[run].add(where.split()[0])
    assert {run: codes for run, codes in seen.items() if len(codes) > 1} == {}


def test_level_4_asks_everywhere_for_time_and_for_someone_outside() -> None:
    leading = {code: criterion.descriptors[4].lower() for code, criterion in RUBRIC.criteria.items()}
    outside = re.compile(
        r"outside|independent|audit|inspect|examin|accredit|by others|third party|external|organisation has checked"
    )
    assert [code for code, text in leading.items() if not re.search(r"\btwo\b", text)] == []
    assert [code for code, text in leading.items() if not outside.search(text)] == []


def test_level_4_says_more_than_level_0() -> None:
    lengths = {code: [len(text.split()) for text in one.descriptors] for code, one in RUBRIC.criteria.items()}
    assert {code: found for code, found in lengths.items() if found[0] >= min(found[3:])} == {}
