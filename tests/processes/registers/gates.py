"""What the gates of the register of researchers ask for: decisions, admissions, settings."""

from datetime import UTC, datetime

from processes.committee.tables import Item
from processes.registers import set_values
from processes.registers.days import bureau_day
from processes.registers.settings import Setting
from processes.registers.staffing.tables import STAFFING_RULES
from service.domain.actors import SYSTEM
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import (
    CITY,
    SEAT,
    qualify,
)

ITEM = 4503599627370500


def decide(office: Office, key: int = ITEM, **changes: object) -> None:
    """Put an item that was decided into the Party group's register."""
    filled: dict[str, object] = {
        "meeting_key": None, "position": 1, "state": "decided", "item_class": "exit",
        "title": "教研员01退出教研队伍", "text": "拟同意", "materials": [],
        "subject": "researcher01",
        "subject_name": "教研员01", "process_id": "", "instance_key": None, "proposed_by": "s",
        "proposed_at": office.now, "previous_key": None, "root_key": key, "unit": "",
        "matter": "", "ground": "", "chair": "",
        "method": "open", "round": 1, "readiness": "", "counts": {},
        "outcome": "CARRIED", "words": "", "reason": "",
        "escalate": False, "rules_version": "v", "decided_at": office.now,
    }  # fmt: skip
    with office.write() as tools:
        tools.session.add(Item(key=key, **(filled | changes)))


def allow(office: Office, **changes: object) -> None:
    """Let the Party group allow a part-timer for the cell."""
    about = f"专职教研员未配齐时聘任兼职：市教研机构{SEAT}"
    nobody: dict[str, object] = {"subject": "", "subject_name": "", "item_class": "other"}
    decide(office, ITEM, **nobody | {"title": about} | changes)


def appoint(office: Office, key: int = ITEM, **changes: object) -> str:
    """Let the Party group appoint 教研员01 on the day they come; return the item's number."""
    said: dict[str, object] = {
        "item_class": "recruitment", "title": f"聘任教研员01为{SEAT}教研员", "unit": CITY,
        "decided_at": datetime(2026, 3, 1, 2, tzinfo=UTC),
    }  # fmt: skip
    decide(office, key, **said | changes)
    return str(key)


def engage(office: Office, key: int, username: str, kind: str, **changes: object) -> str:
    """Let the Party group engage somebody without a seat; return the item's number."""
    name = username.replace("researcher", "教研员")
    said: dict[str, object] = {
        "title": f"聘任{name}为{kind}教研员（{SEAT}）", "subject": username, "subject_name": name,
    }  # fmt: skip
    return appoint(office, key, **said | changes)


def admit(office: Office, *usernames: str) -> None:
    with office.write() as tools:
        for username in usernames:
            qualify(tools.session, username, office.now)


def set_to(office: Office, setting: Setting, value: str) -> None:
    with office.write() as tools:
        revision = set_values.values_on(tools.session, bureau_day(office.now)).revision
        set_values.set_value(
            tools, setting, value, register=STAFFING_RULES, reason="测试",
            effective_from=bureau_day(office.now), revision=revision, actor=SYSTEM, now=office.now,
        )  # fmt: skip
