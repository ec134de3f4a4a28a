"""What came in from outside

Revision: 0014, after 0013. 2026-11-24

A table of its own; of ``events`` only the list of verbs changes: it is read from the database and added to, whatever
other migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

VERBS = ('mail-came',)
KINDS = ('reply', 'counter', 'decline-counter', 'refresh', 'request', 'cancel', 'auto-reply', 'bounce', 'delay', 'receipt',
         'complaint', 'message', 'unreadable')
STATES = ('applied', 'noted', 'to-read', 'handled')


def upgrade():
    """Apply."""
    op.create_table('inbound',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('channel', _one_of('channel', ('email', 'sms')), nullable=False),
    sa.Column('kind', _one_of('kind', KINDS), nullable=False),
    sa.Column('state', _one_of('state', STATES), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('sender', sa.Text(), nullable=True),
    sa.Column('sender_name', sa.Text(), nullable=True),
    sa.Column('subject', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('raw', sa.Text(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('discussion_id', sa.Integer(), nullable=True),
    sa.Column('invitation_id', sa.Integer(), nullable=True),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('effect', sa.String(length=400), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handled_by', sa.String(length=120), nullable=True),
    sa.Column('handled_note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_inbound_authority_id_authorities')),
    sa.ForeignKeyConstraint(['discussion_id'], ['discussions.id'], name=op.f('fk_inbound_discussion_id_discussions')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_inbound_invitation_id_invitations')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_inbound_message_id_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_inbound_fingerprint'))
    )
    op.create_index('ix_inbound_list', 'inbound', ['authority_id', 'state', 'received_at'])
    op.create_index(op.f('ix_inbound_discussion_id'), 'inbound', ['discussion_id'])
    op.create_index(op.f('ix_inbound_invitation_id'), 'inbound', ['invitation_id'])
    op.create_index(op.f('ix_inbound_message_id'), 'inbound', ['message_id'])
    listed_words.add('events', 'verb', VERBS)


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    listed_words.take_away('events', 'verb', VERBS)
    op.drop_table('inbound')


def _one_of(name, words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
