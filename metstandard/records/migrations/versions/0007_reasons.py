"""The reasons of a plan's seats are kept with the proposal, so that its pages need not work them out again."""

import sqlalchemy as sa
from alembic import op

revision = "0007_reasons"
down_revision = "0006_cycles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("panel_proposal", sa.Column("reasons", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("panel_proposal") as proposal:
        proposal.drop_column("reasons")
