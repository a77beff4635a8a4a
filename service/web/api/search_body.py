"""Search bodies of the Camunda 8 API: `filter`, `sort`, `page`, turned into a `Search`.

The filters of each kind of object are typed dictionaries: only what was sent is in them, a field
that the API does not know, or that this service does not have, is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    with_config,
)
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from service.domain.errors import Invalid
from service.queries.filter_search import Condition, Operand, Operator
from service.queries.keyset_search import Found, Order, Search
from service.web.api.bodies import Body, FieldWrong

Tenant: TypeAlias = Literal["<default>"]
"""There is one tenant; the API names it in every answer."""

FILTER = ConfigDict(
    extra="forbid", strict=True, alias_generator=lambda name: "$or" if name == "or_" else name
)
"""Of a typed dictionary of filters."""

STRICT = ConfigDict(extra="forbid", strict=True)
"""Of any other typed dictionary in a body."""

_MOST_VALUES = 1_000
_MOST_ALTERNATIVES = 20
_MOST_SORTS = 5
_FAR = 100_000
_NO_SUCH_KEY = -1


class PageConflict(Invalid):
    """page 里的 after、before、from 只能用一个。请留下一个再查询。"""

    code: ClassVar[str] = "page-conflict"


def parse_key(text: str) -> int | None:
    """Read a key; None when it is no decimal number. One of over 63 bits is no object's key."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 25):
        return None
    key = int(text)
    return key if 0 <= key < 1 << 63 else _NO_SUCH_KEY


