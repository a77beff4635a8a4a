"""Settings open a channel, or the wrong one is named; nothing is sent in the open by mistake."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.channels import senders
from service.connectors.senders import Senders
from service.domain.outgoing import Channel
from service.settings import SettingInvalid, Settings

SECRET = "0f9c1b7a6d3e58420f9c1b7a6d3e5842"
ALL = Settings(
    base_url="https://jiaoyan.example.cn",
    sms_url="https://sms.example.cn",
    sms_token="t",
    mail_host="mail.example.cn",
    mail_from="oa@example.cn",
    mail_username="oa",
    mail_password=SECRET,
    wecom_url="https://wecom.example.cn",
    dingtalk_url="https://dingtalk.example.cn",
    dingtalk_secret=SECRET,
    feishu_url="https://feishu.example.cn",
    feishu_secret=SECRET,
    hook_url="https://hook.example.cn",
    hook_secret=SECRET,
)


def opened(settings: Settings) -> Senders:
    return senders(settings, "教研", lambda: datetime(2026, 3, 2, tzinfo=UTC))


def test_without_a_setting_nothing_leaves_the_house() -> None:
    assert opened(Settings()) == {}


def test_every_channel_can_be_opened_and_tells_no_secret() -> None:
    found = opened(ALL)
    assert set(found) == set(Channel)
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"sms_url": "http://sms.example.cn"}, "SMS_URL"),
        ({"sms_token": ""}, "SMS_TOKEN"),
        ({"wecom_url": "http://w.example.cn"}, "WECOM_URL"),
        ({"dingtalk_url": "ftp://d.example.cn"}, "DINGTALK_URL"),
        ({"feishu_url": "feishu"}, "FEISHU_URL"),
        ({"hook_url": "http://h.example.cn"}, "HOOK_URL"),
        ({"hook_secret": "short"}, "HOOK_SECRET"),
        ({"mail_from": ""}, "MAIL_FROM"),
        ({"mail_from": "oa@example.cn\nBcc: x@example.cn"}, "MAIL_FROM"),
        ({"mail_from": "教研 <oa@example.cn>"}, "MAIL_FROM"),
        ({"mail_port": 0}, "MAIL_PORT"),
        ({"mail_port": 70_000}, "MAIL_PORT"),
        ({"mail_security": "ssl3"}, "MAIL_SECURITY"),
        ({"mail_security": "none"}, "MAIL_SECURITY"),
        ({"base_url": ""}, "BASE_URL"),
    ],
)
def test_a_setting_that_would_do_harm_is_refused_by_its_name(
    changes: dict[str, str], variable: str
) -> None:
    with pytest.raises(SettingInvalid, match=f"JIAOYAN_{variable}"):
        opened(replace(ALL, **changes))  # type: ignore[arg-type]  # fields of several types


@pytest.mark.parametrize("hour", ["24", "99"])
def test_the_hour_of_the_summary_is_one_of_the_day(hour: str) -> None:
    with pytest.raises(SettingInvalid, match="JIAOYAN_DIGEST_HOUR"):
        Settings.read({"JIAOYAN_DIGEST_HOUR": hour})
