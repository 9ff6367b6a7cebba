"""A rubric file is read whole, or refused with file and line."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from metstandard.common.errors import BadFile
from metstandard.rubric import clauses, definition, shapes
from metstandard.rubric.arithmetic import score
from metstandard.rubric.award import evaluate
from metstandard.rubric.load import load, load_all
from tests.rubric.small import FILE, MET_STANDARD, TEXT, small

README = MET_STANDARD.parent / "README.md"


def test_everything_in_a_file_reaches_the_rubric() -> None:
    rubric = small()
    assert (rubric.name, rubric.title, rubric.about) == ("small-2", "Small rubric", "Two domains, three criteria.")
    assert [(level.number, level.name) for level in rubric.scale] == [(0, "Nothing"), (1, "Some"), (2, "Good")]
    assert (rubric.top, rubric.weight) == (2, Fraction(9, 2))
    assert list(rubric.criteria) == ["A1", "A2", "B1"]
    gate = rubric.criteria["A1"]
    assert (gate.code, gate.title, gate.weight, gate.gateway, gate.na_allowed) == (
        "A1",
        "Gate",
        Fraction(2),
        True,
        False,
    )
    assert (gate.anchor, gate.ask, gate.look_for) == ("The gate is good.", ("Is it good?",), ("A good gate.",))
    assert gate.descriptors == ("No gate.", "A gate.", "A good gate.")
    assert (gate.tagged("people", "staff"), rubric.criteria["A2"].tagged("people", "staff")) == (True, False)
    assert [gateway.code for gateway in rubric.gateways] == ["A1"]
    assert rubric.domain_of("B1").title == "Second"
    assert rubric.award is not None
    assert [rule.id for rule in rubric.award.asked] == ["R1", "R2", "R3", "R4", "R6", "R7", "R8"]


def test_a_code_that_the_rubric_does_not_have_has_no_domain() -> None:
    with pytest.raises(KeyError):
        small().domain_of("Z9")


def test_a_rubric_cannot_be_changed_once_read() -> None:
    rubric = small()
    with pytest.raises(ValidationError, match="frozen"):
        rubric.title = "Other"  # type: ignore[misc]
    for table in (rubric.criteria, rubric.domains, rubric.levels, rubric.criteria["A1"].tags):
        with pytest.raises(TypeError, match="does not support item assignment"):
            table["X"] = None  # type: ignore[index]


def test_levels_may_stand_in_any_order() -> None:
    rubric = small("{0: No path., 1: A path., 2: A good path.}", "{2: A good path., 0: No path., 1: A path.}")
    assert rubric.criteria["B1"].descriptors == ("No path.", "A path.", "A good path.")


PATH = "levels: {0: No path., 1: A path., 2: A good path.}"
SCALE_TOP = "  2: {name: Good, meaning: All there.}"
# What stands in the small rubric, what stands there instead, how the line begins that is named, and the refusal.
WRONG = [
    ("edition: 2", "edition: two", "edition: two", "edition: Input should be a valid integer"),
    ("edition: 2", "edition: 0", "edition: 0", "edition: Input should be greater than or equal to 1"),
    ("edition: 2", "edition: 2\nedition: 3", "edition: 3", "edition is given twice"),
    ("rubric: small", "rubric: Small one", "rubric:", "rubric: String should match pattern '^[a-z][a-z0-9-]{0,59}$'"),
    ("title: Small rubric\n", "", "rubric:", "title: Field required"),
    (
        "title: Gate\n",
        "title: Gate\n        hue: red\n",
        "hue:",
        "domains.A.criteria.A1.hue: Extra inputs are not ",
    ),
    (
        "title: Gate\n",
        "title: Gate\n        code: A1\n",
        "criteria:",
        "domains.A.criteria: Value error, code is the key itself: leave it out",
    ),
    ("gateway: true", "gateway: 1", "gateway:", "domains.A.criteria.A1.gateway: Input should be a valid boolean"),
    (
        "weight: 3/2",
        "weight: heavy",
        "weight: heavy",
        "domains.B.criteria.B1.weight: Value error, 'heavy' is not a number of 0 or more, such as 70, 69.95 or 200/3",
    ),
    ("weight: 3/2", "weight: 0", "weight: 0", "domains.B.criteria.B1.weight: Value error, must be more than 0"),
    (
        "weight: 3/2",
        "weight: yes",
        "weight: yes",
        "domains.B.criteria.B1.weight: Value error, True is not a number of 0 or more, such as 70, 69.95 or 200/3",
    ),
    ("title: Path", "title: ''", "title: ''", "domains.B.criteria.B1.title: String should have at least 1 character"),
    ('ask: ["Is it good?"]', "ask: So?", "ask:", "domains.A.criteria.A1.ask: Input should be a valid tuple"),
    (
        "      B1:",
        "      b 1:",
        "b 1:",
        "domains.B.criteria.b 1.[key]: String should match pattern '^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$'",
    ),
    (SCALE_TOP, SCALE_TOP.replace("2", "3"), "levels:", "levels: [0, 1, 3] must run from 0 without a gap"),
    (
        SCALE_TOP,
        SCALE_TOP.replace("2", "two"),
        "levels:",
        "levels: Value error, two is not a level: levels are whole numbers from 0",
    ),
    ("counts_as: 0}", "counts_as: 3}", "not_enough_evidence:", "counts_as: there is no level 3"),
    ("caps_at: 1}", "caps_at: 9}", "MAJOR:", "caps_at: there is no level 9"),
    ("  MINOR:", "  SMALL:", "findings:", "findings: Value error, 'SMALL' is not a valid Grade"),
    (
        "at_most_per_cent: 25}",
        "at_most_per_cent: 101}",
        "not_applicable:",
        "not_applicable.at_most_per_cent: Value error, must be from 0 to 100",
    ),
    (
        "not_applicable: {meaning: Not here., at_most_per_cent: 25}\n",
        "",
        "na_allowed:",
        "A2 allows NA, but not_applicable is missing",
    ),
    ("    2: {kinds: 2,", "    7: {kinds: 2,", "7:", "sufficiency: there is no level 7"),
    ("      B1:", "      A2:", "A2:", "criterion A2 is given twice: A has it too"),
    ("      A2:", "      A1:", "A1:", "A1 is given twice"),
    ("weight: 1.5", "weight: 1.4", "weight: 1.4", "the criteria of B weigh 3/2 together, the domain says 7/5"),
    (PATH, "levels: {0: No path., 2: A good path.}", "levels: {0: No path.", "B1 has no descriptor for level 1"),
    (
        PATH,
        PATH.replace("1: A path.", "1: ''"),
        PATH[:18],
        "domains.B.criteria.B1.levels.1: String should have ",
    ),
    (PATH, PATH.replace("}", ", 3: More.}"), "levels: {0: No path.", "B1: there is no level 3"),
    ("tags: {aims: [O2]}", "tags: {aim: [O2]}", "tags: {aim:", "B1: tags has no axis aim"),
    ("tags: {aims: [O2]}", "tags: {aims: [O3]}", "tags: {aims: [O3]}", "B1: aims has no word O3"),
    (
        "tags: {aims: [O2]}",
        "tags: {aims: [O2, O2]}",
        "tags: {aims: [O2, O2]}",
        "domains.B.criteria.B1.tags.aims: Value error, names something twice",
    ),
    ("        tags: {aims: [O2]}\n", "", "B1:", "B1 carries no word of aims, which is compulsory"),
    (
        "asks: every_domain",
        "asks: luck",
        "R2:",
        "award.rules.R2: Input tag 'luck' found using 'asks' does not ",
    ),
    ("asks: overall, at_least: 60", "asks: overall", "R1:", "award.rules.R1.overall.at_least: Field required"),
    (
        "asks: overall, at_least: 60",
        "asks: overall, at_least: 101",
        "R1:",
        "award.rules.R1.overall.at_least: Value error, must be from 0 to 100",
    ),
    ("level: 0, at_most: 0", "level: 4, at_most: 0", "R3:", "level: there is no level 4"),
    ("asks: gateways, at_least: 2", "asks: gateways, at_least: 5", "R4:", "at_least: there is no level 5"),
    ("        gateway: true\n", "", "R4:", "R4 asks gateways, but no criterion is one"),
    ("grade: CRITICAL", "grade: AFI", "R6:", "R6: findings has no grade AFI"),
    ("asks: evidence_sufficient", "asks: gateways, at_least: 1", "rules:", "only one rule may ask gateways"),
    ("when_failed: [R7, R8]", "when_failed: [R7, R9]", "no_decision:", "when_failed: there is no rule R9"),
    (
        "failed_only: [R1, R4]",
        "failed_only: [R1, R44]",
        "when:",
        "failed_only: there is no rule R44",
    ),
    ("none_open: [MAJOR]", "none_open: [GOOD]", "when:", "none_open: findings has no grade GOOD"),
    ("standing_at: 1}}", "standing_at: 3}}", "when:", "standing_at: there is no level 3"),
    (
        "R4: {title: Gateways, asks: gateways, at_least: 2}",
        "R4: {title: Gateways, asks: overall, at_least: 2}",
        "when: {failed_only: [R1, R4]",
        "gateways_below needs a rule that asks gateways",
    ),
    (
        "      when: {failed_only: []}\n",
        "",
        "ACHIEVED_WITH_CONDITIONS:",
        "ACHIEVED_WITH_CONDITIONS always holds, so no outcome after it is ever reached",
    ),
    (
        "      title: Try all again\n",
        "      title: Try all again\n      when: {failed_only: [R1]}\n",
        "NOT_YET_ACHIEVED:",
        "NOT_YET_ACHIEVED comes last, so it must always hold: leave out its when",
    ),
    ("    DEFERRED:", "    PERHAPS:", "outcomes:", "award.outcomes: Value error, 'PERHAPS' is not a valid Outcome"),
    (
        "certificate: {months: 12}",
        "certificate: {months: 0}",
        "certificate:",
        "award.outcomes.ACHIEVED.certificate.months: Input should be greater than or equal to 1",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "refusal"), WRONG, ids=[case[3][:50] for case in WRONG])
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, line: str, refusal: str) -> None:
    with pytest.raises(BadFile) as refused:
        small(old, new)
    number = refused.value.line
    assert number is not None
    assert str(refused.value).startswith(f"small.yaml:{number}: {refusal}")
    assert TEXT.replace(old, new).splitlines()[number - 1].strip().startswith(line)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "small.yaml:1: is empty"),
        ("[" * 20_000, "small.yaml: is nested too deeply"),
        (
            "rubric: a\nedition: 1\ntitle: A\nlevels: [Bad, Good]\ndomains: {}\n",
            "small.yaml:4: levels: Input should be a valid dictionary",
        ),
        ("- a list\n", "small.yaml:1: : Input should be a valid dictionary or instance of Rubric"),
    ],
)
def test_a_text_that_is_no_rubric_at_all_is_refused(text: str, refusal: str) -> None:
    with pytest.raises(BadFile) as refused:
        load(FILE, text=text)
    assert str(refused.value) == refusal


def test_a_folder_gives_its_rubrics_by_name_and_edition(tmp_path: Path) -> None:
    (tmp_path / "small-2.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "small-3.yaml").write_text(TEXT.replace("edition: 2", "edition: 3"), encoding="utf-8")
    (tmp_path / "notes.md").write_text("not a rubric", encoding="utf-8")
    found = load_all(tmp_path)
    assert [(name, rubric.edition) for name, rubric in found.items()] == [("small-2", 2), ("small-3", 3)]


def test_a_file_is_called_after_its_rubric_and_edition(tmp_path: Path) -> None:
    file = tmp_path / "small-1.yaml"
    file.write_text(TEXT, encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        load_all(tmp_path)
    assert str(refused.value) == f"{file}:1: says small-2, so it must be called small-2.yaml"


def test_the_example_of_the_vocabulary_is_a_rubric_that_decides() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    rubric = load(Path("front-counter-1.yaml"), text=text)
    results = [evaluate(rubric, {"A1": waiting, "A2": 1}) for waiting in (2, 1, 0)]
    assert [(one.shown, one.failed, one.outcome) for one in results] == [
        ("83.3", (), "ACHIEVED"),
        ("50.0", ("ENOUGH",), "NOT_YET_ACHIEVED"),
        ("16.7", ("ENOUGH", "WAITING"), "NOT_YET_ACHIEVED"),
    ]


def test_a_rubric_needs_no_award_rules() -> None:
    rubric = small(TEXT[TEXT.index("award:") :], "")
    assert rubric.award is None
    assert score(rubric, {"A1": 2, "A2": 1, "B1": 2}).overall == Fraction(800, 9)


def test_the_vocabulary_names_every_key_that_a_file_may_use() -> None:
    models = {
        model
        for module in (clauses, definition)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, shapes.Strict) and model is not shapes.Strict
    }
    put_in_by_the_loader = {"code", "id", "outcome", "grade", "number"}
    keys = {key for model in models for key in model.model_fields} - put_in_by_the_loader | {"grade"}
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)", text))
    assert keys - named == set()


def test_the_vocabulary_names_every_word_that_a_rule_may_ask() -> None:
    rules = get_args(get_args(clauses.AnyRule)[0])
    asked = {word for rule in rules for word in get_args(rule.model_fields["asks"].annotation)}
    rows = re.findall(r"^\| `([a-z_]+)` \|.*\|.*\|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(asked) == 7
    assert asked - set(rows) == set()
