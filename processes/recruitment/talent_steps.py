"""The service task of 人才引进 alone: the catalogue and the consent of the city's group."""

from processes.recruitment.applications import TALENT_APPROVED
from processes.recruitment.history import acts_of, locked, note
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.steps import step_of, today_of
from processes.recruitment.variables import day_or_none, key_of, words_of
from processes.registers.norms import Refusal
from service.domain.values import Variables
from service.procedure import TaskContext

_PAPERS = (("catalogue", "年度引进目录"), ("consent", "市人才工作领导小组同意"))


def check_approval(context: TaskContext) -> Variables:
    """`recruitment.talent-approval`: write down that a round may bring talent in (R-CH-C2).

    Takes `round_key`, and `catalogue_number`, `catalogue_on`, `consent_number`, `consent_on`,
    `approval_document`. Gives `approval_problems`; nothing is written where there is one.
    """
    variables, today = context.variables, today_of(context)
    problems: list[Refusal] = []
    norm = NORMS["R-CH-C2"]
    for name, label in _PAPERS:
        on = day_or_none(variables.get(f"{name}_on"))
        if not words_of(variables, f"{name}_number"):
            problems.append(norm.refuses(f"{label}：请填写文号"))
        if on is None:
            problems.append(norm.refuses(f"{label}：请填写日期"))
        elif on > today:
            problems.append(norm.refuses(f"{label}：日期不能晚于今天"))
    if not variables.get("approval_document"):
        problems.append(norm.refuses("请上传文件"))
    round_ = locked(context.session, key_of(variables, "round_key"))
    known = any(one.act == TALENT_APPROVED for one in acts_of(context.session, round_.key))
    if not problems and not known:
        said = {f"{name}_number": words_of(variables, f"{name}_number") for name, _ in _PAPERS}
        note(
            context.session, round_, TALENT_APPROVED, said, step_of(context),
            reason="在引进目录内，市人才工作领导小组同意",
        )  # fmt: skip
        context.log("引进目录和同意已登记")
    return {"approval_problems": [*problems]}
