"""Who leads the school of a candidate scores none of that school's (R-SCHOOL, a setting).

No tie of 人社部规〔2019〕1号 says so: it is asked of the posts, on the day of the step.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from processes.recruitment.rules import settings
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.tables import Candidacy
from processes.registers.settings import SettingValues
from service.procedure import posts_of_each, recusals


def kept_from_scoring(
    session: Session,
    candidates: Sequence[Candidacy],
    examiners: Collection[str],
    values: SettingValues,
) -> dict[str, Mapping[str, str]]:
    """Return by the candidate's user name which of these examiners keep out, and why.

    By the ties declared now, and where the setting says so as heads of the candidate's school.
    """
    found = {one.username: recusals(session, [one.username]) for one in candidates}
    if not values.truth(settings.SAME_SCHOOL):
        return {**found}
    posts = posts_of_each(session, {*examiners, *found})
    led = {one: [post for post in posts[one] if post.heads_unit] for one in examiners}
    told: dict[str, Mapping[str, str]] = {}
    for one in candidates:
        units = {post.unit_id for post in posts[one.username]}
        heads = {
            examiner: f"是{post.unit}的负责人，{one.name}是本校人员（规则 {NORMS['R-SCHOOL'].id}）"
            for examiner, its in led.items()
            for post in its
            if post.unit_id in units or post.unit == one.unit
        }
        told[one.username] = {**heads, **found[one.username]}
    return told


def kept_out(
    session: Session,
    candidates: Sequence[Candidacy],
    examiners: Collection[str],
    values: SettingValues,
) -> dict[str, str]:
    """Return who of these must keep out of any of the candidates, and why."""
    each = kept_from_scoring(session, candidates, examiners, values)
    return {who: why for its in each.values() for who, why in its.items()}
