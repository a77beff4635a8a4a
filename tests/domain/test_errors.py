"""An error's docstring is what a person reads; its code is what a program relies on."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import service
from service.domain.errors import FieldsInvalid, JiaoyanError

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def every_error() -> Iterator[type[JiaoyanError]]:
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    waiting = [JiaoyanError]
    while waiting:
        kind = waiting.pop()
        yield kind
        waiting.extend(kind.__subclasses__())


ERRORS = sorted(set(every_error()), key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


def test_the_fields_are_filled_into_the_message() -> None:
    error = FieldsInvalid({"姓名": ["此项必填。"], "年限": ["不能小于 0。", "请输入数字。"]})
    assert error.message.startswith("有 3 处填写有误")


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__qualname__)
def test_every_error_tells_a_person_something_in_chinese(kind: type[JiaoyanError]) -> None:
    assert kind.__doc__
    assert CHINESE.search(kind.__doc__.split("\n\n")[0])


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.__dict__.get("code") for kind in ERRORS]
    assert None not in codes, [k for k in ERRORS if "code" not in k.__dict__]
    assert len(codes) == len(set(codes))
