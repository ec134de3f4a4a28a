"""Other times partners offer, and the events that tell of them

Revision: 0011, after 0010. 2026-11-24

Of the events only the list of verbs changes: it is read from the database, whatever other migrations have added.
"""

import re

from alembic import op
import sqlalchemy as sa

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

VERBS = ('times-offered', 'offer-taken-back')


def upgrade():
    """Apply."""
    op.create_table('proposed_windows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('by_role', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_proposed_windows_span')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_proposed_windows_invitation_id_invitations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposed_windows'))
    )
    op.create_index(op.f('ix_proposed_windows_invitation_id'), 'proposed_windows', ['invitation_id'], unique=False)
    _allow([*_words()['ck_events_verb'], *VERBS])


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.execute(sa.text('DELETE FROM events WHERE verb IN :verbs').bindparams(sa.bindparam('verbs', VERBS, expanding=True)))
    _allow([verb for verb in _words()['ck_events_verb'] if verb not in VERBS])
    op.drop_index(op.f('ix_proposed_windows_invitation_id'), table_name='proposed_windows')
    op.drop_table('proposed_windows')


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
