"""Policies as versions that take effect on a day and can be taken back before it, and drafts of them

Revision: 0005, after 0004. 2026-11-24
"""

import re

from alembic import op
import sqlalchemy as sa

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

_VERBS = ('policy-published', 'policy-withdrawn')


def upgrade():
    """Apply."""
    op.create_table('policy_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.Column('newest', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_policy_drafts_authority_id_authorities')),
    sa.ForeignKeyConstraint(['base_id'], ['policy_versions.id'], name=op.f('fk_policy_drafts_base_id_policy_versions')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_policy_drafts_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_drafts')),
    sa.UniqueConstraint('authority_id', 'user_id', name=op.f('uq_policy_drafts_authority_id_user_id'))
    )
    op.add_column('policy_versions', sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
    _verbs(lambda known: [*known, *(verb for verb in _VERBS if verb not in known)])


def downgrade():
    """Take back."""
    words = ', '.join(f"'{verb}'" for verb in _VERBS)
    op.execute(f'DELETE FROM events WHERE verb IN ({words})')
    _verbs(lambda known: [verb for verb in known if verb not in _VERBS])
    op.execute('DELETE FROM policy_drafts')
    op.drop_table('policy_drafts')
    with op.batch_alter_table('policy_versions', schema=None) as batch_op:
        batch_op.drop_column('withdrawn_at')


def _verbs(changed):
    """Change the verbs that an event may have, whatever other migrations have added to them."""
    found = sa.inspect(op.get_bind()).get_check_constraints('events')
    condition = next(check['sqltext'] for check in found if check['name'] == 'ck_events_verb')
    words = ', '.join(f"'{verb}'" for verb in changed(re.findall(r"'([^']*)'", condition)))
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_events_verb'), type_='check')
        batch_op.create_check_constraint(op.f('ck_events_verb'), f'verb IN ({words})')
