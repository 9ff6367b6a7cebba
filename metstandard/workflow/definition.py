"""What a workflow file says, as frozen models. `load` reads and checks them; nothing here is built by hand elsewhere.

The field names are the keys of the YAML. `line` is the line of the file where a thing begins, 0 without a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt, model_validator

from metstandard.common.errors import BadFile
from metstandard.workflow.shapes import (
    About,
    Name,
    Names,
    RuleId,
    SeatFrom,
    Sentence,
    Strict,
    Told,
    Unit,
    Whole,
    Word,
    Words,
    empty,
    frozen,
    listed,
)

ANY = "any"
CLOCK = "clock"
ENTERED = "entered"


class Due(Strict):
    """So many of one unit after a date with a name. The count is a number or the id of one in `numbers`."""

    working_days: StrictInt | RuleId | None = None
    days: StrictInt | RuleId | None = None
    weeks: StrictInt | RuleId | None = None
    months: StrictInt | RuleId | None = None
    after: Name = ENTERED

    @model_validator(mode="after")
    def _one_unit(self) -> Due:
        if sum(getattr(self, unit) is not None for unit in Unit) != 1:
            raise ValueError(f"due needs exactly one of {', '.join(Unit)}")
        return self

    @property
    def unit(self) -> Unit:
        """The unit that is given."""
        return next(unit for unit in Unit if getattr(self, unit) is not None)

    @property
    def count(self) -> int | str:
        """How many of the unit; a text is the id of a number. Negative counts back from the date."""
        count: int | str = getattr(self, self.unit)
        return count


class Timer(Strict):
    """A deadline of a state, and on which working days around it (0 is the deadline) a letter reminds whom."""

    name: Word = "due"
    due: Due
    remind: tuple[StrictInt, ...] = ()
    letter: Name = "reminder"
    to: Names = ()
    line: int = 0

    @model_validator(mode="after")
    def _ladder_goes_up(self) -> Timer:
        if list(self.remind) != sorted(set(self.remind)):
            raise ValueError("remind must go up, each number once")
        return self


class State(Strict):
    """One stage. `unit_title` is what the commander reads while the record is there."""

    name: Word
    title: Sentence
    unit_title: Sentence | None = None
    waits_for: Names = ()
    timers: tuple[Timer, ...] = ()
    final: StrictBool = False
    line: int = 0

    @model_validator(mode="after")
    def _not_any(self) -> State:
        if self.name == ANY:
            raise ValueError("any is no name for a state: it means every state that is not final")
        return self


class Move(Strict):
    """An act that is allowed at some states, by some parts, when some guards hold."""

    do: Name
    sources: Annotated[Names, BeforeValidator(listed), Field(alias="from", min_length=1)]
    to: Name | None = None
    by: Told
    when: Names = ()
    tell: Annotated[Mapping[Name, Told], AfterValidator(frozen)] = Field(default_factory=empty)
    quiet: StrictBool = False
    reason: StrictBool = False
    line: int = 0

    @model_validator(mode="after")
    def _makes_sense(self) -> Move:
        if ANY in self.sources and len(self.sources) > 1:
            raise ValueError("any stands alone in from")
        if self.quiet and self.to is not None:
            raise ValueError("a quiet move writes no journal line, so it may not have to")
        if self.quiet and (self.tell or self.reason):
            raise ValueError("a quiet move writes no journal line, so it may not have tell or reason")
        return self

    @property
    def anywhere(self) -> bool:
        """Whether it is allowed at every state that is not final."""
        return self.sources == (ANY,)

    def target(self, source: str) -> str:
        """The state after the move, taken at `source`."""
        return source if self.to is None else self.to


class Arrow(NamedTuple):
    """One move at one of its states: what the graph is made of."""

    source: str
    move: Move
    target: str


class Carry(Strict):
    """What a promise says every path has: an act, at a state (or at `any`), with a guard where one is named."""

    act: Name
    at: Name
    when: Name | None = None
    line: int = 0

    def __str__(self) -> str:
        return f"{self.act} at {self.at}" + (f" with {self.when}" if self.when else "")

    def fits(self, arrow: Arrow) -> bool:
        """Whether an arrow is what the promise speaks of."""
        named = self.when is None or self.when in arrow.move.when
        return arrow.move.do == self.act and self.at in (ANY, arrow.source) and named


class Promise(Strict):
    """No path reaches the state without each of `carries`."""

    reaching: Name
    carries: Annotated[tuple[Carry, ...], Field(min_length=1)]
    line: int = 0


class Panel(Strict):
    """The seats that score, how many of their holders lead, and where each seat's holder comes from."""

    seats: Annotated[Words, Field(min_length=1)]
    lead: Whole = 1
    origins: Annotated[Mapping[Word, SeatFrom], AfterValidator(frozen)] = Field(default_factory=empty, alias="from")

    @model_validator(mode="after")
    def _seats_known(self) -> Panel:
        if self.lead > len(self.seats):
            raise ValueError("lead is more than the seats")
        stranger = next((seat for seat in self.origins if seat not in self.seats), None)
        if stranger is not None:
            raise ValueError(f"from names {stranger}, which is no seat")
        return self

    def origin(self, seat: str) -> SeatFrom:
        """Where the holder of a seat comes from; a seat that the file says nothing about is open to anyone."""
        return self.origins.get(seat, SeatFrom.ANYONE)


