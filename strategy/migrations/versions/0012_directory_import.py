"""Sheets of the directory: brought in, and taken back

Revision: 0012, after 0011. 2026-11-24

Only ``events`` is copied on SQLite, whose list of verbs is read from the database and added to, whatever other
migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

VERBS = ('directory-imported', 'directory-import-undone')


def upgrade():
    """Apply."""
    op.create_table('directory_imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('read', 'done', 'dropped', 'undone', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('entries', sa.Text(), nullable=True),
    sa.Column('deeds', sa.Text(), nullable=True),
    sa.Column('left', sa.Text(), nullable=True),
    sa.Column('row_count', sa.Integer(), nullable=False),
    sa.Column('added_count', sa.Integer(), nullable=False),
    sa.Column('changed_count', sa.Integer(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_directory_imports_authority_id_authorities')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_directory_imports_user_id_user')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['user.id'], name=op.f('fk_directory_imports_undone_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_directory_imports'))
    )
    op.create_index(op.f('ix_directory_imports_authority_id'), 'directory_imports', ['authority_id'])
    op.create_index(op.f('ix_directory_imports_state'), 'directory_imports', ['state'])
    listed_words.add('events', 'verb', VERBS)


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    listed_words.take_away('events', 'verb', VERBS)
    op.drop_table('directory_imports')
