"""Which invitations went to whoever covered for the person asked

Revision: 0016, after 0015. 2026-11-24

Those made before say it only in their words; one whose address was corrected since is left as it is.
"""

from alembic import op
import sqlalchemy as sa

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

_BEFORE = """UPDATE invitations SET covered = true
    WHERE person_id IS NOT NULL AND generation = 1 AND invitee LIKE '%(covers for %'"""


def upgrade():
    """Apply."""
    # never a batch: rows of other tables point at invitations, and SQLite would drop the table to make it anew
    op.add_column('invitations', sa.Column('covered', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(_BEFORE)


def downgrade():
    """Take back."""
    op.drop_column('invitations', 'covered')
