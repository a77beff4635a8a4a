"""Two requests for the same retired teacher, signed at the same moment, on a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest

from processes.sample import registers
from service.commands import calendar_estimates
from tests.processes import party_group
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import run_jobs, settle_waiting, tasks
from tests.processes.recruitment.engaging import (
    RETIRED,
    VERIFIED,
    ask_for,
    consent,
    do,
    engagement,
    entries,
    look_up_record,
    only,
    pass_notice,
    qualify,
)

pytestmark = pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)


def test_of_two_agreements_for_one_person_one_counts_and_the_other_says_why(desk: Desk) -> None:
    desk.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
    party_group.settle(desk)
    calendar_estimates.bring_up_to_date(desk.rooms, now=desk.clock())
    with desk.rooms.write() as tools:
        registers.fill(tools, desk.clock())
    qualify(desk, RETIRED)
    both = []
    for _ in range(2):
        case = ask_for(desk)
        consent(desk, case)
        do(desk, case, "verify", "verified", filled=VERIFIED)
        look_up_record(desk, case)
        both.append(engagement(desk, case))
    for engaged in both:
        settle_waiting(desk, engaged)
    for engaged in both:
        pass_notice(desk, engaged)
    barrier = Barrier(2)

    def sign(engaged: int) -> None:
        task = only(desk, engaged, "sign")
        days = {"begins_on": "2026-04-01", "last_day": "2026-09-30"}
        barrier.wait()
        desk.complete(task, "signed", {**days}, actor=OFFICER, comment="")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sign, both))
    run_jobs(desk)
    (entry,) = entries(desk, RETIRED)
    assert entry.covers == "小学语文"
    (open_one,) = [one for one in both if tasks(desk, one, "sign")]
    assert "已经在教研员名册里登记" in str(desk.variables(open_one)["engagement_problems"])
    # without its days it comes back; it can be ended, and leaves the entry as it is
    do(desk, open_one, "sign", "signed", begins_on=None, last_day=None)
    assert "请填写开始日和届满日" in str(desk.variables(open_one)["engagement_problems"])
    do(desk, open_one, "sign", "declined", begins_on=None, last_day=None)
    assert len(entries(desk, RETIRED)) == 1
