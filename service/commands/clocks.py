"""The clock of a demonstration or a test, pinned and let go; a real one cannot be moved."""

from collections.abc import Callable
from datetime import UTC, datetime

from service.commands.access_log import record
from service.commands.rooms import Rooms
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Forbidden, Invalid
from service.store.authorization import holds

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class ClockFixed(Forbidden):
    """这套系统的时钟不能拨动：只有演示和测试可以。没有做任何改动。"""

    code = "clock.fixed"


class ClockForbidden(Forbidden):
    """拨动时钟会影响所有流程，需要操作全部流程运行的权限。没有做任何改动。"""

    code = "clock.forbidden"


class MomentUnlikely(Invalid):
    """时钟只能拨到 2000 年至 2099 年之间。没有做任何改动。"""

    code = "clock.moment-unlikely"


class AdjustableClock:
    """Goes like the clock it is made of until it is pinned: then it stands at that moment.

    Threads may share it.
    """

    def __init__(self, running: Callable[[], datetime]) -> None:
        self._running = running
        self._pinned: datetime | None = None

    def __call__(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        return self._pinned or self._running()

    def pin(self, moment: datetime) -> None:
        """Stand at this aware moment."""
        self._pinned = moment.astimezone(UTC)

    def reset(self) -> None:
        """Go on with the present."""
        self._pinned = None


def pin(rooms: Rooms, moment: datetime, *, actor: Actor) -> None:
    """Let the clock stand at this moment, by who has RUNNING act on all procedures.

    What is due by then runs at once. Raises ClockFixed where the clock is real, ClockForbidden,
    MomentUnlikely.
    """
    clock = _require_allowed(rooms, actor)
    if not EARLIEST <= moment < LATEST:
        raise MomentUnlikely
    _record(rooms, actor, moment.astimezone(UTC).isoformat())
    before = rooms.clock()
    clock.pin(moment)
    rooms.job_written(min(before, moment))


def reset(rooms: Rooms, *, actor: Actor) -> None:
    """Let the clock go on with the present; the same."""
    clock = _require_allowed(rooms, actor)
    before = rooms.clock()
    clock.reset()
    _record(rooms, actor, "")
    rooms.job_written(min(before, rooms.clock()))


def _require_allowed(rooms: Rooms, actor: Actor) -> AdjustableClock:
    if not isinstance(rooms.clock, AdjustableClock):
        raise ClockFixed
    with rooms.read() as session:
        if not holds(session, actor, ObjectKind.RUNNING, Action.ACT):
            raise ClockForbidden
    return rooms.clock


def _record(rooms: Rooms, actor: Actor, until: str) -> None:
    change = "clock-pinned" if until else "clock-reset"
    details = {"change": change, "to": until} if until else {"change": change}
    with rooms.write() as tools:
        record(
            tools,
            AccessKind.SETTINGS_CHANGED,
            actor=actor,
            reference="clock",
            details=details,
            now=rooms.clock(),
        )
