"""Who must keep out of what is about whom."""

import pytest

from service.domain.recusal import Bar, Tie, TieKind, bars, basis, reason


def test_a_party_keeps_out_and_so_does_who_is_tied_to_them() -> None:
    ties = [Tie(1, "li", "zhang", TieKind.SPOUSE), Tie(2, "zhang", "wang", TieKind.MENTOR)]

    found = bars(["zhang"], ties)

    assert found == {
        "zhang": Bar("zhang", "zhang"),
        "li": Bar("li", "zhang", TieKind.SPOUSE, 1),
        "wang": Bar("wang", "zhang", TieKind.MENTOR, 2),
    }


def test_ties_to_others_keep_nobody_out() -> None:
    assert bars(["zhang"], [Tie(1, "li", "wang", TieKind.SPOUSE)]) == {
        "zhang": Bar("zhang", "zhang")
    }


def test_ties_are_not_handed_on() -> None:
    """My relative's relative is no relative of mine unless it is declared."""
    ties = [Tie(1, "li", "zhang", TieKind.SPOUSE), Tie(2, "li", "chen", TieKind.LINEAL)]

    assert "chen" not in bars(["zhang"], ties)


def test_kinship_is_the_reason_before_interest_and_the_older_tie_before_the_newer() -> None:
    ties = [
        Tie(1, "li", "zhang", TieKind.INTEREST),
        Tie(3, "li", "zhang", TieKind.LINEAL),
        Tie(2, "zhang", "li", TieKind.AFFINITY),
    ]

    assert bars(["zhang"], ties)["li"].tie_key == 2


def test_of_two_parties_who_are_tied_each_is_barred_as_a_party() -> None:
    found = bars(["li", "zhang"], [Tie(1, "li", "zhang", TieKind.SPOUSE)])

    assert found == {"li": Bar("li", "li"), "zhang": Bar("zhang", "zhang")}


@pytest.mark.parametrize("kind", list(TieKind))
def test_every_kind_can_be_said(kind: TieKind) -> None:
    said = reason(kind, "张敏")

    assert said.startswith("与本事项当事人张敏有")
    assert ("亲属" in said) is kind.is_kinship
    assert kind.label.partition("（")[0] in said


def test_a_party_is_told_as_such() -> None:
    assert reason(None, "张敏") == "是本事项的当事人"


def test_who_decided_before_is_no_party_of_the_case() -> None:
    assert reason(None, "张敏", acted_before=True) == "办理过本事项前面的步骤"
    said = reason(TieKind.SPOUSE, "张敏", acted_before=True)
    assert said == "与办理过前面步骤的张敏有亲属关系（夫妻）"
    assert "回避规定" not in basis(None, acted_before=True)
    assert "回避规定" in basis(TieKind.SPOUSE, acted_before=True)
