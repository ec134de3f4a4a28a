"""An authority's own wording of messages, version by version, and the draft of the next

Revision: 0025, after 0024. 2026-11-24

Two tables are added; nothing else changes.
"""

from alembic import op
import sqlalchemy as sa

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade():
    """Apply. Every message keeps our words until an authority uses its own."""
    op.create_table('wording_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=True),
    sa.Column('mail', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('author', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_wording_versions_authority_id_authorities')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wording_versions')),
    sa.UniqueConstraint('authority_id', 'name', 'number', name=op.f('uq_wording_versions_authority_id_name_number'))
    )
    op.create_table('wording_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('newest', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('mail', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=120), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_wording_drafts_authority_id_authorities')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wording_drafts')),
    sa.UniqueConstraint('authority_id', 'name', name=op.f('uq_wording_drafts_authority_id_name'))
    )


def downgrade():
    """Take back: what authorities worded themselves is lost, and every message has our words again."""
    op.drop_table('wording_drafts')
    op.drop_table('wording_versions')
