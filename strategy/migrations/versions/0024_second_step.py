"""The second step: codes asked for, a mail's own link, and who a child is

Revision: 0024, after 0023. 2026-11-24

Columns and tables are added; of ``events``, ``messages``, ``answers`` and ``invitations`` otherwise only a list of words changes: it is read from the database
and added to, whatever other migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

BASES = ('fact', 'opinion')
WORDS = {
    ('events', 'verb'): ('code-asked', 'code-refused', 'identity-opened'),
    ('messages', 'reason'): ('second-step',),
    ('answers', 'response'): ('not-ours',),
    ('invitations', 'state'): ('not-ours',),
}


def upgrade():
    """Apply. Invitations made before keep the one link their mails and texts carry."""
    for (table, column), words in WORDS.items():
        listed_words.add(table, column, words)
    op.create_table('second_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('channel', sa.Enum('email', 'sms', name='channel', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('nonce', sa.String(length=32), nullable=False),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('by_role', sa.String(length=120), nullable=False),
    sa.Column('remote', sa.String(length=300), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_second_steps_invitation_id_invitations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_steps')),
    sa.UniqueConstraint('nonce', name=op.f('uq_second_steps_nonce'))
    )
    op.create_index(op.f('ix_second_steps_invitation_id'), 'second_steps', ['invitation_id'])
    checks = listed_words.checks_of('invitations')
    with op.batch_alter_table('invitations') as batch_op:
        batch_op.add_column(sa.Column('mail_token_hash', sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(op.f('uq_invitations_mail_token_hash'), ['mail_token_hash'])
        listed_words.give_again(batch_op, 'invitations', checks)
    for column in ('aliases', 'nhs_number', 'addresses'):
        op.add_column('children', sa.Column(column, sa.Text(), nullable=True))
    op.add_column('contacts', sa.Column('household', sa.Text(), nullable=True))
    checks = listed_words.checks_of('contributions')
    with op.batch_alter_table('contributions') as batch_op:
        batch_op.add_column(sa.Column('basis', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('restricted', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('third_party', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint(op.f('ck_contributions_basis'), sa.column('basis').in_(BASES))
        listed_words.give_again(batch_op, 'contributions', checks)
    op.create_table('contribution_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('basis', sa.Enum(*BASES, name='basis', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('third_party', sa.Boolean(), nullable=False),
    sa.Column('written_by', sa.String(length=120), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_contribution_drafts_invitation_id_invitations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contribution_drafts')),
    sa.UniqueConstraint('invitation_id', name=op.f('uq_contribution_drafts_invitation_id'))
    )


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.drop_table('contribution_drafts')
    checks = {name: words for name, words in listed_words.checks_of('contributions').items() if name != 'ck_contributions_basis'}
    with op.batch_alter_table('contributions') as batch_op:
        batch_op.drop_constraint(op.f('ck_contributions_basis'), type_='check')
        for column in ('third_party', 'restricted', 'basis'):
            batch_op.drop_column(column)
        listed_words.give_again(batch_op, 'contributions', checks)
    op.drop_column('contacts', 'household')
    for column in ('addresses', 'nhs_number', 'aliases'):
        op.drop_column('children', column)
    checks = listed_words.checks_of('invitations')
    with op.batch_alter_table('invitations') as batch_op:
        batch_op.drop_constraint(op.f('uq_invitations_mail_token_hash'), type_='unique')
        batch_op.drop_column('mail_token_hash')
        listed_words.give_again(batch_op, 'invitations', checks)
    op.drop_index(op.f('ix_second_steps_invitation_id'), 'second_steps')
    op.drop_table('second_steps')
    op.execute("DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM messages WHERE reason = 'second-step')")
    op.execute("UPDATE invitations SET state = 'declined' WHERE state = 'not-ours'")
    op.execute("UPDATE answers SET response = 'cannot-attend' WHERE response = 'not-ours'")
    for (table, column), words in WORDS.items():
        listed_words.take_away(table, column, words)
