"""Files that come with a form: with the script of the page one request for each, without it all in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from flask import flash, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField, StringField
from wtforms.validators import Optional

from metstandard.common import clock, words
from metstandard.common.errors import Invalid
from metstandard.common.settings import settings
from metstandard.queries import supplied
from metstandard.records import files
from metstandard.records.evidence import Evidence
from metstandard.records.reviews import Review
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import LONGEST_LINE, Form, problems

# Adds one item: its title, its file or none, the name of the file.
Add = Callable[[str, BinaryIO | None, str], Evidence]


class Sending(Form):
    """A form to which files may be added; each becomes an item of its own."""

    title = StringField("Title", [Optional()], description="Without one, each file has its own name for a title.")
    upload = MultipleFileField("Files", [Optional()])

    @property
    def megabytes(self) -> int:
        """The size to say beforehand."""
        return settings().upload_megabytes

    def sent(self) -> list[Any]:
        """The files that were chosen, as Werkzeug hands them over."""
        return [one for one in self.upload.data or [] if isinstance(one, FileStorage) and one.filename]


def add_each(review: Review, form: Sending, add: Add) -> list[Evidence]:
    """Add an item for each file, or one without; those that cannot be taken stay out, said beside the field.

    What was added is committed and said. Nothing is when the form itself is wrong.
    """
    if not form.validate_on_submit():
        return []
    chosen = form.sent()
    several = max(len(chosen), request.form.get("together", 0, type=int)) > 1
    added = []
    for one in chosen or [None]:
        name = one.filename or "" if one else ""
        try:
            with session().begin_nested():
                added.append(
                    add(_title(form.title.data or "", name, several=several), one.stream if one else None, name)
                )
        except Invalid as refused:
            form.refuse(refused)
    for item in added:
        flash(f"“{item.title}” is added.", "success")
        known = "" if item.from_panel else supplied.before(session(), item, review, g.person)
        if known:
            flash(known, "message")
    session().commit()
    return added


def _title(typed: str, file_name: str, *, several: bool) -> str:
    """What was typed; of one of several files also its name, and that alone where nothing was typed."""
    name = files.safe_name(file_name).rpartition(".")[0] or files.safe_name(file_name) if file_name else ""
    return (f"{typed}: {name}" if several and typed and name else typed or name)[:LONGEST_LINE]


def told(form: Sending, added: list[Evidence]) -> ResponseReturnValue:
    """What the script of the page hears about its one file."""
    wrong = problems(form)
    if wrong:
        field = next((one.name for one in form if one.errors), "")
        return jsonify(error=wrong[0].text, field=field), 422
    return jsonify(name=", ".join(one.title for one in added), saved_at=words.time(clock.now()))
