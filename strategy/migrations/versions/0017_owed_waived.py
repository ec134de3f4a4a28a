"""That somebody said no further discussion is needed, apart from a quorum found to have been met

Revision: 0017, after 0016. 2026-11-24

Of rows written before nobody can say which they were: what policy asks for next stands on the lists again.
"""

from alembic import op
import sqlalchemy as sa

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade():
    """Apply."""
    with op.batch_alter_table('follow_ups') as batch:
        batch.add_column(sa.Column('waived', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    """Take back."""
    with op.batch_alter_table('follow_ups') as batch:
        batch.drop_column('waived')
