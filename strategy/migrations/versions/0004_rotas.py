"""Rotas: shifts, overrides, imported rotas, and the events that tell of them

Revision: 0004, after 0003. 2026-11-24
"""

import re

from alembic import op
import sqlalchemy as sa

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

VERBS = ('rota-changed', 'rota-imported', 'rota-import-undone')


def upgrade():
    """Apply."""
    op.create_table('shifts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('desk_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.Column('weekdays', sa.JSON(), nullable=False),
    sa.Column('every_weeks', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.CheckConstraint('every_weeks >= 1 AND every_weeks <= 52', name=op.f('ck_shifts_every_weeks')),
    sa.ForeignKeyConstraint(['desk_id'], ['desks.id'], name=op.f('fk_shifts_desk_id_desks')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_shifts_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shifts'))
    )
    op.create_index(op.f('ix_shifts_desk_id'), 'shifts', ['desk_id'], unique=False)
    op.create_table('rota_overrides',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('desk_id', sa.Integer(), nullable=False),
    sa.Column('instead_of_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_rota_overrides_span')),
    sa.ForeignKeyConstraint(['desk_id'], ['desks.id'], name=op.f('fk_rota_overrides_desk_id_desks')),
    sa.ForeignKeyConstraint(['instead_of_id'], ['people.id'], name=op.f('fk_rota_overrides_instead_of_id_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_rota_overrides_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rota_overrides'))
    )
    op.create_index(op.f('ix_rota_overrides_desk_id'), 'rota_overrides', ['desk_id'], unique=False)
    op.create_table('rota_imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('desk_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('whole', sa.Boolean(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.Column('not_understood', sa.Text(), nullable=True),
    sa.Column('read_by', sa.String(length=120), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['desk_id'], ['desks.id'], name=op.f('fk_rota_imports_desk_id_desks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rota_imports')),
    sa.UniqueConstraint('desk_id', 'place', name=op.f('uq_rota_imports_desk_id_place'))
    )
    op.create_table('rota_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=255), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['rota_imports.id'], name=op.f('fk_rota_events_import_id_rota_imports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rota_events')),
    sa.UniqueConstraint('import_id', 'uid', name=op.f('uq_rota_events_import_id_uid'))
    )
    op.create_index(op.f('ix_rota_events_uid'), 'rota_events', ['uid'], unique=False)
    op.create_table('rota_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rota_events.id'], name=op.f('fk_rota_entries_event_id_rota_events')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_rota_entries_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rota_entries'))
    )
    op.create_index(op.f('ix_rota_entries_event_id'), 'rota_entries', ['event_id'], unique=False)
    op.create_index(op.f('ix_rota_entries_ends_at'), 'rota_entries', ['ends_at'], unique=False)
    _allow([*_verbs(), *VERBS])


def downgrade():
    """Take back; what was told of rotas goes with them."""
    op.execute(sa.text("DELETE FROM events WHERE verb IN :verbs").bindparams(sa.bindparam('verbs', VERBS, expanding=True)))
    _allow([verb for verb in _verbs() if verb not in VERBS])
    for table in ('rota_entries', 'rota_events', 'rota_imports', 'rota_overrides', 'shifts'):
        op.drop_table(table)


def _verbs():
    """The verbs events may have now: other changes add theirs, before this one or after it."""
    checks = sa.inspect(op.get_bind()).get_check_constraints('events')
    return re.findall(r"'([^']*)'", next(check['sqltext'] for check in checks if check['name'] == 'ck_events_verb'))


def _allow(verbs):
    condition = "verb IN ({})".format(", ".join(f"'{verb}'" for verb in dict.fromkeys(verbs)))
    with op.batch_alter_table('events') as batch_op:
        batch_op.drop_constraint(op.f('ck_events_verb'), type_='check')
        batch_op.create_check_constraint(op.f('ck_events_verb'), condition)
