"""Who was required beyond the quorum and is gone ahead without

Revision: 0002, after 0001. 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    """Apply."""
    with op.batch_alter_table('invitations') as batch:
        batch.add_column(sa.Column('released_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('released_by', sa.String(length=120), nullable=True))
        batch.add_column(sa.Column('released_reason', sa.Text(), nullable=True))


def downgrade():
    """Take back."""
    with op.batch_alter_table('invitations') as batch:
        batch.drop_column('released_reason')
        batch.drop_column('released_by')
        batch.drop_column('released_at')
