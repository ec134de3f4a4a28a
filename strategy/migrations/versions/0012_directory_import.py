"""Sheets of the directory: brought in, and taken back

Revision: 0012, after 0011. 2026-11-24

Only ``events`` is copied on SQLite, whose list of verbs is read from the database and added to, whatever other
migrations have made of it.
"""

import re

from alembic import op
import sqlalchemy as sa

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
    _replace_verbs(sorted({*_checks()['ck_events_verb'], *VERBS}))


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.execute(sa.text('DELETE FROM events WHERE verb IN :verbs').bindparams(sa.bindparam('verbs', VERBS, expanding=True)))
    _replace_verbs([verb for verb in _checks()['ck_events_verb'] if verb not in VERBS])
    op.drop_table('directory_imports')


def _replace_verbs(verbs):
    """Copied by SQLite, a table loses its CHECKs: those that stay are given again."""
    sqlite = op.get_bind().dialect.name == 'sqlite'
    staying = {name: words for name, words in _checks().items() if name != 'ck_events_verb'}
    with op.batch_alter_table('events') as batch_op:
        if not sqlite:
            batch_op.drop_constraint(op.f('ck_events_verb'), type_='check')
        batch_op.create_check_constraint(op.f('ck_events_verb'), sa.column('verb').in_(verbs))
        for name, words in staying.items() if sqlite else ():
            batch_op.create_check_constraint(op.f(name), sa.column(name.removeprefix('ck_events_')).in_(words))


def _checks():
    """The words each of the events' CHECKs lists, as the database has it."""
    found = sa.inspect(op.get_bind()).get_check_constraints('events')
    return {check['name']: re.findall(r"'([^']*)'", check['sqltext']) for check in found}
