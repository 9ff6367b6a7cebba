"""Reads workflow files and refuses every one that could mislead: each refusal names the file and the line.

Names of guards, parts, acts, letters and dates are an allow-list, the `Vocabulary`, given by the caller: this room
knows no database and so no guard. Nothing in a file is ever imported or called.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from metstandard.common import editions, located
from metstandard.common.errors import BadFile
from metstandard.common.located import Located
from metstandard.workflow.definition import ANY, ENTERED, Carry, Due, Move, Panel, Promise, State, Timer, Workflow
from metstandard.workflow.proof import faults, prove

_Path = tuple[str | int, ...]

_MODELS: tuple[type[BaseModel], ...] = (Workflow, Panel, State, Timer, Due, Move, Promise, Carry)
_FROM_THE_FILE = {"file", "line", "text"}
_SENTENCES = {
    "missing": "{name} is missing",
    "tuple_type": "{name} must be a list",
    "dict_type": "{name} must be a mapping",
    "mapping_type": "{name} must be a mapping",
    "model_type": "{name} must be a mapping",
    "int_type": "{name} must be a whole number",
    "string_type": "{name} must be text",
    "bool_type": "{name} must be true or false",
    "too_short": "{name} must not be empty",
    "string_too_short": "{name} must not be empty",
    "string_too_long": "{name} is too long",
    "string_pattern_mismatch": "{name}: {input} is no plain word (small letters, digits and _)",
    "greater_than_equal": "{name} is too small",
    "enum": "{name} must be {expected}, not {input}",
}


@dataclass(frozen=True)
class Vocabulary:
    """The names that a file may use. `rules/vocabulary.py` gives the product's own."""

    guards: frozenset[str]
    parts: frozenset[str]
    acts: frozenset[str]
    letters: frozenset[str]
    dates: frozenset[str]


class _Use(NamedTuple):
    """A name in the file, what kind it is, the names that are allowed there, and its path."""

    what: str
    name: str
    allowed: Collection[str]
    path: _Path


def load(file: Path, vocabulary: Vocabulary) -> Workflow:
    """One workflow from its file, which is called after it. Raises BadFile at the first thing that is wrong.

    A broken promise is wrong too.
    """
    found = _read(file)
    workflow = _checked(found, vocabulary)
    if file.stem != workflow.workflow:
        raise found.error(f"says {workflow.workflow}, so it must be called {workflow.workflow}.yaml", "workflow")
    return workflow


def load_text(text: str, name: str, vocabulary: Vocabulary) -> Workflow:
    """One workflow from a text, such as a kept edition; `name` stands for the file in refusals."""
    return _checked(_read(Path(name), text), vocabulary)


def load_folder(folder: Path, vocabulary: Vocabulary) -> dict[str, Workflow]:
    """Every workflow of a folder by its name. Raises BadFile."""
    return {file.stem: load(file, vocabulary) for file in sorted(folder.glob("*.yaml"))}


def check_edition(workflow: Workflow, text_hash: str, known: Mapping[tuple[str, int], str]) -> None:
    """Refuse a changed text under an edition number already used. `known`: SHA-256 by name and edition."""
    refusal = editions.refusal(workflow.workflow, workflow.edition, text_hash, known)
    if refusal is not None:
        raise BadFile(refusal, file=workflow.file, line=workflow.line)


def _read(file: Path, text: str | None = None) -> Located:
    try:
        return located.read(file, text=text)
    except RecursionError:
        raise BadFile("is nested too deeply", file=file) from None


def _checked(found: Located, vocabulary: Vocabulary) -> Workflow:
    workflow = _parsed(found)
    for use in _uses(workflow, vocabulary):
        _refuse_unknown(found, use)
    _refuse_bad_timers(found, workflow)
    for fault in faults(workflow):
        raise BadFile(fault.sentence, file=found.file, line=fault.line)
    for broken in prove(workflow):
        raise BadFile(broken.sentence, file=found.file, line=broken.line)
    return workflow


def _parsed(found: Located) -> Workflow:
    if not isinstance(found.data, dict):
        raise found.error("must be a mapping")
    data = dict(_placed(found, found.data))
    states, moves, promises = data.get("states"), data.get("moves"), data.get("promises")
    if isinstance(states, dict):
        data["states"] = {name: _state(found, state, name) for name, state in states.items()}
    if isinstance(moves, list):
        data["moves"] = [_placed(found, move, "moves", at) for at, move in enumerate(moves)]
    if isinstance(promises, list):
        data["promises"] = [_promise(found, promise, at) for at, promise in enumerate(promises)]
    try:
        return Workflow.model_validate(data | {"file": found.file, "line": found.line("edition"), "text": found.text})
    except ValidationError as failed:
        raise _worded(found, failed) from None


def _placed(found: Located, data: Any, *path: str | int) -> Any:
    """A mapping of the file with its line. What only this room writes is refused in a file."""
    if not isinstance(data, dict):
        return data
    for key in _FROM_THE_FILE & set(data):
        raise found.error(f"{key} is no key that is known here", *path, key)
    return {**data, "line": found.line(*path)} if path else data


def _state(found: Located, data: Any, name: str) -> Any:
    state = _placed(found, data, "states", name)
    if not isinstance(state, dict):
        return state
    if "name" in data:
        raise found.error("name is no key that is known here", "states", name, "name")
    if isinstance(data.get("timers"), list):
        state["timers"] = [
            _placed(found, timer, "states", name, "timers", at) for at, timer in enumerate(data["timers"])
        ]
    return {**state, "name": name}


