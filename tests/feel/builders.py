"""Forms in few words."""

from typing import cast

from service.domain.values import Json


def form(*components: Json) -> Json:
    return {"type": "default", "id": "form", "schemaVersion": 19, "components": list(components)}


def field(type_: str, key: str, **properties: Json) -> Json:
    return {"type": type_, "id": f"id_{key.replace('.', '_')}", "key": key, **properties}


def text(key: str = "answer", **properties: Json) -> Json:
    return field("textfield", key, **properties)


def choice(type_: str, *values: Json, **properties: Json) -> Json:
    options = cast("Json", [{"label": f"选项{value}", "value": value} for value in values])
    return field(type_, "answer", values=options, **properties)


def group(path: str, *components: Json, **properties: Json) -> Json:
    return {
        "type": "group",
        "id": f"group_{path}",
        "path": path,
        "components": list(components),
        **properties,
    }


def rows(path: str, *components: Json, **properties: Json) -> Json:
    return {
        **cast("dict[str, Json]", group(path, *components)),
        "type": "dynamiclist",
        **properties,
    }


def hidden_when(test: str) -> Json:
    return {"hide": f"={test}"}


REQUIRED: Json = {"required": True}
