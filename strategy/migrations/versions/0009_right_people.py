"""Right people: exceptions, follow-ups, enquiries, agreements, restricted contacts

Revision: 0009, after 0008. 2026-11-24

Columns are added in place (SQLite would otherwise copy tables that others refer to); only ``events`` is copied, whose
list of verbs is read from the database and added to, whatever other migrations have made of it.
"""

import re
from datetime import UTC, datetime

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

VERBS = (
    'exception-recorded', 'follow-up-changed', 'agreement-recorded', 'enquiry-begun', 'enquiry-changed',
    'access-changed', 'delay-explained',
)
MODES = ('phone', 'video', 'in-person', 'series-of-calls')


def upgrade():
    """Apply."""
    op.execute(
        "ALTER TABLE discussions ADD COLUMN quorum_outcome VARCHAR(32) CONSTRAINT ck_discussions_quorum_outcome "
        "CHECK (quorum_outcome IN ('met', 'not-met', 'emergency-exception'))"
    )
    op.add_column('discussions', sa.Column('has_target', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('discussions', sa.Column('without_agreement_reason', sa.Text(), nullable=True))
    op.add_column('contacts', sa.Column('restricted', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index('ix_contacts_restricted', 'contacts', ['restricted'])
    _create_series()
    _create_managers()
    _create_restriction()
    _carry_over()
    listed_words.add('events', 'verb', VERBS)


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    listed_words.take_away('events', 'verb', VERBS)
    for table in (
        'contact_links', 'access_list', 'agreements', 'emergency_exceptions', 'enquiry_changes', 'enquiries', 'follow_ups',
    ):
        op.drop_table(table)
    op.drop_index('ix_contacts_restricted', table_name='contacts')
    op.drop_column('contacts', 'restricted')
    op.drop_column('discussions', 'without_agreement_reason')
    op.drop_column('discussions', 'has_target')
    op.drop_column('discussions', 'quorum_outcome')


def _create_series():
    op.create_table('follow_ups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('after_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('due', 'booked', 'held', 'not-needed', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('clock_started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('warn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rule', sa.String(length=200), nullable=False),
    sa.Column('rule_source', sa.String(length=400), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=120), nullable=True),
    sa.Column('ended_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['after_id'], ['discussions.id'], name=op.f('fk_follow_ups_after_id_discussions')),
    sa.ForeignKeyConstraint(['by_id'], ['discussions.id'], name=op.f('fk_follow_ups_by_id_discussions')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_follow_ups_contact_id_contacts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_ups')),
    sa.UniqueConstraint('after_id', name=op.f('uq_follow_ups_after_id'))
    )
    for column in ('by_id', 'contact_id', 'due_at', 'state'):
        op.create_index(op.f(f'ix_follow_ups_{column}'), 'follow_ups', [column], unique=False)
    op.create_table('enquiries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('discussion_id', sa.Integer(), nullable=False),
    sa.Column('clock_started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('warn_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('rule', sa.String(length=200), nullable=False),
    sa.Column('rule_source', sa.String(length=400), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_by', sa.String(length=120), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_enquiries_contact_id_contacts')),
    sa.ForeignKeyConstraint(['discussion_id'], ['discussions.id'], name=op.f('fk_enquiries_discussion_id_discussions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiries')),
    sa.UniqueConstraint('contact_id', name=op.f('uq_enquiries_contact_id'))
    )
    for column in ('discussion_id', 'due_on'):
        op.create_index(op.f(f'ix_enquiries_{column}'), 'enquiries', [column], unique=False)
    op.create_table('enquiry_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enquiry_id', sa.Integer(), nullable=False),
    sa.Column('from_id', sa.Integer(), nullable=False),
    sa.Column('to_id', sa.Integer(), nullable=False),
    sa.Column('due_before', sa.Date(), nullable=False),
    sa.Column('due_after', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['enquiry_id'], ['enquiries.id'], name=op.f('fk_enquiry_changes_enquiry_id_enquiries')),
    sa.ForeignKeyConstraint(['from_id'], ['discussions.id'], name=op.f('fk_enquiry_changes_from_id_discussions')),
    sa.ForeignKeyConstraint(['to_id'], ['discussions.id'], name=op.f('fk_enquiry_changes_to_id_discussions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiry_changes'))
    )
    op.create_index(op.f('ix_enquiry_changes_enquiry_id'), 'enquiry_changes', ['enquiry_id'], unique=False)


def _create_managers():
    op.create_table('emergency_exceptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('discussion_id', sa.Integer(), nullable=False),
    sa.Column('authoriser_id', sa.Integer(), nullable=False),
    sa.Column('authorised_by', sa.String(length=250), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('recorded_by', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['authoriser_id'], ['user.id'], name=op.f('fk_emergency_exceptions_authoriser_id_user')),
    sa.ForeignKeyConstraint(['discussion_id'], ['discussions.id'], name=op.f('fk_emergency_exceptions_discussion_id_discussions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_emergency_exceptions')),
    sa.UniqueConstraint('discussion_id', name=op.f('uq_emergency_exceptions_discussion_id'))
    )
    op.create_table('agreements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('discussion_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.Enum('social-care', 'partner', name='side', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('mode', sa.Enum(*MODES, name='mode', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.String(length=120), nullable=False),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=120), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['discussion_id'], ['discussions.id'], name=op.f('fk_agreements_discussion_id_discussions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreements')),
    sa.UniqueConstraint('discussion_id', 'side', 'mode', name=op.f('uq_agreements_discussion_id_side_mode'))
    )


def _create_restriction():
    op.create_table('access_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('added_by', sa.String(length=120), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_reason', sa.Text(), nullable=True),
    sa.Column('removed_by', sa.String(length=120), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_access_list_contact_id_contacts')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_access_list_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_list'))
    )
    for column in ('contact_id', 'user_id'):
        op.create_index(op.f(f'ix_access_list_{column}'), 'access_list', [column], unique=False)
    op.create_table('contact_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('origin_id', sa.Integer(), nullable=False),
    sa.Column('to_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['origin_id'], ['contacts.id'], name=op.f('fk_contact_links_origin_id_contacts')),
    sa.ForeignKeyConstraint(['to_id'], ['contacts.id'], name=op.f('fk_contact_links_to_id_contacts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_links')),
    sa.UniqueConstraint('origin_id', 'to_id', name=op.f('uq_contact_links_origin_id_to_id'))
    )
    op.create_index(op.f('ix_contact_links_to_id'), 'contact_links', ['to_id'], unique=False)


def _carry_over():
    """What was recorded before: quorum met or not, and the chair's dates for following up become follow-ups owed."""
    op.execute(
        "UPDATE discussions SET quorum_outcome = CASE WHEN quorum_met THEN 'met' ELSE 'not-met' END "
        "WHERE quorum_met IS NOT NULL"
    )
    carried = sa.text(
        "INSERT INTO follow_ups (contact_id, after_id, state, clock_started_at, due_at, rule, rule_source, urgent) "
        "SELECT contact_id, id, 'due', coalesce(started_at, starts_at), follow_up_at, 'The chair’s date', "
        "'Recorded as it ended', false FROM discussions "
        # what was due long ago was followed up, or not, outside: it is on the record, and owes nobody a list now
        "WHERE follow_up_at > :now AND quorum_met = false AND state IN ('held', 'signed')"
    ).bindparams(sa.bindparam('now', datetime.now(UTC), sa.DateTime(timezone=True)))
    op.execute(carried)