def _promise(found: Located, data: Any, at: int) -> Any:
    promise = _placed(found, data, "promises", at)
    if isinstance(promise, dict) and isinstance(promise.get("carries"), list):
        promise["carries"] = [
            _placed(found, carry, "promises", at, "carries", number) for number, carry in enumerate(promise["carries"])
        ]
    return promise


def _worded(found: Located, failed: ValidationError) -> BadFile:
    """The first of pydantic's errors in the file's order, in words for whoever writes the file.

    A key that nobody knows comes before anything else: where it is misspelt, the right one is missing too.
    """
    first = min(
        failed.errors(),
        key=lambda error: (error["type"] != "extra_forbidden", found.line(*error["loc"]) or 0),
    )
    names = [part for part in first["loc"] if isinstance(part, str) and part != "[key]" and not _is_type(part)]
    name = names[-1] if names else "the file"
    kind, context = first["type"], first.get("ctx", {})
    if kind == "extra_forbidden":
        known = {field.alias or key for model in _MODELS for key, field in model.model_fields.items()} - _FROM_THE_FILE
        message = f"{name} is no key that is known here{_meant(name, known)}"
    elif kind == "value_error":
        message = str(context["error"])
    else:
        facts = {"name": name, "input": first["input"], "expected": context.get("expected"), "said": first["msg"]}
        message = _SENTENCES.get(kind, "{name}: {said}").format(**facts)
    return found.error(message, *first["loc"])


def _is_type(part: str) -> bool:
    """Whether pydantic added this to a location, to tell the kinds of a union apart."""
    return part in {"int", "constrained-str"}


def _refuse_unknown(found: Located, use: _Use) -> None:
    if use.name in use.allowed:
        return
    if "." in use.name:
        raise found.error(f"{use.what} {use.name} is a dotted name, and nothing is ever imported", *use.path)
    raise found.error(f"{use.what} {use.name} is not known{_meant(use.name, use.allowed)}", *use.path)


def _meant(name: str, allowed: Collection[str]) -> str:
    close = get_close_matches(name, sorted(allowed), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _uses(workflow: Workflow, vocabulary: Vocabulary) -> Iterator[_Use]:
    """Every name in the file that something else must know, in the file's order within each section."""
    parts = vocabulary.parts | {*workflow.keys, *workflow.principals}
    yield _Use("state", workflow.starts, workflow.states, ("starts",))
    for name, state in workflow.states.items():
        yield from _listed("part", state.waits_for, parts, ("states", name, "waits_for"))
        for at, timer in enumerate(state.timers):
            yield from _uses_of_timer(timer, vocabulary, parts, ("states", name, "timers", at))
    for at, move in enumerate(workflow.moves):
        yield from _uses_of_move(workflow, vocabulary, parts, move, ("moves", at))
    for at, promise in enumerate(workflow.promises):
        yield _Use("state", promise.reaching, workflow.states, ("promises", at, "reaching"))
        for number, carry in enumerate(promise.carries):
            place: _Path = ("promises", at, "carries", number)
            yield _Use("act", carry.act, vocabulary.acts, (*place, "act"))
            yield _Use("state", carry.at, {*workflow.states, ANY}, (*place, "at"))
            yield from _listed("guard", (carry.when,) if carry.when else (), vocabulary.guards, (*place, "when"))


def _uses_of_timer(timer: Timer, vocabulary: Vocabulary, parts: frozenset[str], place: _Path) -> Iterator[_Use]:
    yield _Use("date", timer.due.after, vocabulary.dates | {ENTERED}, (*place, "due", "after"))
    yield from _listed("part", timer.to, parts, (*place, "to"))
    if timer.remind:
        yield _Use("letter", timer.letter, vocabulary.letters, (*place, "letter"))


def _uses_of_move(
    workflow: Workflow, vocabulary: Vocabulary, parts: frozenset[str], move: Move, place: _Path
) -> Iterator[_Use]:
    yield _Use("act", move.do, vocabulary.acts, (*place, "do"))
    yield from _listed("state", move.sources, {*workflow.states, ANY}, (*place, "from"))
    if move.to is not None:
        yield _Use("state", move.to, workflow.states, (*place, "to"))
    yield from _listed("part", move.by, parts, (*place, "by"))
    yield from _listed("guard", move.when, vocabulary.guards, (*place, "when"))
    for letter, told in move.tell.items():
        yield _Use("letter", letter, vocabulary.letters, (*place, "tell", letter))
        yield from _listed("part", told, parts, (*place, "tell", letter))


def _listed(what: str, names: tuple[str, ...], allowed: Collection[str], place: _Path) -> Iterator[_Use]:
    return (_Use(what, name, allowed, (*place, at)) for at, name in enumerate(names))


def _refuse_bad_timers(found: Located, workflow: Workflow) -> None:
    for name, state in workflow.states.items():
        for at, timer in enumerate(state.timers):
            place = ("states", name, "timers", at)
            if timer.name in {other.name for other in state.timers[:at]}:
                raise found.error(f"{name} has two timers with the name {timer.name}", *place)
            count = timer.due.count
            if isinstance(count, str) and count not in workflow.numbers:
                hint = _meant(count, workflow.numbers)
                raise found.error(f"numbers gives none for {count}{hint}", *place, "due", timer.due.unit)
            if timer.remind and not (timer.to or state.waits_for):
                raise found.error(f"the timer {timer.name} of {name} reminds nobody", *place)
