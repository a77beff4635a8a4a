"""Table 80, temporal functions, `is`, and the clock of table 73: it is 07:30 on 2026-11-23."""

from tests.feel.builtin_cases import Builtin

TEMPORAL = [
    Builtin(
        "is",
        (
            ('is(date("2026-01-05"), date("2026-01-05"))', True),
            ('is(date("2026-01-05"), date and time("2026-01-05T00:00:00Z"))', False),
            ('is(time("10:00:00Z"), time("18:00:00+08:00"))', False),
            ('is(@"10:00:00@Europe/Berlin", @"10:00:00@Europe/Paris")', False),
            ('is(time("10:00:00"), time("10:00:00"))', True),
            ('is(@"P0Y", @"P0D")', False),
            ("is(1, 1)", True),
            ('is(1, "1")', False),
            ("is(null, null)", True),
            ("is(1, null)", False),
        ),
        (("is(value1: 1, value2: 1)", True),),
        (),
        ("is(1)", "is(1, 1, 1)"),
    ),
    Builtin(
        "day of year",
        (
            ('day of year(date("2026-03-01"))', 60),
            ('day of year(date and time("2024-12-31T23:00:00-05:00"))', 366),
        ),
        (('day of year(date: date("2026-01-01"))', 1),),
        ("day of year(null)",),
        ('day of year("2026-01-01")', 'day of year(time("10:00:00"))', "day of year()"),
    ),
    Builtin(
        "day of week",
        (
            ('day of week(date("2026-11-23"))', "Monday"),
            ('day of week(date and time("2026-11-22T23:00:00-05:00"))', "Sunday"),
        ),
        (('day of week(date: date("2026-11-23"))', "Monday"),),
        ("day of week(null)",),
        ('day of week(time("10:00:00"))', "day of week()"),
    ),
    Builtin(
        "month of year",
        (('month of year(date("2026-11-23"))', "November"),),
        (('month of year(date: date("2026-01-05"))', "January"),),
        ("month of year(null)",),
        ("month of year(11)", "month of year()"),
    ),
    Builtin(
        "week of year",
        (
            ('week of year(date("2026-01-01"))', 1),
            ('week of year(date("2027-01-01"))', 53),
            ('week of year(date and time("2026-11-23T00:00:00Z"))', 48),
        ),
        (('week of year(date: date("2026-01-05"))', 2),),
        ("week of year(null)",),
        ("week of year(1)", "week of year()"),
    ),
    Builtin("now", (("now()", "2026-11-23T07:30:00+08:00"),), refused=("now(1)",)),
    Builtin("today", (("today()", "2026-11-23"),), refused=("today(1)",)),
]
