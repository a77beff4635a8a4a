"""The clock: pinned and reset, where it may be."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from pydantic import Field

from service.commands import clocks
from service.web.api.bodies import Body
from service.web.api.operations import Call, Operations

operations = Operations("系统")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONLY = "只有演示和测试可以；正式运行的系统回答 403，代码 clock.fixed。"


class ClockPinRequest(Body):
    """把时钟停在一个时刻：自 1970 年 1 月 1 日起的毫秒数。"""

    timestamp: Annotated[int, Field(ge=0, le=253_402_300_799_999)]


@operations.put("/v2/clock", "把时钟停在一个时刻", HTTPStatus.FORBIDDEN, description=_ONLY)
def pin_clock(call: Call, body: ClockPinRequest) -> None:
    """Let the clock stand."""
    moment = _EPOCH + timedelta(milliseconds=body.timestamp)
    clocks.pin(call.rooms, moment, actor=call.actor)


@operations.post("/v2/clock/reset", "让时钟回到现在", HTTPStatus.FORBIDDEN, description=_ONLY)
def reset_clock(call: Call) -> None:
    """Let the clock go on."""
    clocks.reset(call.rooms, actor=call.actor)
