"""Facts about certificates."""

from metstandard.common import clock
from metstandard.records.certificates import Certificate
from metstandard.rules.case import Case
from metstandard.rules.guards.register import guard


@guard("The one extension has been used.")
def not_yet_extended(case: Case) -> bool:
    """B8: one extension."""
    return isinstance(case.record, Certificate) and not case.record.extended


@guard("The certificate is still valid.")
def validity_over(case: Case) -> bool:
    """B8: the last day of validity has passed."""
    return isinstance(case.record, Certificate) and clock.today() > case.record.valid_until
