"""A 公示 and an engagement name the version of recruitment's rules they rest on."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from processes.recruitment.rules.norms import RULES_VERSION
from processes.registers import changes
from processes.registers.staffing.rosters import RESEARCHER_ROSTER
from processes.registers.staffing.tables import Researcher
from tests.processes.desk import Desk
from tests.processes.recruitment.deciding import disclosure_of, settle_waiting
from tests.processes.recruitment.engaging import (
    RETIRED,
    VERIFIED,
    ask_for,
    consent,
    do,
    engagement,
    entries,
    look_up_record,
    pass_notice,
    qualify,
    sign,
)
from tests.processes.recruitment.noticing import post

pytestmark = pytest.mark.usefixtures("begin")


@pytest.fixture(autouse=True)
def nobody_rehired(bureau: Desk) -> Iterator[None]:
    yield
    with bureau.rooms.database.write() as session:
        session.execute(delete(Researcher).where(Researcher.kind == "返聘银龄"))


def test_a_notice_ends_with_the_version_of_its_rules(bureau: Desk) -> None:
    case = post(bureau)
    kept = bureau.variables(case)["notice_rules"]
    assert str(kept).startswith(f"{RULES_VERSION}/")
    assert disclosure_of(bureau, case).content.endswith(f"规则版本 {kept}。")


def test_the_register_names_the_rules_by_which_somebody_was_engaged(bureau: Desk) -> None:
    qualify(bureau, RETIRED)
    case = ask_for(bureau)
    consent(bureau, case)
    do(bureau, case, "verify", "verified", filled=VERIFIED)
    look_up_record(bureau, case)
    engaged = engagement(bureau, case)
    settle_waiting(bureau, engaged)
    pass_notice(bureau, engaged)
    sign(bureau, engaged, "2026-04-01", "2026-09-30")
    rules = bureau.variables(engaged)["engagement_rules"]
    (entry,) = entries(bureau, RETIRED)
    with bureau.rooms.read() as session:
        (begun,) = changes.history(session, RESEARCHER_ROSTER, entry.key)
    assert begun.rules.startswith(f"{RESEARCHER_ROSTER.rules_version}/")
    assert begun.rules.endswith(f"；招聘规则 {rules}")
