"""Posts: begun, changed, ended; one head a unit."""

import pytest
from sqlalchemy import select, update

from service.commands import posts, ties
from service.commands.accounts import AccountsForbidden, PersonNotFound
from service.commands.posts import PersonNotActive, PostHeld, PostNotFound, UnitHasHead
from service.domain.actors import SYSTEM
from service.domain.organization import TitleReserved, UnitIsClosed, UnitUnknown
from service.domain.recusal import PostRecusalRequired, TieKind
from service.store.tables import AccessEvent, Person, Post
from tests.fixtures_commands import Stage
from tests.fixtures_organization import Bureau
from tests.fixtures_store import Cast


def in_force(bureau: Bureau) -> list[tuple[str, str, str, bool]]:
    with bureau.database.read() as session:
        rows = session.scalars(select(Post).where(Post.ended_at.is_(None)).order_by(Post.key))
        return [(row.username, row.title, row.scope, row.heads_unit) for row in rows]


def change(bureau: Bureau, key: int, title: str, *labels: str, heads_unit: bool = False) -> int:
    with bureau.write() as tools:
        return posts.change_post(
            tools,
            key=key,
            title=title,
            labels=labels,
            heads_unit=heads_unit,
            actor=SYSTEM,
            now=bureau.now,
        )


def test_a_person_may_have_several_posts_of_one_title(bureau: Bureau, cast: Cast) -> None:
    bureau.begin("li.na", "city", "教研员", ["数学", "小学"])
    bureau.begin("li.na", "city", "教研员", ["语文", "初中"])

    assert in_force(bureau) == [
        ("li.na", "教研员", "小学 · 数学", False),
        ("li.na", "教研员", "初中 · 语文", False),
    ]


def test_the_same_post_is_had_once(bureau: Bureau) -> None:
    bureau.begin("li.na", "city", "教研员", ["数学", "小学"])
    with pytest.raises(PostHeld, match="教研员 · 小学 · 数学"):
        bureau.begin("li.na", "city", "教研员", ["小学", "数学"])


def test_a_unit_has_one_head(bureau: Bureau) -> None:
    first = bureau.begin("li.na", "personnel", "科长", heads_unit=True)
    with pytest.raises(UnitHasHead, match="李娜"):
        bureau.begin("zhang.min", "personnel", "副科长", heads_unit=True)
    second = bureau.begin("zhang.min", "personnel", "副科长")
    with pytest.raises(UnitHasHead):
        change(bureau, second, "副科长", heads_unit=True)
    bureau.end(first)
    change(bureau, second, "科长", heads_unit=True)

    assert in_force(bureau) == [("zhang.min", "科长", "", True)]


def test_a_change_ends_one_post_and_begins_another(bureau: Bureau) -> None:
    key = bureau.begin("li.na", "city", "教研员", ["数学"])

    assert change(bureau, key, "教研员", "数学") == key
    later = change(bureau, key, "教研员", "数学", "小学")

    assert later != key
    assert in_force(bureau) == [("li.na", "教研员", "小学 · 数学", False)]
    with bureau.database.read() as session:
        assert session.get_one(Post, key).ended_at == bureau.now


def test_an_ended_post_is_over(bureau: Bureau) -> None:
    key = bureau.begin("li.na", "city")
    bureau.end(key)
    for act in (lambda: bureau.end(key), lambda: change(bureau, key, "科长")):
        with pytest.raises(PostNotFound):
            act()


def test_all_posts_of_one_who_leaves_end(bureau: Bureau) -> None:
    bureau.begin("li.na", "city")
    bureau.begin("li.na", "personnel", "科长", heads_unit=True)
    bureau.begin("zhang.min", "city")
    with bureau.write() as tools:
        posts.end_posts_of(tools, username="li.na", actor=SYSTEM, now=bureau.now)

    assert [username for username, *_ in in_force(bureau)] == ["zhang.min"]


def test_only_people_with_open_accounts_and_units_in_use(bureau: Bureau) -> None:
    with pytest.raises(PersonNotFound):
        bureau.begin("no.body", "city")
    with pytest.raises(UnitUnknown):
        bureau.begin("li.na", "nowhere")
    with pytest.raises(TitleReserved):
        bureau.begin("li.na", "city", "负责人")
    bureau.close("city")
    with pytest.raises(UnitIsClosed):
        bureau.begin("li.na", "city")
    with bureau.write() as tools:
        tools.session.execute(update(Person).where(Person.username == "li.na").values(active=False))
    with pytest.raises(PersonNotActive):
        bureau.begin("li.na", "personnel")


def test_who_does_not_administer_accounts_changes_nothing(bureau: Bureau, cast: Cast) -> None:
    key = bureau.begin("li.na", "city")
    actor, now = cast.officer, bureau.now
    with bureau.write() as tools:
        for act in (
            lambda: posts.begin_post(
                tools,
                username="li.na",
                unit_id="city",
                title="科长",
                actor=actor,
                now=now,
            ),
            lambda: posts.change_post(tools, key=key, title="科长", actor=actor, now=now),
            lambda: posts.end_post(tools, key=key, actor=actor, now=now),
            lambda: posts.end_posts_of(tools, username="li.na", actor=actor, now=now),
        ):
            with pytest.raises(AccountsForbidden):
                act()


def test_each_change_is_recorded(bureau: Bureau) -> None:
    key = bureau.begin("li.na", "city", "教研员", ["数学"])
    change(bureau, key, "教研员", "语文")
    bureau.rename("city", "市教研中心")

    with bureau.database.read() as session:
        events = session.scalars(select(AccessEvent).order_by(AccessEvent.key)).all()
    recorded = [
        (event.subject, event.reference, event.details["change"])
        for event in events
        if event.kind == "organization_changed" and isinstance(event.details, dict)
    ][-4:]
    assert recorded == [
        ("li.na", "city", "post-begun"),
        ("li.na", "city", "post-ended"),
        ("li.na", "city", "post-begun"),
        ("city", "city", "unit-changed"),
    ]


def relate(stage: Stage, kind: TieKind) -> None:
    with stage.rooms.write() as tools:
        ties.declare(
            tools,
            username="li.na",
            other="zhang.min",
            kind=kind,
            actor=stage.cast.officer,
            now=stage.clock.now,
        )


@pytest.mark.parametrize(
    ("theirs", "mine", "refused"),
    [
        (("city", True), ("city", False), True),
        (("city", False), ("city", True), True),
        (("bureau", True), ("city", True), True),
        (("city", True), ("bureau", True), True),
        (("city", False), ("city", False), False),
        (("bureau", True), ("city", False), False),
        (("wuda", True), ("city", True), False),
    ],
)
def test_no_relative_directs_a_relative(
    stage: Stage, bureau: Bureau, theirs: tuple[str, bool], mine: tuple[str, bool], refused: bool
) -> None:
    """岗位回避: 人社部规〔2019〕1号, article 6."""
    relate(stage, TieKind.COLLATERAL)
    bureau.begin("zhang.min", theirs[0], "主任", heads_unit=theirs[1])

    if not refused:
        bureau.begin("li.na", mine[0], "教研员", heads_unit=mine[1])
        return
    with pytest.raises(PostRecusalRequired, match="李娜与张敏有亲属关系（三代以内旁系血亲）"):
        bureau.begin("li.na", mine[0], "教研员", heads_unit=mine[1])


def test_who_only_wrote_a_paper_together_may_direct(stage: Stage, bureau: Bureau) -> None:
    relate(stage, TieKind.COAUTHOR)
    bureau.begin("zhang.min", "city", "主任", heads_unit=True)

    bureau.begin("li.na", "city", "教研员")