def _key(value: object) -> int:
    key = parse_key(value) if isinstance(value, str) else None
    if key is None:
        raise FieldWrong("应为十进制数字组成的文字，例如 2251799813685249")
    return key


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise FieldWrong("应为带时区的日期时间，例如 2026-03-01T08:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise FieldWrong("换算成协调世界时（UTC）以后，年份应在 1 到 9999 之间") from None


Key: TypeAlias = Annotated[
    int, BeforeValidator(_key), WithJsonSchema({"type": "string", "pattern": "^-?[0-9]{1,25}$"})
]
Moment: TypeAlias = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Whole: TypeAlias = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Text: TypeAlias = Annotated[str, Field(max_length=10_000)]
Cursor: TypeAlias = Annotated[str, Field(min_length=1, max_length=8_000)]
T = TypeVar("T")
Many: TypeAlias = Annotated[list[T], Field(max_length=_MOST_VALUES)]

_COMPARISONS = ConfigDict(
    extra="forbid", strict=True, alias_generator=lambda name: f"${to_camel(name.rstrip('_'))}"
)


@with_config(_COMPARISONS)
class AdvancedStringFilter(TypedDict, total=False):
    """文字的比较，全部成立才算符合；`$like` 里 `*` 代表任意多个字，`?` 代表一个字，不分大小写。"""

    eq: Text
    neq: Text
    exists: bool
    in_: Many[Text]
    not_in: Many[Text]
    like: Text


@with_config(_COMPARISONS)
class AdvancedKeyFilter(TypedDict, total=False):
    """编号的比较，全部成立才算符合。"""

    eq: Key
    neq: Key
    exists: bool
    in_: Many[Key]
    not_in: Many[Key]


@with_config(_COMPARISONS)
class AdvancedIntegerFilter(TypedDict, total=False):
    """整数的比较，全部成立才算符合。"""

    eq: Whole
    neq: Whole
    exists: bool
    gt: Whole
    gte: Whole
    lt: Whole
    lte: Whole
    in_: Many[Whole]


@with_config(_COMPARISONS)
class AdvancedDateTimeFilter(TypedDict, total=False):
    """时间的比较，全部成立才算符合。"""

    eq: Moment
    neq: Moment
    exists: bool
    gt: Moment
    gte: Moment
    lt: Moment
    lte: Moment
    in_: Many[Moment]


def _shape(value: object) -> str:
    return "=advanced" if isinstance(value, dict) else "=plain"


_EITHER = Discriminator(_shape)
PlainT = TypeVar("PlainT")
AdvancedT = TypeVar("AdvancedT")
Either: TypeAlias = Annotated[
    Annotated[PlainT, Tag("=plain")] | Annotated[AdvancedT, Tag("=advanced")], _EITHER
]
"""A value to equal, or an object of comparisons."""

TextFilter: TypeAlias = Either[Text, AdvancedStringFilter]
KeyFilter: TypeAlias = Either[Key, AdvancedKeyFilter]
WholeFilter: TypeAlias = Either[Whole, AdvancedIntegerFilter]
MomentFilter: TypeAlias = Either[Moment, AdvancedDateTimeFilter]
InstanceStateFilter: TypeAlias = Either[
    Literal["ACTIVE", "COMPLETED", "SUSPENDED", "TERMINATED"], AdvancedStringFilter
]
ElementStateFilter: TypeAlias = Either[
    Literal["ACTIVE", "COMPLETED", "TERMINATED"], AdvancedStringFilter
]
IncidentStateFilter: TypeAlias = Either[
    Literal["ACTIVE", "MIGRATED", "PENDING", "RESOLVED", "UNKNOWN"], AdvancedStringFilter
]
TaskStateFilter: TypeAlias = Either[
    Literal[
        "CREATING",
        "CREATED",
        "ASSIGNING",
        "UPDATING",
        "COMPLETING",
        "COMPLETED",
        "CANCELING",
        "CANCELED",
        "FAILED",
    ],
    AdvancedStringFilter,
]
"""All states that the API knows; a task here is CREATED, COMPLETED or CANCELED."""

Alternatives: TypeAlias = Annotated[list[T], Field(max_length=_MOST_ALTERNATIVES)]
"""Groups of filters of which one must hold, beside all the others: `$or`."""


@with_config(STRICT)
class VariableValueFilter(TypedDict):
    """按变量的值筛选；`value` 是值的 JSON 写法，文字要带引号：`"\\"党政办\\""`。"""

    name: Text
    value: TextFilter


VariableFilters: TypeAlias = Annotated[list[VariableValueFilter], Field(max_length=10)]

Direction: TypeAlias = Literal["ASC", "DESC"]
Sorts: TypeAlias = Annotated[list[T], Field(max_length=_MOST_SORTS)]
"""Of typed dictionaries with `field` and `order`."""


class SearchQueryPageRequest(Body):
    """要哪一页：`after`、`before` 取上一次回答的 endCursor、startCursor；`from` 跳过若干条。"""

    limit: Annotated[int, Field(ge=1, le=10_000)] = 100
    from_: Annotated[int, Field(ge=0, le=_FAR, alias="from")] = 0
    after: Cursor | None = None
    before: Cursor | None = None


class SearchQueryRequest(Body):
    """查询：`filter` 筛选，`sort` 排序，`page` 翻页，都可以省略。"""

    page: SearchQueryPageRequest = Field(default_factory=SearchQueryPageRequest)


class SearchQueryPageResponse(TypedDict):
    """这一页在哪里；`totalItems` 最多数到 10000，`hasMoreTotalItems` 表示还有更多。"""

    totalItems: int
    hasMoreTotalItems: bool
    startCursor: str | None
    endCursor: str | None


def search_of(
    page: SearchQueryPageRequest,
    filters: Mapping[str, Any] | None = None,
    sorts: Sequence[Mapping[str, Any]] = (),
) -> Search:
    """Make the search of a checked body. Raises PageConflict."""
    if sum(map(bool, (page.from_, page.after, page.before))) > 1:
        raise PageConflict
    given = filters or {}
    return Search(
        conditions=tuple(_conditions(given)),
        any_of=tuple(tuple(_conditions(group)) for group in given.get("or_", ())),
        order=tuple(
            Order(sort["field"], sort.get("order") == "DESC")
            for sort in sorts
            if sort["field"] != "tenantId"  # the same in every row
        ),
        limit=page.limit,
        offset=page.from_,
        after=page.after or "",
        before=page.before or "",
    )


def page_of(found: Found[Any]) -> SearchQueryPageResponse:
    """Say where a page is."""
    return {
        "totalItems": found.total,
        "hasMoreTotalItems": found.more,
        "startCursor": found.start_cursor or None,
        "endCursor": found.end_cursor or None,
    }


def _conditions(filters: Mapping[str, Any]) -> Iterator[Condition]:
    for name, value in filters.items():
        if name == "or_":
            continue
        if isinstance(value, list):
            for variable in value:
                for operator, operand in _comparisons(variable["value"]):
                    yield Condition(name, operator, (variable["name"], operand))
        else:
            for operator, operand in _comparisons(value):
                yield Condition(name, operator, operand)


def _comparisons(value: Any) -> Iterator[tuple[Operator, Operand]]:
    if not isinstance(value, dict):
        yield Operator.EQ, value
        return
    for name, operand in value.items():
        comparable = tuple(operand) if isinstance(operand, list) else operand
        yield Operator[name.rstrip("_").upper()], comparable
