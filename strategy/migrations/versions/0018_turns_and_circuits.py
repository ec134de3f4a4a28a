"""A phone's turns, receipts awaited, providers that are down

Revision: 0018, after 0017. 2026-11-24

Columns and a table are added; of ``events`` only the list of verbs changes: it is read from the database and added to,
whatever other migrations have made of it.
"""

import re

from alembic import op
import sqlalchemy as sa

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

VERBS = ('nobody-told',)


def upgrade():
    """Apply. The index the claim asks is made anew, as the claim asks now."""
    op.create_table('channel_circuits',
    sa.Column('channel', sa.Enum('email', 'sms', name='channel', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('quiet_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('probe_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('channel', name=op.f('pk_channel_circuits'))
    )
    op.add_column('messages', sa.Column('excused', sa.Integer(), server_default='0', nullable=False))
    op.add_column('messages', sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('messages', sa.Column('waits_for', sa.String(length=200), nullable=True))
    op.add_column('messages', sa.Column('awaits_receipt', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index('ix_messages_due', 'messages')
    op.create_index('ix_messages_due', 'messages', ['state', 'channel', 'urgent', 'id', 'not_before'])
    op.create_index('ix_messages_turns', 'messages', ['address', 'taken_at'])
    _replace_verbs(sorted({*_checks()['ck_events_verb'], *VERBS}))
    op.create_index('ix_events_invitation_id', 'events', ['invitation_id'])


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    op.drop_index('ix_events_invitation_id', 'events')
    op.execute(sa.text('DELETE FROM events WHERE verb IN :verbs').bindparams(sa.bindparam('verbs', VERBS, expanding=True)))
    _replace_verbs([verb for verb in _checks()['ck_events_verb'] if verb not in VERBS])
    op.drop_index('ix_messages_turns', 'messages')
    op.drop_index('ix_messages_due', 'messages')
    op.create_index('ix_messages_due', 'messages', ['state', 'not_before'])
    for column in ('awaits_receipt', 'waits_for', 'taken_at', 'excused'):
        op.drop_column('messages', column)
    op.drop_table('channel_circuits')


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
