"""An invitation keeps the desk that was chosen, where another stands in for it

Revision: 0020, after 0019. 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade():
    """Apply. Written out: SQLite takes a column with its reference, and would copy the table for any other way."""
    op.execute(
        sa.text(
            "ALTER TABLE invitations ADD COLUMN stands_in_for_id INTEGER"
            " CONSTRAINT fk_invitations_stands_in_for_id_desks REFERENCES desks (id)"
        )
    )


def downgrade():
    """Take back. By copying: a later migration that copied the table has parted the reference from its column."""
    with op.batch_alter_table('invitations') as batch_op:
        batch_op.drop_column('stands_in_for_id')
