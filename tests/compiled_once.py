"""What each Flask application compiles for itself is compiled once for all of a test process.

Most tests of pages and of the API make an application of their own, and each would write and
compile two functions for every route, and every template that it shows. They are the same each
time: of routes that are alike the functions, of templates that have not changed the bytecode.
"""

from collections.abc import Callable

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_Build = Callable[..., tuple[str, str]]


class TemplatesInMemory(BytecodeCache):
    """Keeps the bytecode by the template's name and the digest of its source, as Jinja asks."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def install() -> None:
    """From now on, for all applications of this process."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": TemplatesInMemory()}
    compile_builder = Rule._compile_builder
    kept: dict[tuple[object, ...], _Build] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> _Build:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        alike = (rule.rule, append_unknown, *rule._trace)
        if alike not in kept:
            kept[alike] = compile_builder(rule, append_unknown)
        return kept[alike]

    Rule._compile_builder = compile_once  # type: ignore[assignment, method-assign]
