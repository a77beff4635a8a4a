"""Scores: opening ratio, scheme, the panel's marks and what they add up to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.findings import unmet
from processes.recruitment.rules.scores import (
    Mark,
    Scheme,
    ScoreUnfit,
    TieBreak,
    default_scheme,
    extension_finding,
    in_time,
    interview_score,
    is_late,
    panel_finding,
    pass_finding,
    posts_open,
    ratio_finding,
    read_mark,
    rounded,
    sameness_findings,
    scheme_findings,
    total,
)
from processes.registers.settings import defaults

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DEFAULTS = defaults(date(2026, 3, 2))
SCHEME = default_scheme(Channel.OPEN, DEFAULTS)
PANEL = "abcdefg"
COUSIN = "与考生有三代以内旁系血亲关系"


def mark(examiner: str, value: str, paper: str = "A卷", minutes: int = 0) -> Mark:
    at = NOW + timedelta(minutes=minutes)
    return Mark(examiner, "teacher01", Decimal(value), paper, at)


def marks(*values: str) -> list[Mark]:
    return [mark(one, value) for one, value in zip(PANEL, values, strict=False)]


def unmet_rules(channel: Channel, scheme: Scheme) -> list[str]:
    return [one.norm.id for one in unmet(scheme_findings(channel, scheme, DEFAULTS))]


class TestOpening:
    @pytest.mark.parametrize(
        ("applicants", "posts", "ratio", "opened"),
        [(4, 1, 4, 1), (3, 1, 4, 0), (8, 2, 4, 2), (7, 2, 4, 1), (0, 3, 1, 0), (99, 2, 3, 2)],
    )
    def test_posts_below_the_ratio_are_reduced_or_cancelled(
        self, applicants: int, posts: int, ratio: int, opened: int
    ) -> None:
        assert posts_open(applicants, posts, ratio) == opened
        assert ratio_finding(applicants, posts, ratio).met is (opened == posts)

    def test_the_reason_tells_what_becomes_of_them(self) -> None:
        assert "核减为1个" in ratio_finding(7, 2, 4).reason
        assert "取消岗位" in ratio_finding(3, 1, 4).reason

    def test_no_ratio_is_no_rule(self) -> None:
        with pytest.raises(ValueError, match="ratio"):
            posts_open(1, 1, 0)


class TestScheme:
    @pytest.mark.parametrize("channel", [Channel.SELECTION, Channel.OPEN, Channel.TALENT])
    def test_what_the_settings_propose_is_lawful(self, channel: Channel) -> None:
        assert unmet_rules(channel, default_scheme(channel, DEFAULTS)) == []

    def test_direct_assessment_has_no_written_examination_by_default(self) -> None:
        assert default_scheme(Channel.TALENT, DEFAULTS).written_percent == 0
        assert default_scheme(Channel.OPEN, DEFAULTS).written_percent == 40

    @pytest.mark.parametrize(("written", "interview"), [(40, 59), (40, 61), (101, -1)])
    def test_the_shares_add_up_to_a_hundred(self, written: int, interview: int) -> None:
        wrong = replace(SCHEME, written_percent=written, interview_percent=interview)
        assert unmet_rules(Channel.OPEN, wrong) == ["R-SCHEME"]

    @pytest.mark.parametrize(
        ("channel", "rule"),
        [
            (Channel.SELECTION, "R-BONUS-A"),
            (Channel.OPEN, "R-BONUS"),
            (Channel.TALENT, "R-BONUS"),
            (Channel.REHIRE, "R-BONUS-A"),
            (Channel.PART_TIME, "R-BONUS-A"),
        ],
    )
    def test_trap_12_no_channel_has_bonus_points(self, channel: Channel, rule: str) -> None:
        wrong = replace(SCHEME, bonus=("市级名师加2分",))
        assert unmet_rules(channel, wrong) == [rule]

    def test_an_honour_breaks_ties_only_where_it_is_announced(self) -> None:
        assert TieBreak.HONOUR not in SCHEME.tie_breaks
        assert default_scheme(Channel.SELECTION, DEFAULTS).tie_breaks[0] is TieBreak.HONOUR

    def test_a_panel_of_two_is_refused(self) -> None:
        assert unmet_rules(Channel.OPEN, replace(SCHEME, panel_least=2)) == ["R-PANEL7"]

    def test_the_extra_test_is_the_last_thing_compared(self) -> None:
        wrong = replace(SCHEME, tie_breaks=(TieBreak.EXTRA, TieBreak.WRITTEN))
        assert unmet_rules(Channel.OPEN, wrong) == ["R-TIE"]

    @pytest.mark.parametrize(
        ("wanted", "reason"),
        [
            (None, "没有填写新的评分截止日"),
            (date(2026, 3, 20), "变更公告只能延长"),
            (date(2026, 3, 24), "不能早于今天"),
            (date(2026, 5, 1), "不能晚于公告的递补截止日2026年4月30日"),
            (date(2026, 3, 25), ""),
            (date(2026, 4, 30), ""),
        ],
    )
    def test_a_notice_of_change_moves_the_last_day_for_scores_and_only_forward(
        self, wanted: date | None, reason: str
    ) -> None:
        today = date(2026, 3, 25 if wanted != date(2026, 3, 20) else 18)
        found = extension_finding(
            date(2026, 3, 20), wanted, today=today, substitutes_until=date(2026, 4, 30)
        )
        assert (found.met, found.norm.id) == (not reason, "R-FROZEN")
        assert reason in found.reason


class TestMarks:
    @pytest.mark.parametrize("text", ["0", "100", "85.5", " 85.25 ", "100.00"])
    def test_marks_are_of_a_hundred_with_two_places(self, text: str) -> None:
        assert read_mark(text) == Decimal(text.strip())

    @pytest.mark.parametrize("text", ["-0.01", "100.01", "85.255", "", "优", "NaN", "1e3", "inf"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ScoreUnfit):
            read_mark(text)

    def test_a_mark_after_the_deadline_is_refused(self) -> None:
        assert in_time(NOW, NOW).met
        late = in_time(NOW + timedelta(microseconds=1), NOW)
        assert (late.met, late.norm.id) == (False, "R-DEADLINE")

    @pytest.mark.parametrize(("minutes", "late"), [(-5, False), (14, False), (15, True)])
    def test_fifteen_minutes_late_is_withdrawn(self, minutes: int, late: bool) -> None:
        assert is_late(NOW, NOW + timedelta(minutes=minutes), SCHEME.late_minutes) is late

    def test_the_same_examiner_twice_is_one(self) -> None:
        assert panel_finding("abcdefg", 7).met
        assert not panel_finding("abcdeff", 7).met

    def test_one_post_has_one_panel_and_one_set_of_questions(self) -> None:
        sound = sameness_findings(marks(*["80"] * 7), PANEL)
        assert unmet(sound) == ()
        mixed = [*marks(*["80"] * 7), mark("x", "80", "B卷")]
        papers, panel = sameness_findings(mixed, PANEL)
        assert "2套题" in papers.reason
        assert "x" in panel.reason


class TestInterview:
    def test_the_highest_and_the_lowest_are_dropped(self) -> None:
        found = interview_score(marks("60", "80", "81", "82", "83", "84", "99"), PANEL, {}, SCHEME)
        assert found.value == Decimal("82.00")
        assert found.dropped == ("a", "g")

    def test_they_are_kept_where_the_scheme_says_so(self) -> None:
        kept = replace(SCHEME, drop_extremes=False)
        found = interview_score(marks("60", "80", "81", "82", "83", "84", "99"), PANEL, {}, kept)
        assert found.value == Decimal("81.29")

    def test_of_equal_extremes_one_each_is_dropped(self) -> None:
        found = interview_score(marks(*["80"] * 7), PANEL, {}, SCHEME)
        assert (found.value, len(found.dropped)) == (Decimal("80.00"), 2)

    def test_the_last_mark_of_an_examiner_counts(self) -> None:
        again = [*marks(*["80"] * 7), mark("d", "87", minutes=1)]
        found = interview_score(again, PANEL, {}, replace(SCHEME, drop_extremes=False))
        assert found.value == Decimal("81.00")

    def test_a_conflict_voids_a_mark_and_the_rest_is_worked_out_anew(self) -> None:
        eight = [*marks("60", "80", "81", "82", "83", "84", "99"), mark("h", "85")]
        found = interview_score(eight, [*PANEL, "h"], {"g": COUSIN}, SCHEME)
        assert found.void == {"g": COUSIN}
        assert found.value == Decimal("82.00")
        assert found.dropped == ("a", "h")

    def test_below_the_least_number_the_interview_is_held_again(self) -> None:
        found = interview_score(marks(*["80"] * 7), PANEL, {"g": COUSIN}, SCHEME)
        assert found.again
        assert "有效评分6个" in found.note

    def test_a_stranger_to_the_panel_does_not_count(self) -> None:
        found = interview_score([*marks(*["80"] * 7), mark("x", "99")], PANEL, {}, SCHEME)
        assert found.void == {"x": "不是本岗位的考官"}
        assert found.value == Decimal("80.00")

    def test_not_answered_in_the_common_language_is_nothing(self) -> None:
        found = interview_score(
            marks(*["90"] * 7), PANEL, {}, SCHEME, answered_in_common_language=False
        )
        assert found.value == Decimal("0.00")
        assert "国家通用语言" in found.note


class TestTotal:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [("80.005", "80.01"), ("80.004", "80.00"), ("80.015", "80.02"), ("80.025", "80.03")],
    )
    def test_half_a_hundredth_is_rounded_up(self, value: str, expected: str) -> None:
        assert rounded(Decimal(value)) == Decimal(expected)

    def test_the_parts_count_by_their_shares(self) -> None:
        assert total(Decimal(80), Decimal("85.55"), SCHEME) == Decimal("83.33")

    @pytest.mark.parametrize(
        ("interview", "candidates", "posts", "met"),
        [("59.99", 2, 2, False), ("60", 2, 2, True), ("10", 3, 2, True), ("59", 1, 2, False)],
    )
    def test_a_line_holds_where_there_is_no_choice(
        self, interview: str, candidates: int, posts: int, met: bool
    ) -> None:
        assert pass_finding(Decimal(interview), candidates, posts, SCHEME).met is met
