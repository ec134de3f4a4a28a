"""Desks have lines; being asked to two discussions at once is an event

Revision: slots_desk_lines, after 0001. 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

revision = 'slots_desk_lines'
down_revision = '0001'
branch_labels = None
depends_on = None

_VERBS = ('clock-started', 'contact-decided', 'contact-not-needed', 'contact-changed', 'booked', 'invited', 'left-out', 'invitation-changed', 'withdrawn', 'waived', 'told', 'not-told', 'answered', 'climbed', 'rung-empty', 'call-asked', 'call-made', 'moved', 'stood-down', 'started', 'held', 'attendance-marked', 'information-shared', 'decision-recorded', 'action-recorded', 'action-changed', 'absence-explained', 'signed')
_NEW = 'double-booked'
_VIAS = ('staff', 'link', 'phone', 'sms', 'calendar', 'worker', 'command-line', 'provider')


def upgrade():
    """Apply."""
    # never a batch: rows of other tables point at desks, and SQLite would drop the table to make it anew
    op.add_column('desks', sa.Column('lines', sa.Integer(), server_default='1', nullable=False))
    _verbs((*_VERBS, _NEW))


def downgrade():
    """Take back."""
    op.execute(sa.text("UPDATE events SET verb = 'invitation-changed' WHERE verb = 'double-booked'"))
    _verbs(_VERBS)
    op.drop_column('desks', 'lines')


def _verbs(words):
    """Replace the words an event's verb may be. SQLite makes the table anew, and must be told its other CHECK."""
    via = sa.CheckConstraint(_among('via', _VIAS), name=op.f('ck_events_via'))
    sqlite = op.get_bind().dialect.name == 'sqlite'
    with op.batch_alter_table('events', schema=None, table_args=[via] if sqlite else []) as batch_op:
        if not sqlite:
            batch_op.drop_constraint(batch_op.f('ck_events_verb'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_events_verb'), _among('verb', words))


def _among(column, words):
    return f"{column} IN ({', '.join(repr(word) for word in words)})"
