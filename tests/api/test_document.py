"""The OpenAPI document: made of the code, complete, and in Camunda's own words."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from typing import Any

import camunda_orchestration_sdk.api
import pytest
from pydantic.alias_generators import to_snake

from service.web.api.document import document_of
from service.web.api.operations import Operation
from service.web.api.routes import all_operations

OPERATIONS = list(all_operations())
CAMUNDAS = [one for one in OPERATIONS if one.rule.startswith("/v2/")]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(document_of(OPERATIONS, "教研")))
    return made


def described(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def test_it_is_openapi_3_1_with_all_ways_to_sign_in(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert set(document["components"]["securitySchemes"]) == {"basic", "bearer", "session", "csrf"}
    assert {"session": [], "csrf": []} in document["security"]


def test_every_operation_is_in_it_once(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for operation in described(document)]
    assert sorted(ids) == sorted(operation.id for operation in OPERATIONS)
    assert len(set(ids)) == len(ids)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = {part["$ref"] for part in parts(document) if isinstance(part.get("$ref"), str)}
    for reference in references:
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
    assert references


def test_every_operation_says_what_it_is_and_how_it_refuses(document: dict[str, Any]) -> None:
    for operation in described(document):
        assert operation["summary"], operation["operationId"]
        assert {"400", "401", "500"} <= operation["responses"].keys()
        assert {"200", "204"} & operation["responses"].keys()
        named = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        assert all(one.get("required") for one in operation["parameters"] if one["in"] == "path")
        assert named == {name for name in named if name[0].islower()}


def test_refusals_are_problem_json(document: dict[str, Any]) -> None:
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]
    problem = document["components"]["schemas"]["ProblemDetail"]
    assert {"type", "title", "status", "detail", "instance", "code"} == set(problem["required"])


def test_schemas_know_only_words_of_json_schema(document: dict[str, Any]) -> None:
    known = {
        "$ref", "additionalProperties", "allOf", "anyOf", "const", "default", "description", "enum",
        "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength",
        "maximum", "minItems", "minLength", "minimum", "oneOf", "pattern", "properties", "required",
        "type",
    }  # fmt: skip

    def check(schema: dict[str, Any]) -> None:
        assert schema.keys() <= known, schema.keys() - known
        for name in ("items", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                check(schema[name])
        for name in ("anyOf", "oneOf", "allOf"):
            for one in schema.get(name, []):
                check(one)
        for one in schema.get("properties", {}).values():
            check(one)

    for schema in document["components"]["schemas"].values():
        check(schema)


@pytest.mark.parametrize("operation", CAMUNDAS, ids=lambda operation: operation.id)
def test_an_operation_of_v2_is_camundas(operation: Operation) -> None:
    source = _of_the_sdk(to_snake(operation.id))
    path = operation.rule.removeprefix("/v2").replace("<", "{").replace(">", "}")
    assert f'"url": "{path}"' in source
    assert f'"method": "{operation.method.lower()}"' in source
    returns = operation.types["return"]
    succeeds = "response_204 = " if returns is None else "response_200 = "
    assert succeeds in source


def _of_the_sdk(name: str) -> str:
    package = camunda_orchestration_sdk.api
    for subject in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        modules = importlib.import_module(subject.name)
        if any(module.name == name for module in pkgutil.iter_modules(modules.__path__)):
            return inspect.getsource(importlib.import_module(f"{subject.name}.{name}"))
    raise AssertionError(f"the SDK has no operation {name}")
