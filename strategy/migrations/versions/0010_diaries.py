"""Diaries, and the busy times read from them

Revision: 0010, after 0009. 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    """Apply."""
    op.create_table('diaries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('desk_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('ical', 'caldav', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('username', sa.Text(), nullable=True),
    sa.Column('password', sa.Text(), nullable=True),
    sa.Column('linked_by', sa.String(length=120), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('spans', sa.JSON(), nullable=False),
    sa.Column('skipped', sa.Integer(), nullable=False),
    sa.Column('known_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('etag', sa.String(length=200), nullable=True),
    sa.Column('modified', sa.String(length=200), nullable=True),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('problem', sa.String(length=300), nullable=True),
    sa.CheckConstraint('(CASE WHEN desk_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_diaries_one_owner')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_diaries_authority_id_authorities')),
    sa.ForeignKeyConstraint(['desk_id'], ['desks.id'], name=op.f('fk_diaries_desk_id_desks')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_diaries_person_id_people')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_diaries_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_diaries'))
    )
    with op.batch_alter_table('diaries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_diaries_authority_id'), ['authority_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_diaries_desk_id'), ['desk_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_diaries_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_diaries_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_diaries_user_id'), ['user_id'], unique=False)



def downgrade():
    """Take back."""
    with op.batch_alter_table('diaries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_diaries_user_id'))
        batch_op.drop_index(batch_op.f('ix_diaries_person_id'))
        batch_op.drop_index(batch_op.f('ix_diaries_due_at'))
        batch_op.drop_index(batch_op.f('ix_diaries_desk_id'))
        batch_op.drop_index(batch_op.f('ix_diaries_authority_id'))

    op.drop_table('diaries')
