"""Every address of the pages, to be asked by people for whom one rule holds at all of them."""

import re
from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

OPEN = {
    "sign_in.show", "sign_in.enter", "sign_in.leave", "sign_in.session", "health.alive",
    "health.ready", "metrics.show", "passwords.offer", "passwords.accept",
}  # fmt: skip
"""Tell nothing of the house."""


def addresses(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Yield rule, method and an address of each page; without files, API and public pages."""
    for rule in app.url_map.iter_rules():
        elsewhere = ("/static", "/docs", "/openapi.json", "/v2/", "/api/", "/public")
        if not rule.rule.startswith(elsewhere):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, address(rule.rule)


def address(rule: str) -> str:
    """Return an address of this rule: the first of the words it takes, or a number."""
    return re.sub(r"<[^>]+>", "1", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule))
