"""Desks have lines; being asked to two discussions at once is an event

Revision: 0006, after 0005. 2026-11-24

Of the events only the list of verbs changes: it is read from the database, whatever other migrations have added.
"""

import re

from alembic import op
import sqlalchemy as sa

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

_VERB = 'double-booked'


def upgrade():
    """Apply."""
    # never a batch: rows of other tables point at desks, and SQLite would drop the table to make it anew
    op.add_column('desks', sa.Column('lines', sa.Integer(), server_default='1', nullable=False))
    _allow([*_words()['ck_events_verb'], _VERB])


def downgrade():
    """Take back."""
    op.execute(sa.text(f"DELETE FROM events WHERE verb = '{_VERB}'"))
    _allow([verb for verb in _words()['ck_events_verb'] if verb != _VERB])
    op.drop_column('desks', 'lines')


def _words():
    """By the name of each CHECK of the events, the words in it."""
    checks = sa.inspect(op.get_bind()).get_check_constraints('events')
    return {check['name']: re.findall(r"'([^']*)'", check['sqltext']) for check in checks}


def _allow(verbs):
    """Replace the words an event's verb may be. SQLite makes the table anew, and must be told its other CHECK."""
    sqlite = op.get_bind().dialect.name == 'sqlite'
    via = sa.CheckConstraint(sa.column('via').in_(_words()['ck_events_via']), name=op.f('ck_events_via'))
    with op.batch_alter_table('events', schema=None, table_args=[via] if sqlite else []) as batch_op:
        if not sqlite:
            batch_op.drop_constraint(op.f('ck_events_verb'), type_='check')
        batch_op.create_check_constraint(op.f('ck_events_verb'), sa.column('verb').in_(list(dict.fromkeys(verbs))))
