"""Where a unit stands, also when no review is open: for its own people. Fixed numbers of queries."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from metstandard.common import clock
from metstandard.queries.board import Line, all_lines
from metstandard.queries.reviews import units_of
from metstandard.queries.tasks import whose_move
from metstandard.records.accounts import Person
from metstandard.records.followup import Action
from metstandard.records.units import Unit
from metstandard.rules.editions import newest_workflow, workflow_of
from metstandard.workflow.calendar import add_months


@dataclass(frozen=True)
class Standing:
    """One unit as its people read it: `stage` and `sentence` are in the words meant for units."""

    line: Line
    stage: str
    sentence: str
    stood: str
    actions_open: int
    three_years_on: date | None

    @property
    def unit(self) -> Unit:
        """The unit."""
        return self.line.unit


def where_we_stand(session: Session, person: Person) -> list[Standing]:
    """The units that a person commands or prepares for, by name."""
    units = units_of(session, person)
    if not units:
        return []
    counts = dict(
        session.exec(
            select(Action.unit_id, func.count())
            .where(col(Action.unit_id).in_(units), col(Action.state).in_(("open", "reported")))
            .group_by(col(Action.unit_id))
        ).all()
    )
    lines = sorted(all_lines(session, units), key=lambda line: line.unit.name)
    return [_standing(session, line, counts.get(line.unit.key, 0)) for line in lines]


def _standing(session: Session, line: Line, actions_open: int) -> Standing:
    stage, sentence, stood = "", "", ""
    if line.review is not None:
        state = workflow_of(session, line.review).states[line.review.state]
        stage = state.unit_title or state.title
        sentence, stood = whose_move(session, line.review)
    return Standing(line, stage, sentence, stood, actions_open, _three_years_on(line.tenure_from))


def _three_years_on(since: date | None) -> date | None:
    """The day on which the commander's expected tenure is reached, while that lies ahead (obligations.md 23)."""
    if since is None:
        return None
    years = newest_workflow("assessment")[0].number("OBL-23")
    reached = add_months(since, 12 * years)
    return reached if reached > clock.today() else None
