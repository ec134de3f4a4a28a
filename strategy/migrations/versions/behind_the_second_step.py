"""Behind the second step: codes that did not arrive, and who has read the record

Revision: behind, after 0024. 2026-11-24

A table is added. Of ``events`` and ``messages`` only a list of words changes: it is read from the database and added
to, whatever other migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = 'behind'
down_revision = '0024'
branch_labels = None
depends_on = None

WORDS = {
    ('events', 'verb'): ('code-lost', 'record-read'),
    ('messages', 'reason'): ('record',),
}


def upgrade():
    """Apply."""
    for (table, column), words in WORDS.items():
        listed_words.add(table, column, words)
    op.create_table('record_readings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_record_readings_invitation_id_invitations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_readings'))
    )
    op.create_index(op.f('ix_record_readings_invitation_id'), 'record_readings', ['invitation_id'])


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.drop_index(op.f('ix_record_readings_invitation_id'), 'record_readings')
    op.drop_table('record_readings')
    op.execute("DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM messages WHERE reason = 'record')")
    for (table, column), words in WORDS.items():
        listed_words.take_away(table, column, words)
