"""The links of each door's navigation. A link is left out when its page is missing or closed to this person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for

from metstandard.web.shared.languages import gettext, marked

DOORS = {
    "authority": marked("Authority"),
    "reviewers": marked("Reviewers"),
    "units": marked("Units"),
    "public": marked("Public register"),
    "account": marked("Your account"),
}


@dataclass(frozen=True)
class Item:
    """One link: its words, the endpoint it leads to, and the endpoints' first letters that belong to it.

    `beside` is the endpoint of a link that stands for several: for whom that one is open, these are a second row,
    shown while one of them is.
    """

    text: str
    endpoint: str
    covers: tuple[str, ...] = ()
    beside: str = ""


NAVIGATION: dict[str, tuple[Item, ...]] = {
    "authority": (
        Item("What you need to do", "authority.home"),
        Item("Programme board", "authority.board", ("authority.board", "authority.review")),
        Item("Moderation", "authority.moderations"),
        Item("Panels", "authority.cycles", ("authority.cycle", "authority.compare_cycles")),
        Item("Follow-up", "authority.followup_board", ("authority.followup",)),
        Item("Certificates", "authority.certificates", ("authority.certificate",)),
        Item("Nominations", "authority.nominations", ("authority.nomination",)),
        Item("Incidents", "authority.incidents", ("authority.incident",), beside="authority.nominations"),
        Item("Checks", "authority.checks", beside="authority.nominations"),
        Item("Announcements", "authority.announcements", beside="authority.nominations"),
        Item("Events", "authority.events", ("authority.event",), beside="authority.nominations"),
        Item("Equality", "authority.monitoring", beside="authority.nominations"),
        Item("Reviewers", "authority.pool", ("authority.pool",)),
        Item("Statistics", "authority.statistics", ("authority.statistics",), beside="authority.pool"),
        Item("People", "authority.people", ("authority.people", "authority.person")),
        Item("Letters", "authority.letters", ("authority.letter",)),
        Item("From the public", "authority.enquiries", ("authority.enquir",)),
    ),
    "reviewers": (
        Item("What you need to do", "reviewers.home"),
        Item("Your reviews", "reviewers.reviews", ("reviewers.review",)),
        Item("Nominations", "reviewers.nominations", ("reviewers.nomination",)),
        Item("About you", "reviewers.own", ("reviewers.own",)),
        Item("Calibration", "reviewers.calibration", ("reviewers.calibration",)),
    ),
    "units": (
        Item("What you need to do", "units.home"),
        Item("Where we stand", "units.standing", ("units.standing", "units.review")),
        Item("Actions", "units.actions", ("units.action",)),
    ),
    "public": (
        Item(marked("Register of certificates"), "public.register", ("public.register", "public.certificate")),
        Item(
            marked("Roll of honour"),
            "public.roll",
            ("public.roll", "public.award", "public.announcement", "public.events"),
        ),
        Item(marked("Check a certificate"), "public.verify", ("public.verify",)),
        Item(marked("Nominate"), "public.nominate", ("public.nominate", "public.nomination")),
    ),
    "account": (
        Item("Your account", "account.home"),
        Item("Change your password", "account.change_password"),
        Item("Where you are signed in", "account.my_sessions", ("account.my_sessions",)),
    ),
}


@dataclass(frozen=True)
class Link:
    """A link as the page shows it."""

    text: str
    href: str
    active: bool


def door_of_request() -> str:
    """The name of the door that answers this request; `public` where there is none."""
    return request.blueprint if request.blueprint in DOORS else "public"


def links(door: str, *, may_open: Callable[[str], bool] = lambda _endpoint: True) -> list[Link]:
    """The door's links in order. `may_open(endpoint)` says whether this person's parts let them in."""
    items = _open_items(door, may_open)
    shown = {item.endpoint for item in items}
    here = _group(items)
    return [
        Link(gettext(item.text), url_for(item.endpoint), active=item.endpoint == here or _is_here(item))
        for item in items
        if item.beside not in shown
    ]


def second_row(door: str, *, may_open: Callable[[str], bool] = lambda _endpoint: True) -> list[Link]:
    """The links that stand beside the page of this request; none where it stands alone."""
    items = _open_items(door, may_open)
    here = _group(items)
    found = [item for item in items if here and here in (item.endpoint, item.beside)]
    return [Link(gettext(one.text), url_for(one.endpoint), active=_is_here(one)) for one in found if len(found) > 1]


def _open_items(door: str, may_open: Callable[[str], bool]) -> list[Item]:
    there = [item for item in NAVIGATION.get(door, ()) if _is_there(current_app, item.endpoint)]
    return [item for item in there if may_open(item.endpoint)]


def _group(items: list[Item]) -> str:
    """The endpoint that stands for the group of this request's page; empty where there is none."""
    groups = {item.beside for item in items if item.beside} & {item.endpoint for item in items}
    return next(
        (one.beside or one.endpoint for one in items if _is_here(one) and groups & {one.beside, one.endpoint}), ""
    )


def other_doors(door: str, *, may_open: Callable[[str], bool]) -> list[Link]:
    """The other doors that let this person in: some people review one unit and command another."""
    return [
        Link(gettext(DOORS[other]), url_for(f"{other}.home"), active=False)
        for other in ("authority", "reviewers", "units")
        if other != door and _is_there(current_app, f"{other}.home") and may_open(f"{other}.home")
    ]


def _is_there(app: Flask, endpoint: str) -> bool:
    return endpoint in app.view_functions


def _is_here(item: Item) -> bool:
    endpoint = request.endpoint or ""
    return endpoint == item.endpoint or endpoint.startswith(item.covers or (item.endpoint + "\0",))
