"""A district's researchers are the district's to decide on: said at the need, no later."""

import pytest

from processes.sample.units import DISTRICTS
from service.domain.values import Json
from tests.processes.desk import Desk
from tests.processes.recruitment.deciding import run_jobs, start, tasks
from tests.processes.recruitment.engaging import RESEARCHER, apply, ask_for

pytestmark = pytest.mark.usefixtures("begin")
DISTRICT = DISTRICTS[0].research


def refused(desk: Desk, case: int, name: str) -> str:
    told = desk.variables(case)[name]
    assert isinstance(told, list)
    assert len(told) == 1, "nothing else of it matters"
    return str(told[0])


def require_words(said: str) -> None:
    assert "C-LEVEL" in said
    assert "《方案》三（四）和人事管理权限" in said
    assert "请由区教育局按本级程序办理" in said


@pytest.mark.parametrize("channel", ["recruitment_selection", "recruitment_open"])
def test_a_round_for_a_district_is_not_opened(bureau: Desk, channel: str) -> None:
    posts: Json = [{"seat": "小学语文"}]
    case = start(
        bureau, channel, actor=RESEARCHER, need_unit=DISTRICT.name, need_posts=posts,
        need_reason="退休后空缺",
    )  # fmt: skip
    run_jobs(bureau)
    require_words(refused(bureau, case, "need_problems"))
    # the way on: another need, or none
    assert tasks(bureau, case, "change_need")


def test_nobody_is_engaged_for_a_district(bureau: Desk) -> None:
    rehired = ask_for(bureau, wanted_unit=DISTRICT.name)
    require_words(refused(bureau, rehired, "engagement_problems"))
    part_time = apply(bureau, wanted_unit=DISTRICT.name)
    require_words(refused(bureau, part_time, "engagement_problems"))
    assert tasks(bureau, part_time, "amend")
