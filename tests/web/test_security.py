"""What every answer tells the browser."""

import pytest

from tests.fixtures_store import Cast
from tests.web.conftest import Visit


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/healthz", "/start"])
def test_scripts_come_from_ourselves_alone(visit: Visit, cast: Cast, path: str) -> None:
    headers = visit(cast.applicant).get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_has_a_script_of_its_own(visit: Visit, cast: Cast) -> None:
    page = visit(cast.applicant).get("/").text
    for tag in page.split("<script")[1:]:
        assert tag.startswith((' type="module" src="/static/dist/', ' type="application/json"'))
    assert " onclick=" not in page


def test_over_plain_http_browsers_are_not_told_to_stay_with_https(visit: Visit) -> None:
    assert "Strict-Transport-Security" not in visit(None).get("/sign-in").headers
