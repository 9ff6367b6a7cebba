"""Whether a nominee was asked for equality monitoring: the answers themselves hang on the nomination."""

import sqlalchemy as sa
from alembic import op

revision = "0004_monitored"
down_revision = "0003_recognition"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nominee", sa.Column("monitored", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("nominee") as nominee:
        nominee.drop_column("monitored")
