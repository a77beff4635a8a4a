"""Texts of a designer that would never end, fill the memory or break the helper."""

ENDLESS = "count(for i in 1..100000, j in 1..100000 return if i = j then 1 else 2)"
ENDLESS_WITHOUT_MEMORY = "some i in 1..3, j in (for k in 1..900000 return k) satisfies false"
BACKTRACKING = f'matches("{"a" * 50}b", "^(a+)+$")'
LIST_BOMB = "for a in 1..10000, b in 1..10000 return [a, b]"
RECURSION_BOMB = "{f: function(g) g(g)}.f(function(g) g(g))"


def doubled(times: int) -> str:
    """A text of ten characters, doubled so often."""
    return (
        f'(for i in 1..{times} return if i = 1 then "xxxxxxxxxx"'
        " else partial[-1] + partial[-1])[-1]"
    )


def context_of(entries: str, times: int, result: str) -> str:
    """A context in which each entry is made of the one before, of which it names two."""
    first, following = entries.split("|")
    parts = [f"a{i}: {following.replace('?', f'a{i - 1}')}" for i in range(1, times)]
    return "{" + ", ".join([f"a0: {first}", *parts]) + "}." + result


HOSTILE = [
    ENDLESS,
    ENDLESS_WITHOUT_MEMORY,
    BACKTRACKING,
    LIST_BOMB,
    RECURSION_BOMB,
    doubled(60),
    f"upper case({doubled(25)})",
    f'split({doubled(24)}, "")',
    f'string length(replace({doubled(22)}, "x", "{"y" * 200}"))',
    "for i in 1..30 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
    "for i in 1..100000 return partial",
    "for i in 1..1e9 return i",
    "count(for i in 1..1000000, j in 1..1000000 return 1)",
    f'replace("{"a" * 50}b", "^(a|aa)+$", "x")',
    f'split("{"a" * 50}b", "(a*)*c")',
    f'extract("{"a" * 50}b", "(a*)*c")',
    f'matches("{"x" * 3_000}", "x*x*x*x*y")',
    '{f: function(g, x) g(g, x + x)}.f(function(g, x) g(g, x + x), "xxxxxxxx")',
    "sort(for i in 1..900000 return modulo(i * 7919, 900007), function(x, y) x < y)[1]",
    "distinct values(for i in 1..900000 return [i])",
    context_of('"xxxxxxxxxx"|? + ?', 300, "a299"),
    context_of("[1]|[?, ?]", 60, "a59"),
    f"distinct values({context_of('[1]|[?, ?]', 60, 'a59')})",
    "(" * 4_999 + "1" + ")" * 4_999,
    "{a: " * 2_400 + "1" + "}" * 2_400,
    "a " * 4_999,
    "[" * 4_999 + "]" * 4_999,
    "x" * 10_001,
]
