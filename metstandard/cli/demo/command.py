"""The command itself: says what it plays, and refuses to touch a database that already holds reviews."""

import sys
from collections.abc import Callable
from datetime import timedelta

import click
from sqlmodel import Session, select

from metstandard.cli.database import bring_up_to_date
from metstandard.cli.demo.awards import STORIES, ceremony, tell
from metstandard.cli.demo.people import Cast, cast_of
from metstandard.cli.demo.play import Player
from metstandard.cli.demo.plots import LAST_DAY, PLOTS, STAGES, Plot
from metstandard.cli.demo.training import calibrate
from metstandard.common import clock
from metstandard.common.errors import BadSetting
from metstandard.common.settings import settings
from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.units import Unit

_BEFORE = timedelta(days=720)
_RENEWED = timedelta(days=60)


def fill(*, if_empty: bool) -> None:
    """Fill the database of the settings. Raises BadSetting outside a demonstration, or when it holds people already."""
    if not settings().demo:
        raise BadSetting("METSTANDARD_DEMO=1 must be set: a demonstration never runs in a production database")
    bring_up_to_date(settings())
    made = database.engine(settings().database)
    with Session(made) as session:
        if session.exec(select(Person.id)).first() is not None:
            if not if_empty:
                raise BadSetting("The database already holds people: empty METSTANDARD_DATA first")
            click.echo("The demonstration programme is already there.")
            return
        play(session, say=click.echo)
    made.dispose()


def play(session: Session, *, say: Callable[[str], None]) -> None:
    """Play every plot; each review is one transaction."""
    began = clock.now() - _BEFORE
    with clock.pinned_to(began):
        cast = cast_of(session, began=clock.today())
        calibrate(cast)
        session.commit()
    with clock.pinned_to(clock.now() - _RENEWED):
        calibrate(cast)
        session.commit()
    say(f"People: {len(cast.people)}, named by role and unit.")
    units = {one.code: one for one in session.exec(select(Unit)).all()}
    for number, plot in enumerate(PLOTS, start=1):
        progress = f"[{number:2}/{len(PLOTS)}]"
        if sys.stdout.isatty():
            click.echo(f"\r{progress} {units[plot.unit].title} ...", nl=False)
        review = _play_one(session, cast, plot)
        session.commit()
        start = "\r" if sys.stdout.isatty() else ""
        say(f"{start}{progress} {review.reference}  {units[plot.unit].title}: {review.state}")
    for number, story in enumerate(STORIES, start=1):
        nomination = tell(session, cast, units, story)
        session.commit()
        say(f"[{number:2}/{len(STORIES)}] {nomination.reference}  {nomination.title}: {nomination.state}")
    ceremony(session, cast)
    session.commit()


def _play_one(session: Session, cast: Cast, plot: Plot) -> Review:
    day = LAST_DAY[plot.reaches] + plot.quiet_days
    proposed_on = clock.today() - timedelta(days=max(day, 0))
    player = Player(session, cast, plot, proposed_on)
    for stage in STAGES[: STAGES.index(plot.reaches) + 1]:
        getattr(player, stage)()
    for extra in plot.ends_with:
        getattr(player, extra)()
    return player.review
