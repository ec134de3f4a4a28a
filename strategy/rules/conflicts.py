"""Holds who can neither be asked nor told about a contact: as ids and addresses. Who that is, people say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Those named as implicated in one contact, and the line managers named with them (domain section 4).

    ``addresses`` are where they read: their own email and mobile, and all of a desk they read, as ``address`` makes
    them. ``agencies`` are those at which somebody implicated works who is not in the directory; ``names`` are all
    their names in small letters, for what people type.
    """

    people: frozenset[int] = frozenset()
    desks: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()
    addresses: frozenset[str] = frozenset()
    agencies: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anybody is named."""
        return bool(self.people or self.desks or self.users or self.agencies)

    def read(self, *given: str | None) -> bool:
        """Whether one of them reads what goes to any of these addresses."""
        return any(address(one) in self.addresses for one in given if one)

    def person(self, person_id: int | None, *given: str | None) -> bool:
        """Whether this is one of them, or is reached where one of them reads."""
        return person_id in self.people or self.read(*given)

    def desk(self, desk_id: int | None, *given: str | None) -> bool:
        """Whether one of them reads what goes to this desk."""
        return desk_id in self.desks or self.read(*given)

    def named(self, typed: str | None) -> bool:
        """Whether a typed name is that of one of them."""
        return bool(typed) and name(typed or "") in self.names


NOBODY = Conflicts()


def address(given: str) -> str:
    """An email or number as it is compared."""
    return given.strip().casefold()


def name(given: str) -> str:
    """A name as it is compared."""
    return " ".join(given.split()).casefold()
