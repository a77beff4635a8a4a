"""Table 77, numeric functions. Rounding goes by the decimal digits that a number shows."""

from tests.feel.builtin_cases import Builtin


def rounding(name: str, *answers: tuple[str, float]) -> Builtin:
    """The cases that all roundings share."""
    return Builtin(
        name,
        (
            *((f"{name}({arguments})", value) for arguments, value in answers),
            (f"{name}(7, 400)", 7),
        ),
        ((f"{name}(n: 7, scale: 1)", 7),),
        (
            f"{name}(null, 1)",
            f"{name}(1.5, null)",
            f"{name}(1.5, 6177)",
            f"{name}(1.5, -6112)",
        ),
        (f'{name}("1.5", 1)', f"{name}()", f"{name}(1, 2, 3)"),
    )


NUMBERS = [
    rounding(
        "decimal",
        ("1/3, 2", 0.33),
        ("1.5, 0", 2),
        ("2.5, 0", 2),
        ("2.345, 2", 2.34),
        ("2.355, 2", 2.36),
        ("-2.5, 0", -2),
        ("1250, -2", 1200),
        ("1/3, 2.5", 0.33),
    ),
    rounding("floor", ("1.56", 1), ("-1.5", -2), ("-1.56, 1", -1.6), ("1.1, 1", 1.1)),
    rounding("ceiling", ("1.5", 2), ("-1.5", -1), ("-1.56, 1", -1.5), ("1.1, 1", 1.1)),
    rounding("round up", ("5.5, 0", 6), ("-5.5, 0", -6), ("1.121, 2", 1.13), ("-1.126, 2", -1.13)),
    rounding("round down", ("5.5, 0", 5), ("-5.5, 0", -5), ("1.126, 2", 1.12), ("1.1, 1", 1.1)),
    rounding(
        "round half up", ("5.5, 0", 6), ("-5.5, 0", -6), ("1.005, 2", 1.01), ("1.121, 2", 1.12)
    ),
    rounding(
        "round half down", ("5.5, 0", 5), ("-5.5, 0", -5), ("1.005, 2", 1), ("1.126, 2", 1.13)
    ),
    Builtin(
        "abs",
        (
            ("abs(10)", 10),
            ("abs(-10)", 10),
            ('abs(duration("-P1D"))', "P1D"),
            ('abs(@"-P1Y")', "P1Y"),
        ),
        (("abs(n: -1)", 1),),
        ("abs(null)",),
        ('abs("-1")', "abs()"),
    ),
    Builtin(
        "modulo",
        (
            ("modulo(12, 5)", 2),
            ("modulo(-12, 5)", 3),
            ("modulo(12, -5)", -3),
            ("modulo(-12, -5)", -2),
            ("modulo(10.1, 4.5)", 1.1),
            ("modulo(5, 5)", 0),
            ("modulo(0.0000000001, 1)", 1e-10),
        ),
        (("modulo(dividend: 12, divisor: 5)", 2),),
        ("modulo(12, 0)", "modulo(null, 5)", "modulo(12, null)"),
        ('modulo("12", 5)', "modulo(12)"),
    ),
    Builtin(
        "sqrt",
        (("sqrt(16)", 4), ("sqrt(0)", 0)),
        (("sqrt(number: 4)", 2),),
        ("sqrt(-1)", "sqrt(null)"),
        ('sqrt("4")', "sqrt()"),
    ),
    Builtin(
        "log",
        (("log(1)", 0),),
        (("log(number: 1)", 0),),
        ("log(0)", "log(-1)", "log(null)"),
        ('log("1")', "log()"),
    ),
    Builtin(
        "exp",
        (("exp(0)", 1),),
        (("exp(number: 0)", 1),),
        ("exp(null)", "exp(1000)"),
        ('exp("0")', "exp()"),
    ),
    Builtin(
        "odd",
        (("odd(5)", True), ("odd(-2)", False), ("odd(1.5)", False)),
        (("odd(number: 3)", True),),
        ("odd(null)",),
        ('odd("5")', "odd()"),
    ),
    Builtin(
        "even",
        (("even(5)", False), ("even(-2)", True), ("even(0)", True), ("even(2.5)", False)),
        (("even(number: 2)", True),),
        ("even(null)",),
        ('even("2")', "even()"),
    ),
]
