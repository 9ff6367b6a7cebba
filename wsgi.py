"""What a WSGI server loads: `gunicorn wsgi:app`."""

from metstandard.app import create_app

app = create_app()
