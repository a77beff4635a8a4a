"""Files that are not plain, bounded XML, and files that break the standard's schema."""

import pytest

from service.domain.problems import Severity
from service.engine import RULES, check_dmn
from service.feel import FeelPool
from tests.engine.builders import user
from tests.engine.checking import check, errors, sound, with_user_task

FILES = {
    "nothing": (b"", "xml-well-formed"),
    "no XML": (b"PK\x03\x04", "xml-well-formed"),
    "cut off": (sound()[:-20], "xml-well-formed"),
    "no BPMN": (b"<html><body/></html>", "bpmn-definitions"),
    "a DOCTYPE": (b"<!DOCTYPE x>" + sound(), "xml-doctype"),
    "an entity that reads a file": (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + sound(),
        "xml-doctype",
    ),
    "entities of entities": (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        + sound().replace(b'id="check"', b'id="check" name="&b;"'),
        "xml-doctype",
    ),
    "a DOCTYPE in UTF-16": (
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>' + sound().decode()).encode("utf-16"),
        "xml-doctype",
    ),
    "an entity that nobody declared": (
        sound().replace(b'id="check"', b'id="check" name="&foo;"'),
        "xml-well-formed",
    ),
    "more than 5 MB": (sound() + b" " * (5 * 1024 * 1024), "xml-size"),
    "2,000 levels": (b"<a>" * 2_000 + b"</a>" * 2_000, "xml-depth"),
    "2,000 levels inside a diagram": (
        sound().replace(b"</bpmn:process>", b"<bpmn:subProcess>" * 2_000
                        + b"</bpmn:subProcess>" * 2_000 + b"</bpmn:process>"),
        "xml-depth",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_one_problem(feel: FeelPool, name: str) -> None:
    content, rule = FILES[name]

    [problem] = check(content, feel)

    assert (problem.rule, problem.severity) == (rule, Severity.ERROR)


@pytest.mark.parametrize("name", [n for n in FILES if n != "no BPMN"])
def test_a_decision_file_is_read_as_carefully(feel: FeelPool, name: str) -> None:
    content, rule = FILES[name]

    [problem] = check_dmn(content, resource="x.dmn", feel=feel)

    assert problem.rule in (rule, "dmn-definitions")


def test_xml_that_is_not_well_formed_is_told_with_line_and_column(feel: FeelPool) -> None:
    [problem] = check(b"<a>\n  <b>\n</a>", feel)

    assert "第 3 行" in problem.message
    assert "列" in problem.message


SCHEMA = {
    "an attribute that the standard does not know": (
        sound().replace(b'<bpmn:userTask id="check"', b'<bpmn:userTask id="check" colour="red"'),
        "check",
        "属性 colour 不能写在这里",
    ),
    "an attribute that is missing": (
        sound().replace(b' targetNamespace="http://jiaoyan.test/bpmn"', b""),
        "definitions",
        "缺少必需的属性 targetNamespace",
    ),
    "a value that is none": (
        sound().replace(b' isExecutable="true"', b' isExecutable="true" isClosed="maybe"'),
        "P",
        "属性 isClosed 的取值不合要求",
    ),
    "an id that is no XML name": (
        with_user_task(user("check")).replace(b'"start_check"', b'"1 flow"'),
        "1 flow",
        "属性 id 的取值不合要求",
    ),
    "an element out of its order": (
        sound().replace(b'<bpmn:userTask id="check"',
                        b'<bpmn:textAnnotation id="note" /><bpmn:userTask id="check"'),
        "check",
        "元素 userTask 的位置或名称不对",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMA)
def test_what_breaks_the_standard_s_schema_is_told_in_words(feel: FeelPool, name: str) -> None:
    source, element_id, words = SCHEMA[name]

    problems = check(source, feel)

    assert errors(problems) == {("bpmn-schema", element_id)}
    assert words in problems[0].message


def test_every_rule_has_a_title_and_a_source() -> None:
    assert all(rule.id == key and rule.title and rule.source for key, rule in RULES.items())
