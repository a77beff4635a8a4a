"""docs/rules.md is what the code says."""

from scripts.rules_document import DOCUMENT, document


def test_the_list_of_rules_is_that_of_the_code() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "make rules"
