"""What the pages of administration call things."""

from service.domain.accounts import AccountState, PersonKind
from service.web.catalogue import _


def account_state(state: AccountState) -> str:
    """The state of an account, in a word."""
    names = {
        AccountState.OPEN: _("在用"),
        AccountState.INVITED: _("待设密码"),
        AccountState.PAUSED: _("暂时锁定"),
        AccountState.LOCKED: _("已锁定"),
        AccountState.LEFT: _("已离岗"),
    }
    return names[state]


def person_kind(kind: PersonKind) -> str:
    """Whose account it is."""
    return {PersonKind.STAFF: _("本单位人员"), PersonKind.PUBLIC: _("公众")}[kind]


def sign_in_outcome(outcome: str) -> str:
    """How a try to sign in went."""
    names = {"ok": _("成功"), "wrong": _("密码不正确"), "locked": _("账号锁定中")}
    return names.get(outcome, _("未成功"))
