"""Which passwords are refused. Length counts, not mixtures of signs (source: OWASP ASVS 5.0, 6.2)."""

import re

SHORTEST = 12
LONGEST = 200
FEWEST_SIGNS = 5
# Words and runs that open the lists of stolen passwords of twelve signs and more; compared without digits and signs.
_COMMON = frozenset(
    """
    password passwordpassword passwort letmein letmeinplease iloveyou iloveyouforever ilovemyself welcome welcomehome
    changeme changemenow changeit administrator admin adminadmin superuser default qwerty qwertyuiop qwertyuiopasdf
    qwertyqwerty qwertyuiopasdfghjkl asdfghjkl asdfasdfasdf zxcvbnm azertyuiop abcdefghijkl abcdefghijklm abcabcabcabc
    football footballfootball basketball manchesterunited manchester liverpool liverpoolfc chelsea arsenal arsenalfc
    sunshine princess dragon monkey superman batman starwars pokemon trustno one trustnoone secret topsecret
    metstandard metropolitan metropolitanpolice scotlandyard newscotlandyard police policeofficer london londonlondon
    summer autumn winter spring january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday correcthorsebatterystaple whatever whateverwhatever
    computer internet iloveyousomuch mypassword mypasswordis thisismypassword passwordone nopassword passw
    """.split()  # noqa: SIM905  a list of words is read more easily so
)
_RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


def weakness(password: str, *, about: tuple[str, ...] = ()) -> str | None:
    """What is wrong with a password, as a sentence that says what to do; None for a good one.

    `about` holds the person's name, title and address: a password made of them is refused.
    """
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; three or four unusual words work well"
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters"
    lower = password.lower()
    if len(set(lower)) < FEWEST_SIGNS:
        return f"Use at least {FEWEST_SIGNS} different characters"
    if _common(lower) or _run(lower):
        return "This password is easy to guess: choose one that others do not use"
    if _only_about(lower, about):
        return "Choose a password that is not your name or address"
    return None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text)


def _common(lower: str) -> bool:
    without_numbers_around = re.sub(r"^[^a-z]+|[^a-z]+$", "", lower)
    return bool({_letters(text) for text in (lower, without_numbers_around.translate(_LEET))} & _COMMON)


def _run(lower: str) -> bool:
    """Whether the whole password is one run of neighbours, or a short piece repeated."""
    repeated = any(lower == (lower[:size] * len(lower))[: len(lower)] for size in range(1, FEWEST_SIGNS))
    return repeated or any(lower in run * 2 for run in _RUNS)


def _only_about(lower: str, about: tuple[str, ...]) -> bool:
    words = [word for text in about for word in re.findall(r"[a-z]{3,}", text.lower())]
    rest = _letters(lower)
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return bool(words) and rest != _letters(lower) and len(rest) < FEWEST_SIGNS
