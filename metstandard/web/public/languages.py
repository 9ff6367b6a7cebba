"""The page that lists the languages of this door, each under its own name, and says which a speaker has read."""

from __future__ import annotations

from flask import render_template

from metstandard.web.public.door import door
from metstandard.web.public.formats import FRESH
from metstandard.web.shared.access import open_to_public
from metstandard.web.shared.headers import cacheable


@door.get("/languages")
@open_to_public
def languages() -> str:
    """Every language with the address of the start page in it."""
    cacheable(FRESH)
    return render_template("pages/public/languages.html")
