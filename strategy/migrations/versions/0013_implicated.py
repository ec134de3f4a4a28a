"""Who is implicated in a contact, and whom it bars

Revision: 0013, after 0012. 2026-11-24

A table of its own; of ``events`` only the list of verbs changes: it is read from the database and added to, whatever
other migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

VERBS = ('conflict-changed', 'conflict-skipped')
_ONE = ' + '.join(f'CASE WHEN {one} IS NULL THEN 0 ELSE 1 END' for one in ('person_id', 'user_id', 'desk_id', 'name'))


def upgrade():
    """Apply."""
    op.create_table('implicated',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('desk_id', sa.Integer(), nullable=True),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('as_manager', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_by', sa.String(length=120), nullable=True),
    sa.Column('removed_reason', sa.Text(), nullable=True),
    sa.CheckConstraint(f'{_ONE} = 1', name=op.f('ck_implicated_exactly_one')),
    sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_implicated_agency_id_agencies')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_implicated_contact_id_contacts')),
    sa.ForeignKeyConstraint(['desk_id'], ['desks.id'], name=op.f('fk_implicated_desk_id_desks')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_implicated_person_id_people')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_implicated_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_implicated'))
    )
    op.create_index(op.f('ix_implicated_contact_id'), 'implicated', ['contact_id'])
    op.create_index(op.f('ix_implicated_user_id'), 'implicated', ['user_id'])
    listed_words.add('events', 'verb', VERBS)


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    listed_words.take_away('events', 'verb', VERBS)
    op.drop_table('implicated')
