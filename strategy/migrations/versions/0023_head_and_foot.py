"""An authority's own lines at the head and the foot of its mails

Revision: 0023, after 0022. 2026-11-24

Columns are added; of ``events`` only the list of verbs changes: it is read from the database and added to, whatever
other migrations have made of it.
"""

import re

from alembic import op
import sqlalchemy as sa

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

VERBS = ('words-changed',)


def upgrade():
    """Apply."""
    op.add_column('authorities', sa.Column('mail_head', sa.String(length=120), nullable=True))
    op.add_column('authorities', sa.Column('mail_foot', sa.String(length=300), nullable=True))
    _replace_verbs(sorted({*_checks()['ck_events_verb'], *VERBS}))


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.execute(sa.text('DELETE FROM events WHERE verb IN :verbs').bindparams(sa.bindparam('verbs', VERBS, expanding=True)))
    _replace_verbs([verb for verb in _checks()['ck_events_verb'] if verb not in VERBS])
    op.drop_column('authorities', 'mail_foot')
    op.drop_column('authorities', 'mail_head')


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
