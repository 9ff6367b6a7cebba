"""The blueprint of the reviewers' door."""

from flask import Blueprint

door = Blueprint("reviewers", __name__, url_prefix="/reviewers")
