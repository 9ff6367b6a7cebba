"""The blueprint of the demonstration's door."""

from flask import Blueprint

door = Blueprint("demo", __name__, url_prefix="/demo")
