"""Readings that the bureau sets: order among equals, points for a title, heads of a school."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import select, update

from processes.recruitment import plans, scoring
from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.ranking import Standing, rank
from processes.recruitment.rules.scores import TieBreak, default_scheme, scheme_findings
from processes.recruitment.school_leaders import kept_from_scoring, kept_out
from processes.recruitment.tables import Candidacy
from processes.registers.settings import SettingValues
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau, teachers, words
from tests.processes.recruitment.selection_cast import HEAD, RATERS, SUBJECTS

_DAY = date(2026, 11, 2)
_subjects = cycle(SUBJECTS[:-1])
SCORED = (Channel.SELECTION, Channel.OPEN, Channel.TALENT)


def having(**values: str) -> SettingValues:
    return SettingValues(
        _DAY, {f"recruit-{key.replace('_', '-')}": one for key, one in values.items()}
    )


@pytest.mark.parametrize("channel", SCORED)
def test_the_order_among_equals_is_proposed_as_it_is_set(channel: Channel) -> None:
    setting = settings.TIE_ORDER[channel]
    other = next(one for one in setting.choices if one != setting.default)
    default = plans.proposed(channel, having())["plan_order"]
    assert default == ("honour" if channel is Channel.SELECTION else "interview")
    changed = SettingValues(_DAY, {setting.id: other})
    assert plans.proposed(channel, changed)["plan_order"] != default
    assert default_scheme(channel, changed).tie_breaks[-1] is TieBreak.EXTRA


def test_points_for_a_title_are_none_unless_set_and_then_announced() -> None:
    values = having(honour_points="3")
    drawn = plans.proposed(Channel.SELECTION, values)
    plan = plans.read(drawn, values, honour_points=3)
    assert any("总成绩加3分" in line for line in plans.told(plan))
    # what was announced stays, whatever is set since; what was announced before has none
    assert plans.read(plans.as_json(plan), having()).scheme.honour_points == 3
    assert plans.read(drawn, values).scheme.honour_points == 0
    assert any("不设加分项" in line for line in plans.told(plans.read(drawn, having())))


@pytest.mark.parametrize("channel", SCORED)
def test_no_more_than_is_set_and_none_in_open_recruitment(channel: Channel) -> None:
    values = having(honour_points="3")
    scheme = default_scheme(channel, values)
    assert scheme.honour_points == (3 if channel is Channel.SELECTION else 0)
    assert all(one.met for one in scheme_findings(channel, scheme, values))
    more = replace(scheme, honour_points=4)
    (refused,) = [one for one in scheme_findings(channel, more, values) if not one.met]
    assert refused.norm.id == ("R-BONUS-A" if channel is Channel.SELECTION else "R-BONUS")


def test_points_move_who_has_a_title_up_and_are_shown() -> None:
    scheme = default_scheme(Channel.SELECTION, having(honour_points="2"))
    plain = Standing("1", Decimal("81.00"), Decimal(80), Decimal(82))
    titled = Standing("2", Decimal("82.00"), Decimal(80), Decimal(80), honoured=True, added=2)
    ranking = rank([plain, titled], scheme)
    assert [one.candidate for one in ranking.ranks] == ["2", "1"]
    assert scoring._note(titled, ranking.ranks[0]) == "含称号加2分"


@pytest.fixture(scope="module")
def desk(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("readings"), feel) as desk:
        yield desk


def test_who_heads_a_candidates_school_is_not_of_the_panel(desk: Desk) -> None:
    # given a candidate of the institution that an examiner heads, and no tie between them
    first, second = teachers(desk, 2)
    one = begin_post(desk, [first, second], next(_subjects), process="recruitment_scores")
    with desk.rooms.database.write() as session:
        session.execute(
            update(Candidacy)
            .where(Candidacy.round_key == one.round.key, Candidacy.username == first.username)
            .values(unit="市教研机构")
        )
    one.write(80, 90)
    assert "是市教研机构的负责人" in words(one, "panel_barred")
    one.seat_panel(HEAD, *RATERS[1:])
    assert "R-SCHOOL" in words(one, "panel_problems")
    one.seat_panel(*RATERS)
    assert one.open_elements() == ["attendance"]
    # of another school's candidate they are asked, and of all where the bureau says so
    with desk.rooms.read() as session:
        people = session.scalars(
            select(Candidacy).where(Candidacy.round_key == one.round.key)
        ).all()
        each = kept_from_scoring(session, people, {HEAD.username}, having())
        assert HEAD.username in each[first.username]
        assert HEAD.username not in each[second.username]
        assert HEAD.username not in kept_out(
            session, people, {HEAD.username}, having(same_school="否")
        )
