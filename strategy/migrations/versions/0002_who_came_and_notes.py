"""Who was there by name, and notes typed on the page of a discussion that are not in its record yet

Revision: 0002, after 0001. 2026-11-22
"""

from alembic import op
import sqlalchemy as sa

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    """Apply. Who was marked as there before was shown by the name announced, and stays so."""
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('came_name', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('came_role', sa.String(length=120), nullable=True))
    op.execute(
        "UPDATE invitations SET came_name = attendee_name, came_role = attendee_role "
        "WHERE attendance IN ('attended', 'attended-in-part', 'deputy-attended')"
    )
    op.create_table('notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('discussion_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('typed', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['discussion_id'], ['discussions.id'], name=op.f('fk_notes_discussion_id_discussions')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_notes_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notes')),
    sa.UniqueConstraint('discussion_id', 'user_id', name=op.f('uq_notes_discussion_id_user_id'))
    )


def downgrade():
    """Take back."""
    op.drop_table('notes')
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_column('came_role')
        batch_op.drop_column('came_name')
