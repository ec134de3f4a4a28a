"""What a form said is told from what it says when it is sent again; a session that was ended stays ended

Revision: 0019, after 0018. 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade():
    """Apply."""
    op.add_column('submissions', sa.Column('content', sa.String(length=64), nullable=True))
    op.create_table(
        'ended_sessions',
        sa.Column('key', sa.String(length=64), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_ended_sessions')),
    )
    op.create_index(op.f('ix_ended_sessions_at'), 'ended_sessions', ['at'], unique=False)


def downgrade():
    """Take back. Who signed out may find their cookie good again, until it is ten hours old."""
    op.drop_index(op.f('ix_ended_sessions_at'), table_name='ended_sessions')
    op.drop_table('ended_sessions')
    op.drop_column('submissions', 'content')
