"""The seats: the plan's stages and subjects, counted as the plan asks for them."""

from collections import Counter

from processes.registers.seats import CROSS_STAGE, SEATS, STAGES


def test_a_city_needs_thirty_three_seats() -> None:
    counts = Counter(seat.stage for seat in SEATS.values())
    assert counts == {
        "学前": 1,
        "小学": 5,
        "初中": 9,
        "普通高中": 10,
        CROSS_STAGE: 7,
        "特殊教育": 1,
    }


def test_only_the_seven_named_subjects_span_stages() -> None:
    spanning = [seat.subject for seat in SEATS.values() if seat.stage == CROSS_STAGE]
    assert spanning == ["音乐", "美术", "体育", "心理健康", "劳动教育", "信息技术", "综合实践"]


def test_a_seat_is_found_by_the_name_people_read() -> None:
    assert SEATS["初中生物学"].subject == "生物学"
    assert SEATS["普通高中思想政治"].stage == "普通高中"
    assert next(iter(SEATS)) == "学前教育"
    assert STAGES == ("学前", "小学", "初中", "普通高中", CROSS_STAGE, "特殊教育")
