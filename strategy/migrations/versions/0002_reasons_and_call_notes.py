"""A coded reason beside an answer's narrative, and a note beside a call

Revision: 0002, after 0001. 2026-11-22
"""

from alembic import op
import sqlalchemy as sa

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    """Apply."""
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reason_code', sa.String(length=40), nullable=True))
    with op.batch_alter_table('call_tasks', schema=None) as batch_op:
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=True))


def downgrade():
    """Take back."""
    with op.batch_alter_table('call_tasks', schema=None) as batch_op:
        batch_op.drop_column('note')
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_column('reason_code')
