"""Loading and re-loading the reference data: units, committees, partners, councils. Nothing is half imported."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlmodel import Session, select

from metstandard.common.errors import BadFile
from metstandard.records.bodies import Committee, Employer, EmployerKind, Partner
from metstandard.records.units import Unit, UnitKind

FOLDER = Path(__file__).resolve().parent.parent / "records" / "reference"
VALID_FROM = date(2009, 4, 1)
_CITY = "City of London Corporation"


def load(session: Session, folder: Path = FOLDER, *, valid_from: date = VALID_FROM) -> dict[str, int]:
    """Read the four files and write what is new or changed; the caller commits. Gives the number of rows by file.

    Raises BadFile naming file and line for a missing column or an empty name.
    """
    counts = {
        "bocus": _units(session, folder / "bocus.csv", UnitKind.BOCU, valid_from),
        "ocus": _units(session, folder / "ocus.csv", UnitKind.OCU, valid_from),
        "committees": _committees(session, folder / "committees.csv", valid_from),
        "partners": _partners(session, folder / "partners.csv", valid_from),
    }
    counts["councils"] = _councils(session)
    session.flush()
    return counts


def _rows(file: Path, *columns: str) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [one for one in columns if one not in (reader.fieldnames or [])]
        if missing:
            raise BadFile(f"has no column {', '.join(missing)}", file=file.name, line=1)
        for row in reader:
            if any(not (row[one] or "").strip() for one in columns[:2]):
                raise BadFile(f"{columns[0]} and {columns[1]} must not be empty", file=file.name, line=reader.line_num)
            yield reader.line_num, {name: (value or "").strip() for name, value in row.items()}


def _units(session: Session, file: Path, kind: UnitKind, valid_from: date) -> int:
    number = 0
    code, name = ("met_code", "borough") if kind is UnitKind.BOCU else ("code", "name")
    for _, row in _rows(file, code, name, "business_group", "verification"):
        unit = session.exec(select(Unit).where(Unit.code == row[code])).first()
        unit = unit or Unit(code=row[code], name="", kind=kind, business_group="", valid_from=valid_from)
        unit.name, unit.business_group, unit.source = row[name], row["business_group"], row["verification"]
        unit.borough, unit.gss = row.get("borough") or None, row.get("ons_gss") or None
        session.add(unit)
        number += 1
    return number


def _committees(session: Session, file: Path, valid_from: date) -> int:
    number = 0
    for _, row in _rows(file, "code", "name", "parent", "note", "verification"):
        found = session.exec(select(Committee).where(Committee.code == row["code"])).first()
        found = found or Committee(code=row["code"], name="", valid_from=valid_from)
        found.name, found.parent, found.note, found.source = (
            row["name"],
            row["parent"],
            row["note"],
            row["verification"],
        )
        session.add(found)
        number += 1
    return number


def _partners(session: Session, file: Path, valid_from: date) -> int:
    number = 0
    for _, row in _rows(file, "code", "name", "type", "source"):
        found = session.exec(select(Partner).where(Partner.code == row["code"])).first()
        found = found or Partner(code=row["code"], name="", kind="", valid_from=valid_from)
        found.name, found.kind, found.source = row["name"], row["type"], row["source"]
        session.add(found)
        number += 1
    return number


def _councils(session: Session) -> int:
    """The 32 boroughs' councils and the City of London Corporation, as employers for the public-sector seat."""
    session.flush()
    boroughs = session.exec(select(Unit.borough).where(Unit.kind == UnitKind.BOCU)).all()
    wanted = {f"{borough} Council": borough for borough in boroughs} | {_CITY: "City of London"}
    for name, borough in wanted.items():
        if session.exec(select(Employer).where(Employer.name == name)).first() is None:
            session.add(Employer(name=name, kind=EmployerKind.COUNCIL, borough=borough))
    return len(wanted)
