"""What an application and a database compile for themselves, compiled once for a test process.

Most tests of pages and of the API make an application of their own, and each would write and
compile two functions for every route, read the route's text, and compile every template that it
shows. They are the same each time: of routes that are alike what was read and the functions, of
templates that have not changed the bytecode.

Most tests of procedures open a database of their own, and SQLAlchemy keeps what it has compiled
with the database. A statement reads the same to all databases of one kind.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

_Build = Callable[..., tuple[str, str]]
_Read = tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]
_STATEMENTS = 10_000
"""More than the program knows."""


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
    """From now on, for all applications and databases of this process."""
    _compile_templates_once()
    _read_routes_once()
    _compile_routes_once()
    _compile_statements_once()


def _compile_templates_once() -> None:
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": TemplatesInMemory()}


def _read_routes_once() -> None:
    read = Rule._parse_rule
    kept: dict[tuple[object, ...], _Read] = {}

    def read_once(rule: Rule, text: str) -> list[RulePart]:
        alike = (text, *rule.map.converters.values())
        if alike in kept:
            parts, trace, converters = kept[alike]
            rule._trace.extend(trace)
            rule._converters.update(converters)
            rule.arguments.update(converters)
            return parts
        begun = len(rule._trace)
        parts = list(read(rule, text))
        trace = rule._trace[begun:]
        converters = {name: rule._converters[name] for variable, name in trace if variable}
        kept[alike] = parts, trace, converters
        return parts

    Rule._parse_rule = read_once  # type: ignore[assignment, method-assign]


def _compile_routes_once() -> None:
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


def _compile_statements_once() -> None:
    """A key of what is kept holds the dialect, so those of one kind are to be the same key."""
    kept: LRUCache[Any, Any] = LRUCache(_STATEMENTS)
    always_this = property(lambda _engine: kept, lambda _engine, _own: None)
    Engine._compiled_cache = always_this  # type: ignore[assignment]
    DefaultDialect.__eq__ = _is_of_the_same_kind  # type: ignore[assignment, method-assign]
    DefaultDialect.__hash__ = _hash_of_kind  # type: ignore[assignment, method-assign]


def _is_of_the_same_kind(dialect: DefaultDialect, other: object) -> bool:
    return type(dialect) is type(other)


def _hash_of_kind(dialect: DefaultDialect) -> int:
    return hash(type(dialect))
