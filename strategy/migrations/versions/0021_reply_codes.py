"""Numbers to answer texts with, and texts that come in

Revision: 0021, after 0020. 2026-11-24

A table of its own; of ``events``, ``inbound`` and ``messages`` only the lists of words change: they are read from the
database and added to, whatever other migrations have made of them.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

WORDS = {
    ('events', 'verb'): ('text-came', 'texts-stopped'),
    ('inbound', 'kind'): ('text-answer', 'text-follow-up', 'text', 'opt-out', 'opt-in'),
    ('messages', 'reason'): ('text-reply',),
}


def upgrade():
    """Apply."""
    op.create_table('reply_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('phone', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('to_name', sa.String(length=200), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('free_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asks', sa.Enum('attendee', 'deputy', 'reason', name='asks', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('asked_again', sa.Boolean(), nullable=False),
    sa.CheckConstraint('number >= 10 AND number <= 999', name=op.f('ck_reply_codes_number')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_reply_codes_invitation_id_invitations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_codes')),
    sa.UniqueConstraint('invitation_id', 'phone', name=op.f('uq_reply_codes_invitation_id_phone')),
    sa.UniqueConstraint('phone', 'number', name=op.f('uq_reply_codes_phone_number'))
    )
    for (table, column), words in WORDS.items():
        listed_words.add(table, column, words)


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.execute(sa.text("DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM messages WHERE reason = 'text-reply')"))
    for (table, column), words in WORDS.items():
        listed_words.take_away(table, column, words)
    op.drop_table('reply_codes')
