"""The blueprint of the account's door."""

from flask import Blueprint

door = Blueprint("account", __name__)
