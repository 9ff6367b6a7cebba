"""Money in whole pence, so that nothing is lost to floating point."""

from __future__ import annotations

import re

from metstandard.common.errors import Invalid

_POUNDS = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{2}))?")


def pence(text: str, *, field: str) -> int:
    """Pence in a typed sum such as `£1,250` or `1250.50`. Raises Invalid naming the field."""
    match = _POUNDS.fullmatch(text.strip())
    if match is None:
        raise Invalid("Enter a sum in pounds, such as 1,250 or 1250.50", field=field)
    return int(match[1].replace(",", "")) * 100 + int(match[2] or 0)


def pounds(amount: int) -> str:
    """Pence as people write them: `£1,250` or `£1,250.50`."""
    whole, rest = divmod(amount, 100)
    return f"£{whole:,}.{rest:02d}" if rest else f"£{whole:,}"
