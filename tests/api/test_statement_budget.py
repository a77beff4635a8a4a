"""What a completion costs the database, from the credentials to the commit."""

from service.domain.values import Json
from tests.api.conftest import LEAVE, Call, Client, deployed
from tests.fixtures_store import Cast, CountStatements

BUDGET = 15


def test_a_completion_stays_within_its_statements_and_commits_once(
    client: Client, call: Call, cast: Cast, count_statements: CountStatements
) -> None:
    deployed(client(cast.officer), *LEAVE)
    officer, applicant = call(cast.officer), call(cast.applicant)
    for days in (1, 2):
        body: Json = {"processDefinitionId": "leave", "variables": {"reason": "病", "days": days}}
        applicant("POST", "/v2/process-instances", body)
    first, second = officer("POST", "/v2/user-tasks/search").json["items"]
    approved: Json = {"variables": {"finding": "属实"}, "action": "approve"}
    # The first reads the models that the second finds in memory.
    officer("POST", f"/v2/user-tasks/{first['userTaskKey']}/completion", approved)
    with count_statements() as statements:
        officer("POST", f"/v2/user-tasks/{second['userTaskKey']}/completion", approved)
    assert 5 < len(statements) <= BUDGET, "\n\n".join(statements.texts)
    assert statements.commits == 1
