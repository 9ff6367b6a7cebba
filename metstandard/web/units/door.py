"""The blueprint of the units' door: commanders and those who prepare for them."""

from flask import Blueprint

door = Blueprint("units", __name__, url_prefix="/units")
