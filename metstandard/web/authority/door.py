"""The blueprint of the Authority's door: staff of the Authority and of the Commissioner, key holders, moderators."""

from flask import Blueprint

door = Blueprint("authority", __name__, url_prefix="/authority")
