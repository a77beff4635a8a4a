"""Large decision files: what is read of them, and where the reading ends."""

from service.engine import decision_models, evaluate_decision
from service.feel import FeelPool
from tests.engine.player import NOW
from tests.engine.tables import decision, dmn, table
from tests.engine.test_decision_refusals import check, entry, literal


def test_many_texts_are_read_in_parts(feel: FeelPool) -> None:
    rules = [([f"{i}", f"> {i}"], [f"{i} +"]) for i in range(400)]

    problems = check(dmn(decision(table(rules, inputs=("a", "b")))), feel)

    assert len(problems) == 400


def test_a_text_that_is_too_long_is_named_and_ends_the_reading(feel: FeelPool) -> None:
    long = literal(f'"{"长" * 10_001}"')
    content = dmn(
        decision(literal("1 +"), decision_id="one"),
        decision(long, decision_id="two"),
        decision(long, decision_id="three"),
    )

    problems = check(content, feel)

    assert [(p.rule, p.element_id) for p in problems] == [
        ("feel-syntax", "one"),
        ("feel-syntax", "two"),
    ]


def test_a_file_of_many_names_is_read_and_evaluated(feel: FeelPool) -> None:
    rest = [f"{i} + (if true then 0 else v0)" for i in range(1, 1_000)]
    entries = "".join(entry(f"v{i}", literal(text)) for i, text in enumerate(["0", *rest]))
    content = dmn(decision("<context>" + entries.replace(' id="entry"', "") + "</context>"))
    [model] = decision_models(content)

    assert check(content, feel) == []
    assert evaluate_decision(model, "grade", {}, feel=feel, now=NOW).output == {
        f"v{i}": i for i in range(1_000)
    }


def test_the_texts_of_too_long_a_table_are_not_read(feel: FeelPool) -> None:
    assert [p.rule for p in check(dmn(decision(table([(["1"], ["1 +"])] * 1_001))), feel)] == [
        "dmn-rule"
    ]
