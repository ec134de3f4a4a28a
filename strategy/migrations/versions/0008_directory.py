"""Directory: agencies serving several authorities, standing deputies, times away, terms, verification

Revision: 0008, after 0007. 2026-11-24
"""

import re

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

NEW_VERBS = ("directory-changed", "away", "verified")
NEW_REASONS = ("verification",)
STATES = ("asked", "confirmed", "changed", "left", "accepted", "declined")


def upgrade():
    """Apply. Nothing to fill in: an agency serves the authority that keeps it, as it did."""
    verbs, reasons = _words("events", "verb") + NEW_VERBS, _words("messages", "reason") + NEW_REASONS
    _new_tables()
    with op.batch_alter_table("desks") as batch:
        _entry_columns(batch, "desks")
    with op.batch_alter_table("people") as batch:
        _entry_columns(batch, "people")
        batch.add_column(sa.Column("rung_order", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("deputy_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_people_deputy_id_people"), "people", ["deputy_id"], ["id"])
    with op.batch_alter_table("events") as batch:
        _allow(batch, "events", "verb", verbs)
        batch.add_column(sa.Column("agency_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_events_agency_id_agencies"), "agencies", ["agency_id"], ["id"])
        batch.create_index(batch.f("ix_events_agency_id"), ["agency_id"])
    with op.batch_alter_table("messages") as batch:
        _allow(batch, "messages", "reason", reasons)
        batch.add_column(sa.Column("verification_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_messages_verification_id_verifications"), "verifications", ["verification_id"], ["id"]
        )
        batch.create_index(batch.f("ix_messages_verification_id"), ["verification_id"])


def downgrade():
    """Take back: what only the newer schema can say is lost."""
    verbs = tuple(word for word in _words("events", "verb") if word not in NEW_VERBS)
    reasons = tuple(word for word in _words("messages", "reason") if word not in NEW_REASONS)
    op.execute("DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM messages WHERE reason = 'verification')")
    op.execute("DELETE FROM messages WHERE reason = 'verification'")
    op.execute("DELETE FROM events WHERE verb IN ('directory-changed', 'away', 'verified')")
    with op.batch_alter_table("messages") as batch:
        _allow(batch, "messages", "reason", reasons)
        batch.drop_index(batch.f("ix_messages_verification_id"))
        batch.drop_constraint(op.f("fk_messages_verification_id_verifications"), type_="foreignkey")
        batch.drop_column("verification_id")
    with op.batch_alter_table("events") as batch:
        _allow(batch, "events", "verb", verbs)
        batch.drop_index(batch.f("ix_events_agency_id"))
        batch.drop_constraint(op.f("fk_events_agency_id_agencies"), type_="foreignkey")
        batch.drop_column("agency_id")
    for table in ("verifications", "verification_rounds", "holiday_covers", "terms", "aways", "agencies_served"):
        op.drop_table(table)
    with op.batch_alter_table("people") as batch:
        batch.drop_constraint(op.f("fk_people_deputy_id_people"), type_="foreignkey")
        batch.drop_column("deputy_id")
        batch.drop_column("rung_order")
        _drop_entry_columns(batch, "people")
    with op.batch_alter_table("desks") as batch:
        _drop_entry_columns(batch, "desks")


def _new_tables():
    op.create_table(
        "agencies_served",
        _points("agency_id", "agencies_served", "agencies"),
        _points("authority_id", "agencies_served", "authorities"),
        sa.PrimaryKeyConstraint("agency_id", "authority_id", name=op.f("pk_agencies_served")),
    )
    op.create_index(op.f("ix_agencies_served_authority_id"), "agencies_served", ["authority_id"])
    op.create_table(
        "aways",
        sa.Column("id", sa.Integer(), nullable=False),
        _points("person_id", "aways", "people"),
        _moment("starts_at"),
        _moment("ends_at"),
        _points("cover_id", "aways", "people", nullable=True),
        sa.Column("cover_name", sa.String(120), nullable=True),
        sa.Column("cover_email", sa.String(254), nullable=True),
        sa.Column("cover_phone", sa.String(32), nullable=True),
        _moment("entered_at"),
        sa.Column("entered_by", sa.String(120), nullable=False),
        _moment("taken_back_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aways")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_aways_ends_after_start")),
    )
    op.create_index(op.f("ix_aways_person_id"), "aways", ["person_id"])
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        _points("agency_id", "terms", "agencies"),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_terms_ends_after_start")),
    )
    op.create_index(op.f("ix_terms_agency_id"), "terms", ["agency_id"])
    op.create_table(
        "holiday_covers",
        _points("agency_id", "holiday_covers", "agencies"),
        _points("desk_id", "holiday_covers", "desks", nullable=True),
        _points("person_id", "holiday_covers", "people", nullable=True),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_holiday_covers")),
        sa.CheckConstraint("(desk_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_holiday_covers_one")),
    )
    op.create_table(
        "verification_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        _points("authority_id", "verification_rounds", "authorities"),
        sa.Column("whom", sa.String(200), nullable=False),
        _moment("started_at"),
        sa.Column("started_by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_rounds")),
    )
    op.create_index(op.f("ix_verification_rounds_authority_id"), "verification_rounds", ["authority_id"])
    _verifications()


def _verifications():
    op.create_table(
        "verifications",
        sa.Column("id", sa.Integer(), nullable=False),
        _points("round_id", "verifications", "verification_rounds", nullable=True),
        _points("agency_id", "verifications", "agencies"),
        _points("desk_id", "verifications", "desks", nullable=True),
        _points("person_id", "verifications", "people", nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("proposed", sa.JSON(), nullable=False),
        _moment("asked_at"),
        _moment("answered_at", nullable=True),
        _moment("decided_at", nullable=True),
        sa.Column("decided_by", sa.String(120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
        sa.CheckConstraint("(desk_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_verifications_one")),
        _one_of("verifications", "state", STATES),
    )
    for column in ("round_id", "agency_id", "desk_id", "person_id"):
        op.create_index(op.f(f"ix_verifications_{column}"), "verifications", [column])


def _entry_columns(batch, table):
    batch.add_column(_moment("verified_at", nullable=True))
    batch.add_column(_moment("opted_out_at", nullable=True))
    batch.add_column(sa.Column("link_generation", sa.Integer(), nullable=False, server_default="1"))
    batch.add_column(sa.Column("link_hash", sa.String(64), nullable=True))
    batch.create_unique_constraint(op.f(f"uq_{table}_link_hash"), ["link_hash"])


def _drop_entry_columns(batch, table):
    batch.drop_constraint(op.f(f"uq_{table}_link_hash"), type_="unique")
    for column in ("link_hash", "link_generation", "opted_out_at", "verified_at"):
        batch.drop_column(column)


def _words(table, column):
    """The words the column may hold now, whichever migrations came before this one."""
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    found = next(check for check in checks if check["name"] == f"ck_{table}_{column}")
    return tuple(re.findall(r"'([^']*)'", found["sqltext"]))


def _allow(batch, table, column, values):
    """Let the column hold those words and no others."""
    words = ", ".join(f"'{value}'" for value in values)
    batch.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
    batch.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} IN ({words})")


def _one_of(table, column, values):
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({words})", name=op.f(f"ck_{table}_{column}"))


def _points(column, table, target, nullable=False):
    """A column that points at another table's id (its first column)."""
    key = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{column}_{target}"))
    return sa.Column(column, sa.Integer(), key, nullable=nullable)


def _moment(column, nullable=False):
    return sa.Column(column, sa.DateTime(timezone=True), nullable=nullable)
