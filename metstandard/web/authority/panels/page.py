"""The page of a panel: three seats, for each empty one everybody who could take it, waivers, objections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.common.errors import Invalid
from metstandard.panels.conflicts import Panel
from metstandard.queries import panels as reads
from metstandard.queries import reviews
from metstandard.queries.panels import Place
from metstandard.queries.tasks import Open, moves_open_to, whose_move
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules import candidates
from metstandard.rules.conflicts import Judged
from metstandard.rules.content import hashed, of_waiver
from metstandard.rules.guards.panels import keys_replace
from metstandard.web.authority.door import door
from metstandard.web.authority.home import JUDGES
from metstandard.web.authority.panels.forms import forms_with
from metstandard.web.shared.access import found, held, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form

FEW, MANY = 8, 50
_SENSITIVE = frozenset({"programme_officer", "key"})


def one_of(reference: str) -> Review:
    """The review as staff see it."""
    return found(reviews.for_staff(session(), g.person, reference))


@door.get("/reviews/<reference>/panel")
@open_to(*JUDGES)
def review_panel(reference: str) -> ResponseReturnValue:
    """The three seats, and for each empty one everybody who could take it."""
    return show(one_of(reference))


def attempt(one: Review, form: Form, act: Callable[[], Any], *, done: str, anchor: str = "") -> ResponseReturnValue:
    """Do an act behind a form and say that it is done; or the page again with what was typed and why it is refused."""
    reference = one.reference
    if form.validate_on_submit():
        try:
            act()
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(done, "success")
            return redirect(url_for("authority.review_panel", reference=reference) + anchor, code=303)
    return show(one, form)


def show(one: Review, refused: Form | None = None) -> ResponseReturnValue:
    """The whole page; `refused` is the form that was sent and not accepted, with everything typed in it."""
    open_now = {each.act: each for each in moves_open_to(session(), g.person, one)}
    about = candidates.panel(session(), one)
    places = reads.places(session(), one, about)
    sentence, stood = whose_move(session(), one)
    page = render_template(
        "pages/authority/panels.html",
        review=one,
        unit=session().get_one(Unit, one.unit_id),
        sentence=sentence,
        stood=stood,
        open=open_now,
        places=places,
        led=any(each.standing is not None and each.standing.seat.lead for each in places),
        sensitive=bool(held() & _SENSITIVE),
        form_for=forms_with(refused),
        searches=_searches(one, about, places, open_now),
        words_of=reads.words_of,
        seat_choices=[("", "Every empty seat"), *((each.kind, reads.words_of(each.kind)) for each in places)],
        objections=reads.objections(session(), one),
        reserves=reads.reserves(session(), one),
        reserving=_officer(open_now, "name_reserve"),
        until=reads.objections_until(session(), one),
        gone=reads.gone(session(), one),
        notes=reads.notes(about, places),
        hash_of=lambda waiver: hashed(of_waiver(waiver)),
        keys_first=keys_replace(session(), one),
        form=refused,
        marking=one.marking.value,
    )
    return (page, 422) if refused is not None else page


def _searches(one: Review, about: Panel, places: list[Place], open_now: dict[str, Open]) -> list[dict[str, Any]]:
    """For each seat to be filled: the candidates of this page of the list, how many there are, and for what."""
    wanted = request.args.get("seat", "")
    kinds = [each.kind for each in places if _to_fill(each, wanted, open_now)]
    if wanted in kinds:
        kinds = [wanted]
    pools = reads.pools(
        session(), one, kinds, about, words=request.args.get("q", "").strip(), show=request.args.get("show", "")
    )
    return [_search(kind, rows, whole=kind == wanted) for kind, rows in pools.items()]


def _to_fill(place: Place, wanted: str, open_now: dict[str, Open]) -> bool:
    """Whether the pool for a seat is shown: to invite while the panel forms, later for the seat that is asked for."""
    if _officer(open_now, "seat"):
        return place.empty or place.kind == wanted
    return _officer(open_now, "replace_reviewer") and (place.empty or place.kind == wanted)


def _officer(open_now: dict[str, Open], act: str) -> bool:
    return act in open_now and open_now[act].part == "programme_officer"


def _search(kind: str, rows: list[Judged], *, whole: bool) -> dict[str, Any]:
    pages = max(1, -(-len(rows) // MANY))
    number = min(max(1, request.args.get("page", 1, type=int)), pages) if whole else 1
    shown = rows[(number - 1) * MANY : number * MANY] if whole else rows[:FEW]
    return {
        "kind": kind,
        "rows": shown,
        "total": len(rows),
        "whole": whole,
        "page": number,
        "pages": pages,
        "possible": [one.candidate for one in rows if not one.hard],
    }
