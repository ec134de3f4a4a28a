"""An authority's own lines at the head and the foot of its mails

Revision: 0023, after 0022. 2026-11-24

Columns are added; of ``events`` only the list of verbs changes: it is read from the database and added to, whatever
other migrations have made of it.
"""

from alembic import op
import sqlalchemy as sa

from strategy.migrations import listed_words

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

VERBS = ('words-changed',)


def upgrade():
    """Apply."""
    op.add_column('authorities', sa.Column('mail_head', sa.String(length=120), nullable=True))
    op.add_column('authorities', sa.Column('mail_foot', sa.String(length=300), nullable=True))
    listed_words.add('events', 'verb', VERBS)


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    listed_words.take_away('events', 'verb', VERBS)
    op.drop_column('authorities', 'mail_foot')
    op.drop_column('authorities', 'mail_head')
