"""The database itself refuses to change a locked sheet and its marks."""

from alembic import op

revision = "0013_locked"
down_revision = "0012_reports"
branch_labels = None
depends_on = None

_OF_MARK = "EXISTS (SELECT 1 FROM sheet WHERE id = OLD.sheet_id AND locked_at IS NOT NULL)"
_REFUSE = "RAISE EXCEPTION 'the sheet is locked';"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, when in (("sheet", "OLD.locked_at IS NOT NULL"), ("mark", _OF_MARK)):
            for word in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {name}_locked_no_{word.lower()} BEFORE {word} ON {name} WHEN {when} "
                    "BEGIN SELECT RAISE(ABORT, 'the sheet is locked'); END"
                )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION sheet_locked_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {_REFUSE} END $$"
    )
    op.execute(
        "CREATE TRIGGER sheet_locked BEFORE UPDATE OR DELETE ON sheet "
        "FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION sheet_locked_refuse()"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION mark_locked_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_OF_MARK} THEN {_REFUSE} END IF; RETURN COALESCE(NEW, OLD); END $$"
    )
    op.execute(
        "CREATE TRIGGER mark_locked BEFORE UPDATE OR DELETE ON mark FOR EACH ROW EXECUTE FUNCTION mark_locked_refuse()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("sheet", "mark"):
            for word in ("update", "delete"):
                op.execute(f"DROP TRIGGER {name}_locked_no_{word}")
        return
    for name in ("sheet", "mark"):
        op.execute(f"DROP TRIGGER {name}_locked ON {name}")
        op.execute(f"DROP FUNCTION {name}_locked_refuse()")
