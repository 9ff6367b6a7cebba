"""Where guards are entered: each with the sentence a person reads while it does not hold."""

from collections.abc import Callable

from metstandard.rules.case import Case
from metstandard.rules.vocabulary import GUARDS

Guard = Callable[[Case], bool]

_GUARDS: dict[str, tuple[Guard, str]] = {}


def guard(sentence: str) -> Callable[[Guard], Guard]:
    """Enter a function under its own name, which must be on the allow-list, as a guard that workflows may ask for."""

    def enter(function: Guard) -> Guard:
        if function.__name__ not in GUARDS:
            raise LookupError(f"{function.__name__} is not on the list of guards in rules/vocabulary.py")
        _GUARDS[function.__name__] = (function, sentence)
        return function

    return enter


def holds(name: str, case: Case) -> bool:
    """The answer of a guard in a case. Raises KeyError for a name that no loaded workflow can contain."""
    return _GUARDS[name][0](case)


def sentence(name: str) -> str:
    """What a person reads while the guard does not hold."""
    return _GUARDS[name][1]


def sentences() -> dict[str, str]:
    """Every guard with its sentence."""
    return {name: text for name, (_, text) in sorted(_GUARDS.items())}
