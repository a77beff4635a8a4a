"""What the record says of accounts, of their passwords, and of tokens of programs."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind
from service.domain.passwords import seal_of
from service.domain.soundness import ChainKind
from service.store.record_comparison import Comparison, Said, Standing, flag, moment
from service.store.tables import ApiToken, Person


@dataclass(slots=True)
class _Account:
    kind: str
    active: bool = True
    left_at: str = ""
    locked: tuple[str, str, str] = ("", "", "")
    """Since when, by whom, why."""
    password: str = ""

    def change(self, said: Said) -> None:
        if said.kind is AccessKind.PASSWORD_CHANGED:
            self.password = said.text("seal")
            return
        match said.text("change"):
            case "locked":
                self.active, self.locked = False, (said.at, said.person, said.text("reason"))
            case "unlocked":
                self.active, self.locked = True, ("", "", "")
            case "left":
                self.active, self.left_at, self.password = False, said.at, ""
            case "reactivated":
                self.active, self.left_at, self.locked = True, "", ("", "", "")
            case "password-rehashed":
                self.password = said.text("seal")

    def standing(self, username: str) -> Standing:
        state = (flag(self.active), self.left_at, *self.locked, self.password)
        return (username, self.kind, *state)


def _accounts(session: Session) -> set[Standing]:
    person = Person
    rows = session.execute(
        select(
            person.username,
            person.kind,
            person.active,
            person.left_at,
            person.locked_at,
            person.locked_by,
            person.lock_reason,
            person.password_hash,
        )
    )
    return {
        (
            row.username,
            row.kind,
            flag(row.active),
            moment(row.left_at),
            moment(row.locked_at),
            row.locked_by or "",
            row.lock_reason or "",
            seal_of(row.password_hash),
        )
        for row in rows
    }


def _recorded_accounts(events: Iterable[Said]) -> set[Standing]:
    accounts: dict[str, _Account] = {}
    for said in events:
        if said.kind is AccessKind.ACCOUNT_CREATED:
            accounts[said.subject] = _Account(said.text("kind"), password=said.text("seal"))
        elif (account := accounts.get(said.subject)) is not None:
            account.change(said)
    return {account.standing(username) for username, account in accounts.items()}


def _tokens(session: Session) -> set[Standing]:
    token = ApiToken
    rows = session.execute(
        select(token.key, token.username, token.token_hash, token.expires_at, token.revoked_at)
    )
    return {
        (f"token/{key}", username, seal_of(hashed), moment(expires_at), moment(revoked_at))
        for key, username, hashed, expires_at, revoked_at in rows
    }


def _recorded_tokens(events: Iterable[Said]) -> set[Standing]:
    tokens: dict[str, Standing] = {}
    for said in events:
        if said.kind is AccessKind.TOKEN_CREATED:
            what = (said.subject, said.text("seal"), said.text("expires"))
            tokens[said.reference] = (said.reference, *what, "")
        elif said.reference in tokens:
            tokens[said.reference] = (*tokens[said.reference][:-1], said.at)
    return set(tokens.values())


ACCOUNTS = Comparison(
    ChainKind.ACCOUNT,
    (AccessKind.ACCOUNT_CREATED, AccessKind.ACCOUNT_CHANGED, AccessKind.PASSWORD_CHANGED),
    _accounts,
    _recorded_accounts,
)
TOKENS = Comparison(
    ChainKind.TOKEN,
    (AccessKind.TOKEN_CREATED, AccessKind.TOKEN_REVOKED),
    _tokens,
    _recorded_tokens,
)
