"""The units that are assessed."""

from datetime import date
from enum import StrEnum

from sqlmodel import Field

from metstandard.records.base import Row, choice


class UnitKind(StrEnum):
    """BOCU: shares a borough with a council. OCU: any other operational command unit."""

    BOCU = "BOCU"
    OCU = "OCU"


class Unit(Row, table=True):
    """One command unit, as the reference data gives it, with how far each row is verified."""

    __tablename__ = "unit"

    code: str = Field(max_length=20, unique=True)
    name: str = Field(max_length=160)
    kind: UnitKind = Field(sa_type=choice(UnitKind))
    business_group: str = Field(max_length=80, index=True)
    borough: str | None = Field(default=None, max_length=80)
    gss: str | None = Field(default=None, max_length=12)
    source: str = Field(default="", max_length=300)
    valid_from: date
    valid_until: date | None = None

    @property
    def title(self) -> str:
        """The unit as people call it: `Camden BOCU`, or `SCD1 Homicide and Serious Crime`."""
        return f"{self.name} BOCU" if self.kind is UnitKind.BOCU else f"{self.code} {self.name}"
