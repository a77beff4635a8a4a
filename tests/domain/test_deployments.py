"""How a deployment is refused."""

from service.domain.deployments import DeploymentRefused
from service.domain.problems import Problem, Severity


def problem(rule: str, severity: Severity) -> Problem:
    return Problem("a.bpmn", "calc", "计算", rule, "有误。", "请改正。", severity)


def test_what_refuses_comes_first_and_alone_is_counted() -> None:
    doubts = [problem("feel-name", Severity.WARNING)] * 3
    refused = DeploymentRefused([*doubts, problem("element-supported", Severity.ERROR)])
    assert refused.message.startswith("部署没有进行：共有 1 处问题")
    assert refused.problems[0].rule == "element-supported"
    assert len(refused.problems) == 4
