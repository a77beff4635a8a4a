"""Names with spaces are written with underscores; nothing else of a text changes."""

import pytest

from service.engine.decision_names import Spelling, is_name

SPELLING = Spelling(["Credit Score", "Score", "Credit Score Level 2", "年 龄", "a-b", "x"])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Credit Score + 1", "Credit_Score + 1"),
        ("Credit  \n Score+Score", "Credit_Score+Score"),
        ("Credit Score Level 2 > 1", "Credit_Score_Level_2 > 1"),
        ("年 龄 >= 6", "年_龄 >= 6"),
        ("a.Credit Score", "a.Credit_Score"),
        ('"Credit Score"', '"Credit Score"'),
        ('"say \\"Credit Score" + Credit Score', '"say \\"Credit Score" + Credit_Score'),
        ('{"Credit Score" : Credit Score}', '{"Credit_Score" : Credit_Score}'),
        ("// Credit Score\n1", "// Credit Score\n1"),
        ("/* Credit Score */ 1", "/* Credit Score */ 1"),
        ("My Credit Scores", "My Credit Scores"),
        ("if Credit Score > x then Score else 年 龄", "if Credit_Score > x then Score else 年_龄"),
        ('Credit Score + "Credit Score', 'Credit_Score + "Credit Score'),
        ("Credit Score /* Credit Score", "Credit_Score /* Credit Score"),
        ("a-b", "a-b"),
    ],
)
def test_a_text_is_written_with_plain_names(text: str, plain: str) -> None:
    assert SPELLING.text(text) == plain


@pytest.mark.parametrize("name", ["x", "教龄", "Number of Days", "Level 2", "年 龄", "date"])
def test_a_name_can_be_told_from_the_rest(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a " * 11,
        "a-b",
        "2 x",
        "if",
        "x and y",
        "a in b",
        "day of week",
        "年龄（岁）",
        "a.b",
        "x?",
    ],
)
def test_a_name_that_reads_as_something_else_is_none(name: str) -> None:
    assert not is_name(name)


def test_a_name_that_is_looked_up_as_text_is_found() -> None:
    assert SPELLING.quoted('get value(c, "Credit Score")') == "Credit Score"
    assert SPELLING.quoted('{"Credit Score": 1}') is None
    assert SPELLING.quoted('"Score"') is None
