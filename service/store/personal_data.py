"""Where personal data is sealed for, within what it is unique, and how lists read it: masked."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.accounts import PersonKind
from service.domain.personal_data import PersonalKind, masked
from service.store.sealing import DataKeys
from service.store.tables import PersonalDatum

Masked = Mapping[PersonalKind, str]
"""What is recorded of one person, masked."""


def place_of(username: str, kind: str) -> str:
    """Return what a value of this person is bound to when it is sealed."""
    return f"{kind}/{username}"


def scope_of(person_kind: str, kind: str) -> str:
    """Return within what a value is unique: among staff, or among people from outside.

    The same human being may work here and apply from outside.
    """
    return f"{PersonKind(person_kind)}/{PersonalKind(kind)}"


def masked_values(
    session: Session, data_keys: DataKeys, usernames: Collection[str]
) -> Mapping[str, Masked]:
    """Return what is recorded of these people, masked: one statement.

    Raises DataKeyMissing, SealBroken.
    """
    found: dict[str, dict[PersonalKind, str]] = {username: {} for username in usernames}
    rows = select(PersonalDatum.username, PersonalDatum.kind, PersonalDatum.sealed).where(
        PersonalDatum.username.in_(sorted(usernames))
    )
    for username, kind, sealed in session.execute(rows):
        value = data_keys.open(sealed, place_of(username, kind))
        found[username][PersonalKind(kind)] = masked(PersonalKind(kind), value)
    return found
