"""Behind the second step: codes that did not arrive

Revision: behind, after 0024. 2026-11-24

Of ``events`` only a list of words changes: it is read from the database and added to, whatever other migrations have
made of it.
"""

from strategy.migrations import listed_words

revision = 'behind'
down_revision = '0024'
branch_labels = None
depends_on = None

WORDS = {
    ('events', 'verb'): ('code-lost',),
}


def upgrade():
    """Apply."""
    for (table, column), words in WORDS.items():
        listed_words.add(table, column, words)


def downgrade():
    """Take back. What only the newer schema can say is lost."""
    for (table, column), words in WORDS.items():
        listed_words.take_away(table, column, words)
