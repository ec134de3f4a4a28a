"""Calendars to subscribe to

Revision: 0022, after 0021. 2026-11-24

A table is added; nothing else changes.
"""

from alembic import op
import sqlalchemy as sa

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade():
    """Apply."""
    op.create_table('calendar_feeds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('desk_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('made_by', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_by', sa.String(length=120), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(CASE WHEN desk_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_calendar_feeds_one_owner')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_calendar_feeds_authority_id_authorities')),
    sa.ForeignKeyConstraint(['desk_id'], ['desks.id'], name=op.f('fk_calendar_feeds_desk_id_desks')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_calendar_feeds_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feeds')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feeds_token_hash'))
    )
    for column in ('authority_id', 'desk_id', 'user_id'):
        op.create_index(op.f(f'ix_calendar_feeds_{column}'), 'calendar_feeds', [column])


def downgrade():
    """Take back: nobody can subscribe any more."""
    op.drop_table('calendar_feeds')
