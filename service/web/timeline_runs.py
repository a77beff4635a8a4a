"""A timeline as it is read: acts one by one, and what the system did by itself in one line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from service.queries.timeline import TimelineEntry
from service.web.catalogue import _


@dataclass(frozen=True, slots=True)
class Run:
    """Acts that follow each other; with `words` they are folded behind them."""

    entries: Sequence[TimelineEntry]
    words: str


def runs(entries: Sequence[TimelineEntry]) -> Iterator[Run]:
    """Fold each row of acts of quiet calls, in their order among the others."""
    for is_quiet, acts in groupby(entries, key=lambda one: one.is_quiet):
        run = tuple(acts)
        yield Run(run, _words(run) if is_quiet else "")


def _words(run: Sequence[TimelineEntry]) -> str:
    begun = sum(one.act == "call.started" for one in run)
    steps = "、".join(dict.fromkeys(one.step for one in run if one.step))
    if begun > 1:
        return _("系统自动办理 %(count)s 次：%(steps)s，没有需要人办的事", count=begun, steps=steps)
    return _("系统自动办理：%(steps)s，没有需要人办的事", steps=steps)
