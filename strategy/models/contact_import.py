"""Holds one list of open contacts from the case system: read, looked at, then brought in as a whole, or undone."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.contact import Contact
from strategy.models.user import User
from strategy.vocabulary import ImportState


class ContactImport(Base):
    """One file that was read. The file itself and its name are not kept, only what our columns say, encrypted.

    ``entries`` (JSON) goes when the import is confirmed, dropped or a day old; the counts stay.
    """

    __tablename__ = "contact_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[ImportState] = mapped_column(checked(ImportState, "state"), index=True)
    entries: Mapped[str | None] = mapped_column(EncryptedText)
    row_count: Mapped[int]
    added_count: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # confirmed
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=user_id)
    contacts: Mapped[list["ImportedContact"]] = relationship(
        back_populates="source", order_by="ImportedContact.contact_id"
    )


class ImportedContact(Base):
    """That a contact came with an import, and the revision it had then: at any other, something was done to it."""

    __tablename__ = "imported_contacts"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("contact_imports.id"), index=True)
    revision: Mapped[int]

    contact: Mapped[Contact] = relationship(back_populates="imported")
    source: Mapped[ContactImport] = relationship(back_populates="contacts")
