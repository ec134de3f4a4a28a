"""Contacts handed over, said more of, brought in from the case system; what partners ask for

Revision: 0007, after 0006. 2026-11-24
"""

import re

from alembic import op
import sqlalchemy as sa

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

VERBS = (
    'contact-imported', 'handed-over', 'handover-accepted', 'handover-declined', 'taken-over', 'partner-asked',
    'request-claimed', 'request-released', 'request-closed',
)
REASONS = ('handover', 'handed-back', 'partner-asks')


def _words(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _allowed(table, column):
    """The words a CHECK allows now, whichever migrations came before this one."""
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    found = next(check for check in checks if check['name'] == f'ck_{table}_{column}')
    return re.findall(r"'([^']*)'", found['sqltext'])


def _check(batch_op, table, column, words):
    name = op.f(f'ck_{table}_{column}')
    batch_op.drop_constraint(name, type_='check')
    batch_op.create_check_constraint(name, sa.column(column).in_(words))


def upgrade():
    """Apply."""
    with op.batch_alter_table('authorities') as batch_op:
        batch_op.add_column(sa.Column('duty_email', sa.String(length=254), nullable=True))

    op.create_table('contact_facts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('document', sa.String(length=120), nullable=True),
    sa.Column('level', sa.String(length=40), nullable=True),
    sa.Column('threshold_why', sa.Text(), nullable=True),
    sa.Column('family_told', _words('yes', 'no', 'unsafe', name='family_told'), nullable=True),
    sa.Column('family_why', sa.Text(), nullable=True),
    sa.Column('said_by', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_contact_facts_contact_id_contacts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_facts'))
    )
    op.create_index(op.f('ix_contact_facts_contact_id'), 'contact_facts', ['contact_id'])

    op.create_table('handovers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('giver_id', sa.Integer(), nullable=False),
    sa.Column('receiver_id', sa.Integer(), nullable=False),
    sa.Column('state', _words('given', 'accepted', 'declined', 'taken-over', 'ended', name='state'), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_handovers_contact_id_contacts')),
    sa.ForeignKeyConstraint(['giver_id'], ['user.id'], name=op.f('fk_handovers_giver_id_user')),
    sa.ForeignKeyConstraint(['receiver_id'], ['user.id'], name=op.f('fk_handovers_receiver_id_user')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['user.id'], name=op.f('fk_handovers_ended_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers'))
    )
    op.create_index(op.f('ix_handovers_contact_id'), 'handovers', ['contact_id'])
    op.create_index('ix_handovers_receiver_id_state', 'handovers', ['receiver_id', 'state'])

    op.create_table('contact_imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('state', _words('read', 'done', 'dropped', 'undone', name='state'), nullable=False),
    sa.Column('entries', sa.Text(), nullable=True),
    sa.Column('row_count', sa.Integer(), nullable=False),
    sa.Column('added_count', sa.Integer(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_contact_imports_authority_id_authorities')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_contact_imports_user_id_user')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['user.id'], name=op.f('fk_contact_imports_undone_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_imports'))
    )
    op.create_index(op.f('ix_contact_imports_authority_id'), 'contact_imports', ['authority_id'])
    op.create_index(op.f('ix_contact_imports_state'), 'contact_imports', ['state'])

    op.create_table('imported_contacts',
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_imported_contacts_contact_id_contacts')),
    sa.ForeignKeyConstraint(['import_id'], ['contact_imports.id'], name=op.f('fk_imported_contacts_import_id_contact_imports')),
    sa.PrimaryKeyConstraint('contact_id', name=op.f('pk_imported_contacts'))
    )
    op.create_index(op.f('ix_imported_contacts_import_id'), 'imported_contacts', ['import_id'])

    op.create_table('partner_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=8), nullable=False),
    sa.Column('asks_for', _words('discussion', 'social-worker', name='asks_for'), nullable=False),
    sa.Column('soon', _words('now', 'today', 'tomorrow', 'this-week', name='soon'), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('agency', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', _words('open', 'claimed', 'closed', name='state'), nullable=False),
    sa.Column('claimed_by_id', sa.Integer(), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', _words('rang-back', 'contact-started', 'advice-given', 'no-action', name='outcome'), nullable=True),
    sa.Column('outcome_words', sa.Text(), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_partner_requests_authority_id_authorities')),
    sa.ForeignKeyConstraint(['claimed_by_id'], ['user.id'], name=op.f('fk_partner_requests_claimed_by_id_user')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['user.id'], name=op.f('fk_partner_requests_closed_by_id_user')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_partner_requests_contact_id_contacts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_requests')),
    sa.UniqueConstraint('authority_id', 'reference', name=op.f('uq_partner_requests_authority_id_reference'))
    )
    op.create_index(op.f('ix_partner_requests_asked_at'), 'partner_requests', ['asked_at'])
    op.create_index(op.f('ix_partner_requests_contact_id'), 'partner_requests', ['contact_id'])
    op.create_index(op.f('ix_partner_requests_state'), 'partner_requests', ['state'])

    allowed = [*_allowed('events', 'verb'), *VERBS]
    with op.batch_alter_table('events') as batch_op:
        batch_op.add_column(sa.Column('partner_request_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_events_partner_request_id_partner_requests'), 'partner_requests', ['partner_request_id'], ['id']
        )
        batch_op.create_index(op.f('ix_events_partner_request_id'), ['partner_request_id'])
        _check(batch_op, 'events', 'verb', allowed)

    allowed = [*_allowed('messages', 'reason'), *REASONS]
    with op.batch_alter_table('messages') as batch_op:
        batch_op.add_column(sa.Column('contact_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('partner_request_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_messages_contact_id_contacts'), 'contacts', ['contact_id'], ['id'])
        batch_op.create_foreign_key(
            op.f('fk_messages_partner_request_id_partner_requests'), 'partner_requests', ['partner_request_id'], ['id']
        )
        batch_op.create_index(op.f('ix_messages_contact_id'), ['contact_id'])
        batch_op.create_index(op.f('ix_messages_partner_request_id'), ['partner_request_id'])
        _check(batch_op, 'messages', 'reason', allowed)


def downgrade():
    """Take back: what only the newer schema can say goes with it."""
    old = sa.column('message_id').in_(sa.text(f"SELECT id FROM messages WHERE reason IN {REASONS}"))
    op.execute(sa.table('message_attempts', sa.column('message_id')).delete().where(old))
    op.execute(sa.table('messages', sa.column('reason')).delete().where(sa.column('reason').in_(REASONS)))
    op.execute(sa.table('events', sa.column('verb')).delete().where(sa.column('verb').in_(VERBS)))

    allowed = [word for word in _allowed('messages', 'reason') if word not in REASONS]
    with op.batch_alter_table('messages') as batch_op:
        _check(batch_op, 'messages', 'reason', allowed)
        batch_op.drop_index(op.f('ix_messages_partner_request_id'))
        batch_op.drop_index(op.f('ix_messages_contact_id'))
        batch_op.drop_constraint(op.f('fk_messages_partner_request_id_partner_requests'), type_='foreignkey')
        batch_op.drop_constraint(op.f('fk_messages_contact_id_contacts'), type_='foreignkey')
        batch_op.drop_column('partner_request_id')
        batch_op.drop_column('contact_id')

    allowed = [word for word in _allowed('events', 'verb') if word not in VERBS]
    with op.batch_alter_table('events') as batch_op:
        _check(batch_op, 'events', 'verb', allowed)
        batch_op.drop_index(op.f('ix_events_partner_request_id'))
        batch_op.drop_constraint(op.f('fk_events_partner_request_id_partner_requests'), type_='foreignkey')
        batch_op.drop_column('partner_request_id')

    for table in ('partner_requests', 'imported_contacts', 'contact_imports', 'handovers', 'contact_facts'):
        op.drop_table(table)
    with op.batch_alter_table('authorities') as batch_op:
        batch_op.drop_column('duty_email')
