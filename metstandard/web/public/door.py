"""The blueprint of the public's door: no account, no cookie."""

from flask import Blueprint

door = Blueprint("public", __name__)
