"""Post groups as they are written, and the rules of the tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.organization import (
    DEEPEST,
    HEAD,
    LabelsTooMany,
    PostGroup,
    PostGroupInvalid,
    TextUnfit,
    TitleReserved,
    UnitAmbiguous,
    UnitIsClosed,
    UnitPath,
    UnitUnknown,
    cleaned_labels,
    cleaned_title,
    is_fit,
    is_post_group,
    parse,
    resolve_unit,
    tree_fault,
)

words = st.text(alphabet="教研员数学小语文A1（）", min_size=1, max_size=5)
groups = st.builds(
    lambda title, labels, unit: PostGroup(title, tuple(sorted(labels)), unit),
    words | st.just(""),
    st.sets(words, max_size=4),
    words | st.none(),
).filter(lambda group: group.title or group.labels or group.unit)


@given(groups)
def test_the_canonical_text_reads_back(group: PostGroup) -> None:
    assert parse(group.text) == group


@pytest.mark.parametrize(
    "written",
    [
        "教研员 · 数学 · 小学 @ 市教研机构",
        "教研员·小学·数学@市教研机构",
        "教研员・数学•小学＠市教研机构",
        "  教研员　･ 数学 ‧ 小学 · 数学 ＠　市教研机构 ",
    ],
)
def test_dots_and_spaces_of_any_width_are_one(written: str) -> None:
    assert parse(written).text == "教研员 · 小学 · 数学 @ 市教研机构"


@pytest.mark.parametrize(
    ("written", "title", "labels", "unit"),
    [
        ("@ 人事科", "", (), "人事科"),
        ("负责人 @ 人事科", HEAD, (), "人事科"),
        ("教研员 · 数学", "教研员", ("数学",), None),
        ("· 海勃湾 @ 市教研机构", "", ("海勃湾",), "市教研机构"),
        ("科员 @ 海勃湾 ／ 办公室", "科员", (), "海勃湾/办公室"),
    ],
)
def test_parts_may_be_missing(
    written: str, title: str, labels: tuple[str, ...], unit: str | None
) -> None:
    assert parse(written) == PostGroup(title, labels, unit)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("教研员 @", "没有写机构"),
        ("@", "没有写机构"),
        ("·", "没有内容"),
        ("教研员 · · 小学", "没有内容"),
        ("教研员 · @ 市教研机构", "没有内容"),
        ("教研员 @ 市 @ 区", "不能作机构"),
        ("教研员 @ 市//区", "不能作机构"),
        ("教/研 · 数学", "不能作岗位名称"),
        ("教\n研员 · 数学", "不能作岗位名称"),
        ("教研员 · 数学\x00", "不能作范围"),
        ("教研员 · " + "数" * 41, "不能作范围"),
        ("教研员" + " · 数" * 13, "最多 12 个"),
        ("教研员 · " + "数" * 301, "超过 300 个字符"),
        ("", "没有写岗位"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(PostGroupInvalid, match=reason):
        parse(written)


def test_only_a_sign_makes_a_post_group() -> None:
    assert is_post_group("教研员 @ 市教研机构")
    assert is_post_group("教研员・数学")
    assert not is_post_group("personnel-office")
    assert not is_post_group("教研员")


def test_it_shows_the_unit_by_its_name_of_today() -> None:
    group = parse("教研员 · 数学 @ city")
    assert group.shown("市教研中心") == "教研员 · 数学 @ 市教研中心"
    assert parse("@ city").shown("市教研中心") == "@ 市教研中心"
    assert parse("@ city").named("市教研中心") == "市教研中心"
    assert group.named("市教研中心") == "教研员 · 数学 @ 市教研中心"
    assert parse("教研员 · 数学").shown(None) == "教研员 · 数学"


def fits(written: str, title: str = "教研员", labels: str = "数学 小学", **more: object) -> bool:
    fields = {"unit": "city", "heads_unit": False, **more}
    return parse(written).fits(title=title, labels=labels.split(), **fields)  # type: ignore[arg-type]


def test_who_has_all_that_it_asks_for_is_in_it() -> None:
    assert fits("教研员 · 数学 · 小学 @ city")
    assert fits("教研员 · 数学")
    assert fits("@ city")
    assert not fits("教研员 · 语文 @ city")
    assert not fits("教研员 · 数学 @ county")
    assert not fits("科员 @ city")


def test_the_head_is_in_it_whatever_the_title() -> None:
    assert fits("负责人 @ city", title="科长", heads_unit=True)
    assert not fits("负责人 @ city", title="科长")
    assert fits("科长 @ city", title="科长", heads_unit=True)


def test_a_unit_is_meant_by_its_id_its_name_or_its_path() -> None:
    known = [
        UnitPath("a1", ("办公室", "海勃湾", "市局")),
        UnitPath("b1", ("办公室", "乌达", "市局")),
        UnitPath("office", ("人事科", "市局")),
        UnitPath("人事科", ("别的科", "市局")),
    ]
    assert resolve_unit("a1", known) == "a1"
    assert resolve_unit("乌达/办公室", known) == "b1"
    assert resolve_unit("市局/乌达/办公室", known) == "b1"
    assert resolve_unit("人事科", known) == "人事科"
    assert resolve_unit("市局/人事科", known) == "office"


def test_a_name_of_several_is_refused_with_their_paths() -> None:
    known = [UnitPath("a1", ("办公室", "海勃湾")), UnitPath("b1", ("办公室", "乌达"))]
    with pytest.raises(UnitAmbiguous, match="乌达/办公室（b1）、海勃湾/办公室（a1）"):
        resolve_unit("办公室", known)


def test_closed_units_do_not_count() -> None:
    closed = UnitPath("a1", ("办公室", "海勃湾"), closed=True)
    assert resolve_unit("办公室", [closed, UnitPath("b1", ("办公室", "乌达"))]) == "b1"
    with pytest.raises(UnitIsClosed, match="已经撤销"):
        resolve_unit("办公室", [closed])
    with pytest.raises(UnitUnknown, match="没有叫“招生办”的机构"):
        resolve_unit("招生办", [closed])


TREE = {"bureau": None, "city": "bureau", "county": "bureau", "school": "county"}


def test_a_unit_stands_anywhere_but_below_itself() -> None:
    assert tree_fault(TREE, "county", None) is None
    assert tree_fault(TREE, "county", "city") is None
    assert tree_fault(TREE, "new", "school") is None
    for below in ("county", "school"):
        fault = tree_fault(TREE, "county", below)
        assert fault is not None
        assert "环" in fault


def test_a_tree_has_ten_levels_at_most() -> None:
    chain: dict[str, str | None] = {"u1": None}
    chain |= {f"u{level}": f"u{level - 1}" for level in range(2, DEEPEST + 1)}
    fault = tree_fault(chain, "new", f"u{DEEPEST}")
    assert fault is not None
    assert "10 级" in fault
    assert tree_fault(chain, "new", f"u{DEEPEST - 1}") is None
    taller = tree_fault({**chain, "top": None, "under": "top"}, "u1", "under")
    assert taller is not None


def test_a_ring_that_is_there_already_ends_the_search() -> None:
    assert tree_fault({"a": "b", "b": "a"}, "new", "a") is not None


def test_titles_and_labels_hold_no_marks() -> None:
    assert cleaned_title(" 教研员　") == "教研员"
    assert cleaned_labels(["数学", "", "小学", "数学"]) == ("小学", "数学")
    for wrong in ("", "教 · 研", "a@b", "市/区", "数,语", "数" * 41, "数\n学"):
        with pytest.raises(TextUnfit):
            cleaned_title(wrong)
    with pytest.raises(TitleReserved):
        cleaned_title("负责人")
    with pytest.raises(LabelsTooMany):
        cleaned_labels(f"第{number}中学" for number in range(13))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        group = parse(text)
    except PostGroupInvalid:
        return
    assert parse(group.text) == group
    assert all(is_fit(part, 60) for part in (group.title, *group.labels) if part)
