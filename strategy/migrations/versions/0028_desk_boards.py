"""Desk boards: a desk's link, who opened it, and an authorised "no officer available"

Revision: 0028, after 0027. 2026-11-24

Tables and columns are added; of ``events``, ``messages`` and ``answers`` otherwise only a list of words changes: it is
read from the database and added to, whatever other migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

WORDS = {
    ('events', 'verb'): ('board-changed', 'board-opened'),
    ('messages', 'reason'): ('board', 'board-code'),
    ('answers', 'response'): ('no-officer',),
}


def upgrade():
    """Apply."""
    for (table, column), words in WORDS.items():
        listed_words.add(table, column, words)
    op.create_table('desk_boards',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('desk_id', sa.Integer(), nullable=False),
    sa.Column('mail_hash', sa.String(length=64), nullable=True),
    sa.Column('text_hash', sa.String(length=64), nullable=True),
    sa.Column('made_by', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_by', sa.String(length=120), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_desk_boards_authority_id_authorities')),
    sa.ForeignKeyConstraint(['desk_id'], ['desks.id'], name=op.f('fk_desk_boards_desk_id_desks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_boards')),
    sa.UniqueConstraint('mail_hash', name=op.f('uq_desk_boards_mail_hash')),
    sa.UniqueConstraint('text_hash', name=op.f('uq_desk_boards_text_hash'))
    )
    op.create_index(op.f('ix_desk_boards_authority_id'), 'desk_boards', ['authority_id'])
    op.create_index(op.f('ix_desk_boards_desk_id'), 'desk_boards', ['desk_id'])
    op.create_table('board_openings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('board_id', sa.Integer(), nullable=False),
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
    sa.Column('open_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['board_id'], ['desk_boards.id'], name=op.f('fk_board_openings_board_id_desk_boards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_board_openings')),
    sa.UniqueConstraint('nonce', name=op.f('uq_board_openings_nonce'))
    )
    op.create_index(op.f('ix_board_openings_board_id'), 'board_openings', ['board_id'])
    op.add_column('answers', sa.Column('authorised_by', sa.String(length=120), nullable=True))
    op.add_column('answers', sa.Column('authorised_role', sa.String(length=120), nullable=True))
    op.add_column('desks', sa.Column('bundle_minutes', sa.Integer(), nullable=True))
    checks = listed_words.checks_of('messages')
    with op.batch_alter_table('messages') as batch_op:
        batch_op.add_column(sa.Column('board_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_messages_board_id_desk_boards'), 'desk_boards', ['board_id'], ['id'])
        batch_op.create_index(op.f('ix_messages_board_id'), ['board_id'])
        batch_op.add_column(sa.Column('bundled_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('bundle_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_messages_bundle_id_messages'), 'messages', ['bundle_id'], ['id'])
        batch_op.create_index(op.f('ix_messages_bundle_id'), ['bundle_id'])
        listed_words.give_again(batch_op, 'messages', checks)


def downgrade():
    """Take back. What only the newer schema can say is lost; an authorised refusal becomes a plain one."""
    op.execute("DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM messages WHERE reason IN ('board', 'board-code'))")
    op.execute("UPDATE answers SET response = 'cannot-attend' WHERE response = 'no-officer'")
    op.execute("DELETE FROM messages WHERE reason IN ('board', 'board-code')")
    checks = listed_words.checks_of('messages')
    with op.batch_alter_table('messages') as batch_op:
        batch_op.drop_index(op.f('ix_messages_bundle_id'))
        batch_op.drop_constraint(op.f('fk_messages_bundle_id_messages'), type_='foreignkey')
        batch_op.drop_column('bundle_id')
        batch_op.drop_column('bundled_until')
        batch_op.drop_index(op.f('ix_messages_board_id'))
        batch_op.drop_constraint(op.f('fk_messages_board_id_desk_boards'), type_='foreignkey')
        batch_op.drop_column('board_id')
        listed_words.give_again(batch_op, 'messages', checks)
    checks = listed_words.checks_of('answers')
    with op.batch_alter_table('answers') as batch_op:
        for column in ('authorised_role', 'authorised_by'):
            batch_op.drop_column(column)
        listed_words.give_again(batch_op, 'answers', checks)
    with op.batch_alter_table('desks') as batch_op:
        batch_op.drop_column('bundle_minutes')
    op.drop_index(op.f('ix_board_openings_board_id'), 'board_openings')
    op.drop_table('board_openings')
    op.drop_index(op.f('ix_desk_boards_desk_id'), 'desk_boards')
    op.drop_index(op.f('ix_desk_boards_authority_id'), 'desk_boards')
    op.drop_table('desk_boards')
    for (table, column), words in WORDS.items():
        listed_words.take_away(table, column, words)
