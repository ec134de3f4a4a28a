"""Out of hours: contacts handed to the emergency duty team, the morning's list, discussions entered afterwards

Revision: 0026, after 0025. 2026-11-24

Tables and columns are added; of ``events`` and ``messages`` only a list of words changes: it is read from the database
and added to, whatever other migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

WORDS = {
    ('events', 'verb'): ('handed-to-edt', 'edt-accepted', 'edt-unaccepted', 'edt-reported', 'edt-back', 'entered-afterwards'),
    ('messages', 'reason'): ('edt-given', 'edt-unaccepted', 'morning-list'),
}


def upgrade():
    """Apply. Discussions there are were neither entered afterwards nor an emergency's."""
    for (table, column), words in WORDS.items():
        listed_words.add(table, column, words)
    op.create_table('night_handovers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('giver_id', sa.Integer(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('act_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ring', sa.Text(), nullable=True),
    sa.Column('state', sa.Enum('given', 'accepted', 'back', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by', sa.String(length=120), nullable=True),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('did', sa.Text(), nullable=True),
    sa.Column('did_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('did_by', sa.String(length=120), nullable=True),
    sa.Column('back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('back_with_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['back_with_id'], ['user.id'], name=op.f('fk_night_handovers_back_with_id_user')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_night_handovers_contact_id_contacts')),
    sa.ForeignKeyConstraint(['giver_id'], ['user.id'], name=op.f('fk_night_handovers_giver_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_night_handovers'))
    )
    op.create_index(op.f('ix_night_handovers_contact_id'), 'night_handovers', ['contact_id'])
    op.create_index(op.f('ix_night_handovers_back_at'), 'night_handovers', ['back_at'])
    op.create_index('ix_night_handovers_state_given_at', 'night_handovers', ['state', 'given_at'])
    op.create_table('morning_lists',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_morning_lists_authority_id_authorities')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_morning_lists')),
    sa.UniqueConstraint('authority_id', 'day', name=op.f('uq_morning_lists_authority_id_day'))
    )
    op.add_column('discussions', sa.Column('entered_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('discussions', sa.Column('emergency', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    # neither has a CHECK: dropped in place, the table keeps those of its other columns as older migrations know them
    op.drop_column('discussions', 'emergency')
    op.drop_column('discussions', 'entered_at')
    op.drop_table('morning_lists')
    op.drop_index('ix_night_handovers_state_given_at', 'night_handovers')
    op.drop_index(op.f('ix_night_handovers_back_at'), 'night_handovers')
    op.drop_index(op.f('ix_night_handovers_contact_id'), 'night_handovers')
    op.drop_table('night_handovers')
    op.execute("DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM messages WHERE reason IN ('edt-given', 'edt-unaccepted', 'morning-list'))")
    for (table, column), words in WORDS.items():
        listed_words.take_away(table, column, words)
