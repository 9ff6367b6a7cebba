"""The programme board, as a page and as files."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict

import xlsxwriter
from flask import Response, make_response, render_template, request

from metstandard.common import clock, words
from metstandard.queries.board import Filters, Line, all_lines, board, by_group, summary
from metstandard.web.authority.door import door
from metstandard.web.authority.home import STAFF
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session

COLUMNS = (
    "Code", "Unit", "Kind", "Business group", "Coverage", "Review", "Stage", "Whose move", "Working days in stage",
    "Due", "Overdue", "Last result", "Last decided", "Next due", "Committee", "Commander since", "Actions overdue",
)  # fmt: skip
# The whole of the Met on one page; a national scheme turns pages.
PER_PAGE = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _chosen() -> Filters:
    known = {name: request.args.get(name, "") for name in ("group", "committee", "state", "coverage", "search")}
    return Filters(**known, sort=request.args.get("sort", "unit"))


@door.get("/board", endpoint="board")
@open_to(*STAFF)
def board_page() -> str:
    """Every unit, filtered and sorted as the address says."""
    everything = all_lines(session())
    chosen = _chosen()
    chosen_lines = board(session(), chosen, everything)
    number, pages = _page(len(chosen_lines))
    lines = chosen_lines[(number - 1) * PER_PAGE : number * PER_PAGE]
    return render_template(
        "pages/authority/board.html",
        lines=lines,
        found=len(chosen_lines),
        number=number,
        pages=pages,
        by_group=by_group(lines) if chosen.sort == "unit" else [],
        total=len(everything),
        tiles_of=summary(everything),
        chosen=asdict(chosen),
        groups=_choices({line.unit.business_group for line in everything}),
        committees=_choices({line.committee for line in everything if line.committee}),
        states=sorted({(line.review.state, line.state) for line in everything if line.review}),
        query=request.query_string.decode(),
    )


def _page(found: int) -> tuple[int, int]:
    """The page that the address asks for, kept within those there are, and how many there are."""
    pages = max(1, -(-found // PER_PAGE))
    asked = request.args.get("page", "1")
    return min(max(int(asked) if asked.isdecimal() else 1, 1), pages), pages


def _choices(values: set[str]) -> list[tuple[str, str]]:
    return [("", "Any"), *((value, value) for value in sorted(values))]


def _cells(line: Line) -> list[str]:
    one, last = line.review, line.last
    return [
        line.unit.code, line.unit.name, line.unit.kind.value, line.unit.business_group, line.coverage,
        one.reference if one else "", line.state, line.waits, "" if line.days is None else str(line.days),
        words.day(one.due_on) if one and one.due_on else "", "yes" if line.overdue else "",
        last.outcome.value if last and last.outcome else "",
        words.day(last.decided_on) if last and last.decided_on else "",
        words.day(line.next_due) if line.next_due else "", line.committee,
        words.day(line.tenure_from) if line.tenure_from else "", str(line.actions_overdue or ""),
    ]  # fmt: skip


def neutral(text: str) -> str:
    """A cell that a spreadsheet will not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


@door.get("/board.csv")
@open_to(*STAFF)
def board_csv() -> Response:
    """The same rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in board(session(), _chosen()):
        writer.writerow([neutral(cell) for cell in _cells(line)])
    return _file(out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", "csv")


@door.get("/board.xlsx")
@open_to(*STAFF)
def board_xlsx() -> Response:
    """The same rows as a workbook; texts are written as texts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Programme board")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 2)
        sheet.write_row(0, 0, COLUMNS, bold)
        for number, line in enumerate(board(session(), _chosen()), start=1):
            for column, cell in enumerate(_cells(line)):
                sheet.write_string(number, column, cell)
        sheet.autofit()
    return _file(out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")


def _file(body: bytes, media_type: str, ending: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = media_type
    answer.headers.set("Content-Disposition", "attachment", filename=f"board-{clock.today():%Y-%m-%d}.{ending}")
    return answer
