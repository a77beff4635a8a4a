"""Table 80 (in part), context functions, and what Camunda 8 adds to the standard."""

from tests.feel.builtin_cases import Builtin

CONTEXTS = [
    Builtin(
        "get value",
        (
            ('get value({a: 1}, "a")', 1),
            ('get value({a: {b: 2}}, ["a", "b"])', 2),
            ('get value({"a b": 1}, "a b")', 1),
        ),
        (
            ('get value(m: {a: 1}, key: "a")', 1),
            ('get value(context: {a: {b: 2}}, keys: ["a", "b"])', 2),
        ),
        ('get value({a: 1}, "b")', 'get value(null, "a")', "get value({a: 1}, null)"),
        ('get value("a", "a")', "get value({a: 1})", "get value({a: 1}, 1)"),
    ),
    Builtin(
        "get entries",
        (
            (
                "get entries({a: 1, b: null})",
                [{"key": "a", "value": 1}, {"key": "b", "value": None}],
            ),
            ("get entries({})", []),
        ),
        (("get entries(m: {a: 1}).key", ["a"]),),
        ("get entries(null)",),
        ("get entries([1, 2])", "get entries()"),
    ),
    Builtin(
        "context",
        (
            ('context([{key: "a", value: 1}, {key: "b", value: null}])', {"a": 1, "b": None}),
            ('context({key: "a", value: 1})', {"a": 1}),
            ("context([])", {}),
        ),
        (('context(entries: [{key: "a", value: 1}])', {"a": 1}),),
        (
            "context(null)",
            'context([{key: "a", value: 1}, {key: "a", value: 2}])',
            'context([{key: "a"}])',
            "context([{key: null, value: 1}])",
        ),
        ('context(["a"])', "context()"),
    ),
    Builtin(
        "context put",
        (
            ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
            ('context put({a: 1}, "a", null)', {"a": None}),
            ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
            ('context put({a: {}}, ["a", "b"], 2)', {"a": {"b": 2}}),
        ),
        (
            ('context put(context: {a: 1}, key: "b", value: 2)', {"a": 1, "b": 2}),
            ('context put(context: {a: 1}, keys: ["b"], value: 2)', {"a": 1, "b": 2}),
        ),
        (
            'context put(null, "a", 1)',
            "context put({a: 1}, null, 1)",
            "context put({a: 1}, [], 1)",
            'context put({a: 1}, ["b", "c"], 1)',
            'context put({a: 1}, ["a", "c"], 1)',
        ),
        ('context put("a", "a", 1)', 'context put({a: 1}, "a")', "context put({a: 1}, 5, 1)"),
    ),
    Builtin(
        "context merge",
        (
            ("context merge([{a: 1}, {b: 2}, {a: 3}])", {"a": 3, "b": 2}),
            ("context merge({a: 1}, {b: 2})", {"a": 1, "b": 2}),
        ),
        (("context merge(contexts: [{a: 1}])", {"a": 1}),),
        ("context merge(null)",),
        ("context merge([1, 2])", "context merge()"),
    ),
]

CAMUNDA = [
    Builtin(
        "is defined",
        (("is defined(null)", True), ("is defined(missing)", False)),
        refused=("is defined()",),
    ),
    Builtin(
        "get or else",
        (
            ("get or else(1, 2)", 1),
            ("get or else(null, 2)", 2),
            ("get or else(missing, 2)", 2),
            ("get or else({a: 1}.b, 2)", 2),
            ("get or else(false, true)", False),
        ),
        (("get or else(default: 2, value: missing)", 2),),
        ("get or else(null, null)",),
        (
            "get or else(1)",
            "get or else(null, missing)",
            'get or else("a" + 1, 2)',
            "get or else(1, 2, 3)",
        ),
    ),
    Builtin(
        "assert",
        (("assert(5, 5 > 3)", 5), ('assert(5, true, "never")', 5), ("assert(null, true)", None)),
        (('assert(value: 5, condition: true, cause: "x")', 5),),
        (),
        (
            "assert(5, false)",
            "assert(5, null)",
            'assert(5, false, "x")',
            "assert(5, 1)",
            "assert(5)",
        ),
    ),
    Builtin(
        "is empty",
        (
            ("is empty([])", True),
            ("is empty([null])", False),
            ('is empty("")', True),
            ("is empty({})", True),
            ("is empty({a: null})", False),
        ),
        (("is empty(list: [])", True),),
        ("is empty(null)",),
        ("is empty()", "is empty([], 1)"),
    ),
    Builtin(
        "is blank",
        (('is blank("")', True), ('is blank(" \\t")', True), ('is blank("a")', False)),
        (('is blank(string: "")', True),),
        ("is blank(null)",),
        ("is blank(5)", "is blank()"),
    ),
    Builtin(
        "trim",
        (('trim("  a b ")', "a b"),),
        (('trim(string: " a")', "a"),),
        ("trim(null)",),
        ("trim(5)", "trim()"),
    ),
    Builtin(
        "extract",
        (
            ('extract("ref 12, ref 34", "[0-9]+")', ["12", "34"]),
            ('extract("a", "[0-9]")', []),
        ),
        (('extract(string: "a1", pattern: "[0-9]")', ["1"]),),
        ('extract(null, "a")',),
        ('extract("a", "(")', 'extract(5, "a")'),
    ),
    Builtin(
        "to json",
        (
            ('to json({a: [1, "b", null, true]})', '{"a":[1,"b",null,true]}'),
            ('to json(date("2026-01-05"))', '"2026-01-05"'),
            ("to json(null)", "null"),
            ('to json(duration("P1D"))', '"P1D"'),
        ),
        (("to json(value: 1)", "1"),),
        (),
        ("to json()", "to json([1..2])", "to json(function(x) x)"),
    ),
    Builtin(
        "from json",
        (
            ('from json("{\\"a\\": [1, null]}")', {"a": [1, None]}),
            ('from json("\\"a\\"")', "a"),
            ('from json("{\\"a\\": 1}").a', 1),
        ),
        (('from json(value: "1")', 1),),
        ("from json(null)", 'from json("{")', 'from json("12345678901234567890")'),
        ("from json(5)", "from json()"),
    ),
    Builtin(
        "duplicate values",
        (
            ("duplicate values([1, 2, 3, 2, 1])", [2, 1]),
            ("duplicate values([1, 1, 1])", [1]),
            ("duplicate values([])", []),
        ),
        (("duplicate values(list: [1])", []),),
        ("duplicate values(null)",),
        ("duplicate values()",),
    ),
    Builtin(
        "partition",
        (("partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]), ("partition([], 2)", [])),
        (("partition(list: [1, 2], size: 1)", [[1], [2]]),),
        ("partition([1], 0)", "partition(null, 1)"),
        ('partition([1], "1")', "partition([1])"),
    ),
    Builtin(
        "last day of month",
        (
            ('last day of month(date("2024-02-10"))', "2024-02-29"),
            ('last day of month(date and time("2026-11-23T10:00:00Z"))', "2026-11-30"),
        ),
        (('last day of month(date: date("2026-01-01"))', "2026-01-31"),),
        ("last day of month(null)",),
        ('last day of month("2026-01-01")', "last day of month()"),
    ),
]
