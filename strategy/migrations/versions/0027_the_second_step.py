"""Behind the second step: papers, progress of actions, codes that did not arrive, who has read the record

Revision: 0027, after 0026. 2026-11-24

Tables are added. Of ``events`` and ``messages`` only a list of words changes: it is read from the database and added
to, whatever other migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

KINDS = ('chronology', 'referral', 'body-map', 'report', 'other')
FORMATS = ('pdf', 'png', 'jpg', 'docx', 'odt', 'txt')
VIAS = ('staff', 'link', 'phone', 'sms', 'calendar', 'worker', 'command-line', 'provider')
WORDS = {
    ('events', 'verb'): ('code-lost', 'record-read', 'paper-attached', 'paper-withdrawn'),
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
    op.create_table('action_progress',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['actions.id'], name=op.f('fk_action_progress_action_id_actions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_progress'))
    )
    op.create_index(op.f('ix_action_progress_action_id'), 'action_progress', ['action_id'])
    op.create_table('papers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('discussion_id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('format', sa.Enum(*FORMATS, name='format', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('via', sa.Enum(*VIAS, name='via', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=120), nullable=True),
    sa.Column('withdrawn_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['discussion_id'], ['discussions.id'], name=op.f('fk_papers_discussion_id_discussions')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_papers_invitation_id_invitations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_papers'))
    )
    op.create_index(op.f('ix_papers_discussion_id'), 'papers', ['discussion_id'])
    op.create_table('paper_readers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_paper_readers_invitation_id_invitations')),
    sa.ForeignKeyConstraint(['paper_id'], ['papers.id'], name=op.f('fk_paper_readers_paper_id_papers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_readers')),
    sa.UniqueConstraint('paper_id', 'invitation_id', name=op.f('uq_paper_readers_paper_id_invitation_id'))
    )


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.drop_index(op.f('ix_action_progress_action_id'), 'action_progress')
    op.drop_table('action_progress')
    op.drop_table('paper_readers')
    op.drop_index(op.f('ix_papers_discussion_id'), 'papers')
    op.drop_table('papers')
    op.drop_index(op.f('ix_record_readings_invitation_id'), 'record_readings')
    op.drop_table('record_readings')
    op.execute("DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM messages WHERE reason = 'record')")
    for (table, column), words in WORDS.items():
        listed_words.take_away(table, column, words)
