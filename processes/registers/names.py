"""From what people write to the keys of people, units and seats, and back to their names."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.fields import Fault, Field, FieldKind, Value, items_of
from processes.registers.seats import find_seat
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.domain.organization import UnitPath, resolve_unit
from service.procedure import barred_by, people_names, staff_named, unit_names, unit_paths


class Names:
    """Reads what is written in fields; units are read once."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session = session
        self._actor = actor

    @cached_property
    def tied(self) -> frozenset[str]:
        """The actor, and whom they are tied to by what is declared now."""
        return frozenset(barred_by(self._session, [self._actor.username]))

    def resolved(self, field: Field, value: Value | Fault) -> Value | Fault:
        """Return the key that a value means, or why it means none."""
        if not isinstance(value, str) or not value:
            return value
        match field.kind:
            case FieldKind.PERSON:
                return self._person(field, value)
            case FieldKind.UNIT:
                return self._unit(field, value)
            case FieldKind.SEAT:
                seat = find_seat(value)
                return _no_seat(field, value) if seat is None else seat.name
            case FieldKind.SEATS:
                return _seats(field, value)
        return value

    def _person(self, field: Field, text: str) -> Value | Fault:
        found = staff_named(self._session, actor=self._actor, text=text)
        if not found:
            return Fault(
                field.key, "没有这个人，或者账号已经停用；请填用户名，没有账号的请管理员建立"
            )
        if len(found) > 1:
            return Fault(
                field.key, f"同名的有 {'、'.join(one.username for one in found)}，请填用户名"
            )
        return found[0].username

    def _unit(self, field: Field, text: str) -> Value | Fault:
        try:
            return resolve_unit(text, self._units)
        except JiaoyanError as refusal:
            return Fault(field.key, refusal.message.removesuffix("。"))

    @cached_property
    def _units(self) -> list[UnitPath]:
        return unit_paths(self._session)


def _no_seat(field: Field, text: str) -> Fault:
    return Fault(field.key, f"没有“{text[:30]}”这个学段学科；请写如 小学语文、跨学段音乐")


def _seats(field: Field, text: str) -> Value | Fault:
    named: list[str] = []
    for item in items_of(text):
        seat = find_seat(item)
        if seat is None:
            return _no_seat(field, item)
        named.append(seat.name)
    return "、".join(dict.fromkeys(named))


def names_of(
    session: Session, usernames: Iterable[str], units: Iterable[str] = ()
) -> Mapping[str, str]:
    """Return the names of these people and units by key; two statements."""
    people, places = people_names(), unit_names()
    wanted, at = sorted(set(usernames)), sorted(set(units))
    found: dict[str, str] = {}
    if wanted:
        which = people.c.username.in_(wanted)
        rows = session.execute(select(people.c.username, people.c.display_name).where(which))
        found |= {row.username: row.display_name for row in rows}
    if at:
        rows = session.execute(select(places.c.id, places.c.name).where(places.c.id.in_(at)))
        found |= {row[0]: row[1] for row in rows}
    return found
