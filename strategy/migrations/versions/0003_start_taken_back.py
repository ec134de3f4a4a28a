"""A start that was taken back, a time that passed

Revision: 0003, after 0002. 2026-11-24

Only the events' list of verbs changes: it is read from the database and added to, whatever other migrations have made
of it.
"""

from strategy.migrations import listed_words

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

VERBS = ('start-taken-back', 'time-passed')


def upgrade():
    """Apply."""
    listed_words.add('events', 'verb', VERBS)


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    listed_words.take_away('events', 'verb', VERBS)
