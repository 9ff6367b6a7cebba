"""The recognition section of a rubric file: who may be nominated, for what, in which scheme; all of it data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from metstandard.rubric.shapes import (
    Code,
    Codes,
    Strict,
    Table,
    Text,
    Texts,
    as_tuple,
    keyed_by,
    nothing,
    without_repeats,
)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
Slugs = Annotated[tuple[Slug, ...], BeforeValidator(as_tuple), AfterValidator(without_repeats)]


class NomineeKind(Strict):
    """A kind of nominee. `members`: it is a team, whose members are named with their roles. `body`: an organisation."""

    word: Slug
    title: Text
    members: bool = False
    body: bool = False


class Service(Strict):
    """An emergency service. `own` marks the one that the body running the scheme answers for."""

    word: Slug
    title: Text
    own: bool = False


class Category(Strict):
    """What an award is for, tied to the axes by which results are re-cut (`tags`)."""

    word: Slug
    title: Text
    tags: Table[Code, Codes] = Field(default_factory=nothing)


class Scheme(Strict):
    """One award. `incident`: nominees of several services share one incident, and each service has a sponsor (D3).

    `host_from` is the first year of the rotation of hosts through `services`, in their order.
    """

    word: Slug
    title: Text
    about: Text
    nominees: Annotated[Slugs, Field(min_length=1)]
    categories: Annotated[Slugs, Field(min_length=1)]
    incident: bool = False
    services: Slugs = ()
    host_from: int | None = None

    def host(self, year: int) -> str | None:
        """The service that hosts the board in a year; None where nobody rotates."""
        if self.host_from is None or not self.services:
            return None
        return self.services[(year - self.host_from) % len(self.services)]


class Recognition(Strict):
    """What a recognition scheme adds to levels and criteria. `monitoring` are the questions asked of nominees."""

    nominees: Annotated[Table[Slug, NomineeKind], keyed_by("word"), Field(min_length=1)]
    services: Annotated[Table[Slug, Service], keyed_by("word")] = Field(default_factory=nothing)
    categories: Annotated[Table[Slug, Category], keyed_by("word"), Field(min_length=1)]
    schemes: Annotated[Table[Slug, Scheme], keyed_by("word"), Field(min_length=1)]
    redirects: Table[Slug, Text] = Field(default_factory=nothing)
    monitoring: Table[Slug, Texts] = Field(default_factory=nothing)

    def unknown(self) -> tuple[tuple[str, ...], str] | None:
        """Where a scheme speaks of what is not there, as path and sentence; None when all is known."""
        known: Mapping[str, Mapping[str, object]] = {
            "nominees": self.nominees, "categories": self.categories, "services": self.services,
        }  # fmt: skip
        for scheme in self.schemes.values():
            for field, table in known.items():
                for word in getattr(scheme, field):
                    if word not in table:
                        return ("schemes", scheme.word, field), f"{scheme.word}: there is no {word} among {field}"
            if scheme.incident and not scheme.services:
                return ("schemes", scheme.word), f"{scheme.word}: an incident is shared by services, but none is named"
        return None
