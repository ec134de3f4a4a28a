"""A diary linked, changed or unlinked is on the trail

Revision: 0015, after 0014. 2026-11-24

Only the events' list of verbs changes: it is read from the database and added to, whatever other migrations have made
of it.
"""

from strategy.migrations import listed_words

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

VERBS = ('diary-changed',)


def upgrade():
    """Apply."""
    listed_words.add('events', 'verb', VERBS)


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    listed_words.take_away('events', 'verb', VERBS)
