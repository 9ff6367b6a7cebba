"""What Alembic runs for each command; `schema.py` hands over the connection and owns the transaction."""

from alembic import context
from sqlmodel import SQLModel

from metstandard.records import database  # noqa: F401 (importing it registers every table)

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, transactional_ddl=True)
context.run_migrations()
