"""Which passwords are accepted."""

import pytest

from service.domain.passwords import DEMONSTRATION, PasswordUnfit, require_fit


@pytest.mark.parametrize("password", ["correct horse", "春风又绿江南岸，明月何时", "x7#kQ2!mZp"])
def test_a_password_that_is_hard_to_guess(password: str) -> None:
    require_fit(password, username="zhang.min")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("x7#kQ2!mZ", "至少要 10 个字符"),
        ("x7#kQ2!mZp" * 26, "最多 256 个字符"),
        ("Zhang.Minmin", "不能与用户名相同"),
        ("nimniM.gnahz", "不能与用户名相同"),
        ("zhang.minmin123", "除用户名外"),
        ("ZHANG.minminzhang.minmin", "除用户名外"),
        ("Password123", "太常见"),
        ("ｐａｓｓｗｏｒｄ１２３", "太常见"),
        ("1234567890", "太常见"),
        ("aaaabbbbaaaa", "太常见"),
        (DEMONSTRATION, "太常见"),
    ],
)
def test_a_password_that_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(PasswordUnfit, match=reason):
        require_fit(password, username="zhang.minmin")


def test_the_demonstration_may_have_its_own() -> None:
    require_fit(DEMONSTRATION, username="admin", demonstration=True)


def test_the_demonstration_may_not_have_any() -> None:
    with pytest.raises(PasswordUnfit):
        require_fit("short", username="admin", demonstration=True)
