"""A phone's turns, receipts awaited, providers that are down

Revision: 0018, after 0017. 2026-11-24

Columns and a table are added; of ``events`` only the list of verbs changes: it is read from the database and added to,
whatever other migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

VERBS = ('nobody-told',)


def upgrade():
    """Apply. The index the claim asks is made anew, as the claim asks now."""
    op.create_table('channel_circuits',
    sa.Column('channel', sa.Enum('email', 'sms', name='channel', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('quiet_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('probe_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('channel', name=op.f('pk_channel_circuits'))
    )
    op.add_column('messages', sa.Column('excused', sa.Integer(), server_default='0', nullable=False))
    op.add_column('messages', sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('messages', sa.Column('waits_for', sa.String(length=200), nullable=True))
    op.add_column('messages', sa.Column('awaits_receipt', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index('ix_messages_due', 'messages')
    op.create_index('ix_messages_due', 'messages', ['state', 'channel', 'urgent', 'id', 'not_before'])
    op.create_index('ix_messages_turns', 'messages', ['address', 'taken_at'])
    listed_words.add('events', 'verb', VERBS)
    op.create_index('ix_events_invitation_id', 'events', ['invitation_id'])


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.drop_index('ix_events_invitation_id', 'events')
    listed_words.take_away('events', 'verb', VERBS)
    op.drop_index('ix_messages_turns', 'messages')
    op.drop_index('ix_messages_due', 'messages')
    op.create_index('ix_messages_due', 'messages', ['state', 'not_before'])
    for column in ('awaits_receipt', 'waits_for', 'taken_at', 'excused'):
        op.drop_column('messages', column)
    op.drop_table('channel_circuits')
