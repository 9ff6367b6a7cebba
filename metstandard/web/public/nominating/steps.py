"""The order of the questions, their short titles, and how each is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metstandard.actions.recognition.nominating import kind_of_nominee, unfinished
from metstandard.records.recognition import Nomination
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards.recognition import gaps
from metstandard.web.shared.database import session
from metstandard.web.shared.languages import gettext, marked

TITLES = {
    "award": marked("Award"),
    "kind": marked("Kind of nominee"),
    "category": marked("Category"),
    "nominee": marked("Nominee"),
    "team": marked("Name of the team"),
    "members": marked("Members of the team"),
    "when": marked("When it happened"),
    "title": marked("In a few words"),
    "account": marked("What happened"),
    "effect": marked("Effect"),
    "difficulty": marked("Difficulty or risk"),
    "evidence": marked("Evidence and witnesses"),
    "citation": marked("Citation"),
    "incident": marked("Incident"),
    "earlier": marked("Earlier awards"),
    "seconder": marked("Seconder"),
    "you": marked("About you"),
}
# Pages whose only question is their heading.
SINGLE = frozenset(TITLES) - {"nominee", "members", "evidence", "seconder", "you"}
OPTIONS: dict[str, dict[str, Any]] = {
    "account": {"rows": 20}, "citation": {"rows": 6}, "effect": {"rows": 8, "words": 300},
    "difficulty": {"rows": 8, "words": 300}, "evidence": {"rows": 8, "words": 300},
    "witnesses": {"rows": 4, "words": 300}, "earlier_awards": {"rows": 4, "words": 300},
    "incident_words": {"rows": 5, "characters": 500}, "nominator_name": {"autocomplete": "name"},
}  # fmt: skip
# Which page answers what `gaps` finds missing.
PAGE_OF_GAP = {
    "scheme": "award", "nominee_kind": "kind", "happened_on": "when", "nominees": "nominee",
}  # fmt: skip


def order(nomination: Nomination) -> list[str]:
    """The pages of a nomination in order; a team has a name and members, anybody else one page."""
    kind = kind_of_nominee(session(), nomination)
    out = {"nominee"} if kind is not None and kind.members else {"team", "members"}
    return [word for word in TITLES if word not in out]


def after(nomination: Nomination, page: str) -> str:
    """The page that follows; `check` after the last."""
    pages = order(nomination)
    place = pages.index(page) + 1 if page in pages else 0
    return pages[place] if place < len(pages) else "check"


def before(nomination: Nomination, page: str) -> str:
    """The page before; empty for the first."""
    pages = order(nomination)
    return pages[pages.index(page) - 1] if page in pages[1:] else ""


def options(nomination: Nomination, field: str) -> dict[str, Any]:
    """How a field is shown: rows, and the count of words that its workflow allows."""
    numbers = workflow_of(session(), nomination).numbers
    counted = {"words": numbers[f"D2-{field}"]} if f"D2-{field}" in numbers else {}
    return {**OPTIONS.get(field, {}), **counted}


def missing(nomination: Nomination) -> dict[str, str]:
    """What keeps a draft from being sent: page and sentence, in the order of the pages."""
    found = {
        PAGE_OF_GAP.get(field, field): sentence
        for field, sentence in gaps(session(), nomination, dict(workflow_of(session(), nomination).numbers)).items()
    }
    found |= unfinished(session(), nomination)
    pages = order(nomination)
    if "members" in pages and "nominee" in found:
        found.setdefault("members", found.pop("nominee"))
    return {page: gettext(found[page]) for page in pages if page in found}


@dataclass(frozen=True)
class Task:
    """One page in the list of a draft: whether anything was typed into it, and whether it is done with."""

    page: str
    title: str
    begun: bool
    done: bool


def tasks(nomination: Nomination) -> list[Task]:
    """Every page of a draft with how far it is."""
    kept, lacking = nomination.answers.get("pages", {}), missing(nomination)
    found = []
    for page in order(nomination):
        begun = page in kept or (page == "members" and page not in lacking)
        found.append(Task(page, gettext(TITLES[page]), begun, begun and page not in lacking))
    return found
