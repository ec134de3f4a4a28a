"""Chases about actions, discussions and contacts; and silences of the workers

Revision: 0029, after 0028. 2026-11-24

Chases and their steps lose nothing: what they are about was always an invitation. Lists of words are read from the
database and added to, whatever other migrations have made of them.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

KINDS = ('reminder', 'not-joined', 'action', 'course', 'decision', 'target')
STEPS = ('tell', 'note')
WORDS = {
    ('events', 'verb'): ('reminded', 'not-joined', 'course-changed', 'target-near'),
    ('messages', 'reason'): ('reminder', 'not-joined', 'action-due', 'course', 'target'),
    ('chases', 'kind'): KINDS,
    ('chases', 'step'): STEPS,
    ('chase_steps', 'kind'): KINDS,
    ('chase_steps', 'step'): STEPS,
}
SUBJECTS = (('action_id', 'actions'), ('discussion_id', 'discussions'), ('contact_id', 'contacts'))


def upgrade():
    """Apply."""
    for (table, column), words in WORDS.items():
        listed_words.add(table, column, words)
    for table in ('chases', 'chase_steps'):
        checks = listed_words.checks_of(table)
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column('invitation_id', existing_type=sa.Integer(), nullable=True)
            for column, other in SUBJECTS:
                batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
                batch_op.create_foreign_key(op.f(f'fk_{table}_{column}_{other}'), other, [column], ['id'])
                if table == 'chases':
                    batch_op.create_unique_constraint(op.f(f'uq_chases_{column}_kind'), [column, 'kind'])
            listed_words.give_again(batch_op, table, checks)
    for column, _ in SUBJECTS:
        op.create_index(op.f(f'ix_chase_steps_{column}'), 'chase_steps', [column])
    op.create_table('silences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('alarm_taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('alarm_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('over_taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('over_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_silences')),
    sa.UniqueConstraint('began_at', name=op.f('uq_silences_began_at'))
    )


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.drop_table('silences')
    for column, _ in SUBJECTS:
        op.drop_index(op.f(f'ix_chase_steps_{column}'), 'chase_steps')
    reasons = sa.text('DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM messages WHERE reason IN :words)')
    op.execute(reasons.bindparams(sa.bindparam('words', WORDS['messages', 'reason'], expanding=True)))
    for (table, column), words in WORDS.items():
        listed_words.take_away(table, column, words)
    for table in ('chases', 'chase_steps'):
        checks = listed_words.checks_of(table)
        op.execute(f'DELETE FROM {table} WHERE invitation_id IS NULL')
        with op.batch_alter_table(table) as batch_op:
            for column, other in SUBJECTS:
                if table == 'chases':
                    batch_op.drop_constraint(op.f(f'uq_chases_{column}_kind'), type_='unique')
                batch_op.drop_constraint(op.f(f'fk_{table}_{column}_{other}'), type_='foreignkey')
                batch_op.drop_column(column)
            batch_op.alter_column('invitation_id', existing_type=sa.Integer(), nullable=False)
            listed_words.give_again(batch_op, table, checks)