class Workflow(Strict):
    """One edition of one workflow file. `line` is that of its edition number, which changes when the text does."""

    workflow: Word
    edition: Annotated[StrictInt, Field(ge=1)]
    about: About
    starts: Name
    parties: Words = ()
    panel: Panel | None = None
    moderators: Words = ()
    numbers: Annotated[Mapping[RuleId, StrictInt], AfterValidator(frozen)] = Field(default_factory=empty)
    states: Annotated[Mapping[Word, State], Field(min_length=1), AfterValidator(frozen)]
    moves: Annotated[tuple[Move, ...], Field(min_length=1)]
    promises: tuple[Promise, ...] = ()
    file: str = ""
    line: int = 0
    text: str = Field("", repr=False)

    def __str__(self) -> str:
        return f"{self.workflow} {self.edition}"

    @property
    def sha256(self) -> str:
        """SHA-256 of the file's text, by which an edition in use is kept."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def keys(self) -> tuple[str, ...]:
        """The parts that turn a key, one per party, in the file's order."""
        return tuple(f"{party}_key" for party in self.parties)

    @property
    def principals(self) -> tuple[str, ...]:
        """The parts that may turn a party's key in its holder's place, one per party."""
        return tuple(f"{party}_principal" for party in self.parties)

    @property
    def parts(self) -> frozenset[str]:
        """Every part that the file names: who acts, is waited for, reminded or told."""
        waited = {part for state in self.states.values() for part in state.waits_for}
        reminded = {part for state in self.states.values() for timer in state.timers for part in timer.to}
        acting = {part for move in self.moves for part in move.by}
        told = {part for move in self.moves for parts in move.tell.values() for part in parts}
        return frozenset(waited | reminded | acting | told)

    @property
    def final_states(self) -> tuple[str, ...]:
        """The states with no way out, in the file's order."""
        return tuple(name for name, state in self.states.items() if state.final)

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """Every move at every state it is allowed at, in the file's order; `any` is spelled out."""
        return tuple(
            Arrow(source, move, move.target(source)) for move in self.moves for source in self.sources_of(move)
        )

    def sources_of(self, move: Move) -> tuple[str, ...]:
        """The states at which a move is allowed."""
        if move.anywhere:
            return tuple(name for name, state in self.states.items() if not state.final)
        return move.sources

    def moves_from(self, state: str, act: str | None = None) -> tuple[Move, ...]:
        """The moves allowed at a state, or those of one act, in the order in which they are tried."""
        return tuple(move for move in self.moves if act in (None, move.do) and state in self.sources_of(move))

    def number(self, rule: str) -> int:
        """The number of a rule, such as `number("COI-2")`. Raises BadFile when the file gives none."""
        if rule not in self.numbers:
            raise BadFile(f"numbers gives none for {rule}", file=self.file or str(self))
        return self.numbers[rule]
