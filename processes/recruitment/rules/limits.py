"""What forms show of the settings by which a step will look at what is filled in. Pure.

A step that looks again gives them again, so that a form which comes back shows what was applied;
`version` is what a decision of that day records.
"""

from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.norms import applied
from processes.registers.settings import SettingValues
from service.domain.values import Json


def plan_limits(channel: Channel, values: SettingValues) -> dict[str, Json]:
    """Return what binds a plan: days of the notice and of registration, ratio, panel, line."""
    return {
        "version": applied(values),
        "notice_days": values.number(settings.NOTICE_DAYS),
        "window_least": values.number(settings.REGISTRATION_LEAST),
        "window_most": values.number(settings.REGISTRATION_MOST),
        "ratio": values.number(settings.OPENING_RATIO[channel]),
        "panel_least": values.number(settings.PANEL_LEAST),
        "pass_line": values.number(settings.PASS_LINE),
        "drop_extremes": values.text(settings.DROP_EXTREMES),
    }


def appointment_limits(values: SettingValues) -> dict[str, Json]:
    """Return what binds an appointment: the contract in years, the trials in months."""
    return {
        "version": applied(values),
        "contract_years": values.number(settings.CONTRACT_YEARS),
        "trial_first": values.number(settings.TRIAL_FIRST),
        "trial_other": values.number(settings.TRIAL_OTHER),
        "trial_selection": values.number(settings.TRIAL_SELECTION),
        "trial_most": settings.TRIAL_OTHER.most,
    }


def engagement_limits(values: SettingValues) -> dict[str, Json]:
    """Return what binds an engagement of D or E: its length, and who may be rehired."""
    return {
        "version": applied(values),
        "rehire_months": values.number(settings.REHIRE_MONTHS),
        "part_time_least": values.number(settings.PART_TIME_LEAST),
        "part_time_most": values.number(settings.PART_TIME_MOST),
        "oldest": values.number(settings.REHIRE_OLDEST),
        "title": values.text(settings.REHIRE_TITLE),
    }
