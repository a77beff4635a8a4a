"""The number of an item as people read it names the decision by which somebody comes."""

import pytest

from processes.registers.party_group.decisions import item_number
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import newcomer, seat
from tests.processes.registers.gates import ITEM, admit, appoint


@pytest.fixture
def seated(office: Office) -> Office:
    """An office whose seat SJ-01 is free."""
    office.enter(SEAT_ROSTER, seat())
    return office


def refusal(office: Office, said: str) -> str:
    cells = newcomer(appointment_basis=said, began_on="2026-03-02")
    return office.refused(RESEARCHER_ROSTER, cells)["appointment_basis"]


@pytest.mark.parametrize("second", [str(ITEM), item_number(ITEM)])
@pytest.mark.parametrize("first", [str(ITEM), item_number(ITEM)])
def test_a_decision_brings_somebody_once_however_it_is_written(
    seated: Office, first: str, second: str
) -> None:
    admit(seated, "researcher01")
    appoint(seated)
    came = newcomer(appointment_basis=f"局党组会议，议题编号：{first}")
    key = seated.enter(RESEARCHER_ROSTER, came)
    seated.end(RESEARCHER_ROSTER, key, "取消聘用", "2026-03-02")
    told = refusal(seated, f"议题{second}")
    assert f"议题{item_number(ITEM)}的决定已经用过" in told
    assert str(ITEM) not in told


@pytest.mark.parametrize(
    "said", [item_number(ITEM).replace("-", ""), item_number(ITEM).lower(), "YT-", "YT-0-1"]
)
def test_another_writing_is_no_number(seated: Office, said: str) -> None:
    admit(seated, "researcher01")
    appoint(seated)
    assert "请填写已议定的议题编号" in refusal(seated, said)
