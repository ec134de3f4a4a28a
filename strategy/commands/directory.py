"""Keeps agencies in the directory: added, edited, shared with other authorities, retired and taken back into use."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from strategy.act import Act, Refused
from strategy.commands import entries
from strategy.db import db
from strategy.models import Agency, Authority, Served
from strategy.vocabulary import Sector


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """An agency as it is typed or imported. ``serves`` are ids of authorities besides the one that keeps it."""

    name: str
    sector: Sector
    serves: Collection[int] = ()


def add(entry: AgencyEntry, keeper: Authority, act: Act) -> Agency:
    """A new agency, kept by that authority. Raises Refused ("name", "serves")."""
    name, others = _name(entry.name, keeper.id, None), _others(keeper.id, entry.serves)
    agency = Agency(authority=keeper, name=name, sector=entry.sector, active=True)
    agency.served = [Served(authority_id=one) for one in sorted(others)]
    db.session.add(agency)
    entries.note(agency, f"{name} added to the directory", act)
    return agency


def edit(agency: Agency, entry: AgencyEntry, act: Act) -> None:
    """Its name, sector and whom it serves. Raises Refused as ``add`` does."""
    others = _others(agency.authority_id, entry.serves)
    agency.name = _name(entry.name, agency.authority_id, agency)
    agency.sector = entry.sector
    had = {one.authority_id: one for one in agency.served}
    agency.served = [had.get(one) or Served(authority_id=one) for one in sorted(others)]
    shared = len(agency.served)
    also = f", serves {shared} other {'authority' if shared == 1 else 'authorities'}" if shared else ""
    entries.note(agency, f"{agency.name}: name, sector or authorities served changed{also}", act)


def retire(agency: Agency, act: Act) -> None:
    """Take it out of use: no longer suggested, asked or climbed. Nothing is deleted. Raises Refused when it is."""
    if not agency.active:
        raise Refused(f"{agency.name} is out of use already")
    agency.active = False
    entries.note(agency, f"{agency.name} taken out of use", act)


def reactivate(agency: Agency, act: Act) -> None:
    """Undo ``retire``. Raises Refused when it is in use."""
    if agency.active:
        raise Refused(f"{agency.name} is in use already")
    _name(agency.name, agency.authority_id, agency)
    agency.active = True
    entries.note(agency, f"{agency.name} taken back into use", act)


def leave(agency: Agency, authority: Authority, act: Act) -> None:
    """Let an authority that does not keep the entry stop using it. Raises Refused for its keeper."""
    found = next((one for one in agency.served if one.authority_id == authority.id), None)
    if found is None:
        raise Refused(f"{agency.name} is not an entry another authority shares with you")
    agency.served.remove(found)
    entries.note(agency, f"{authority.name} no longer uses the entry of {agency.name}", act)


def _name(typed: str, keeper_id: int, agency: Agency | None) -> str:
    """The name, unless an agency in use that serves the keeper has it: two entries would be asked as one."""
    name = entries.named(typed, "name", "Enter the agency's name")
    same = select(Agency).where(
        Agency.serving(keeper_id), Agency.active.is_(True), func.lower(Agency.name) == name.lower()
    )
    found = next((one for one in db.session.scalars(same) if agency is None or one.id != agency.id), None)
    if found is not None:
        kept = "" if found.authority_id == keeper_id else f", kept by {found.authority.name}"
        raise Refused(f"{found.name} is in the directory already{kept}", "name")
    return name


def _others(keeper_id: int, wanted: Collection[int]) -> set[int]:
    """The authorities served besides the keeper."""
    others = set(wanted) - {keeper_id}
    known = set(db.session.scalars(select(Authority.id).where(Authority.id.in_(others))))
    if others - known:
        raise Refused("Choose authorities from the list", "serves")
    return others
