"""The rooms keep their doors: the import contracts of pyproject.toml and the rules of the house."""

import ast
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests import house_rules
from tests.house_rules import ROOT

SERVICE_MODULES = sorted(
    entry.stem
    for entry in (ROOT / "service").iterdir()
    if entry.suffix == ".py" or (entry / "__init__.py").exists()
)


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def contracts() -> list[dict[str, list[str]]]:
    linter = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]
    return list(linter["contracts"])


def keep_loggers(verbose: bool) -> None:
    """Do nothing: the linter's own set-up silences every logger of the process for good."""


def test_rooms_import_only_what_the_contracts_allow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("importlinter.cli._configure_logging", keep_loggers)
    status = lint_imports(
        config_filename=str(ROOT / "pyproject.toml"), cache_dir=str(tmp_path), no_logo=True
    )
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("name", [name for name in SERVICE_MODULES if name != "__init__"])
def test_every_module_directly_in_service_is_named_in_the_contracts(name: str) -> None:
    named = {
        module
        for contract in contracts()
        for key in ("source_modules", "forbidden_modules")
        for module in contract.get(key, [])
    }
    assert f"service.{name}" in named


@pytest.mark.parametrize(
    "path", [path for path in house_rules.sources() if path.endswith("/__init__.py")]
)
def test_every_package_has_a_room_sign(path: str) -> None:
    assert ast.get_docstring(ast.parse(read(path)))


def test_no_module_is_longer_than_a_reader_can_keep_in_mind() -> None:
    paths = house_rules.sources(suffixes=".py .js .cjs .mjs")
    assert [path for path in paths if house_rules.too_long(path, read(path))] == []


@pytest.mark.parametrize("path", house_rules.LOCK_FILES)
def test_no_lock_file_names_the_address_of_a_registry(path: str) -> None:
    assert house_rules.registry_addresses(read(path)) == []


def test_only_the_entry_points_read_the_environment() -> None:
    allowed = house_rules.MAY_READ_ENVIRONMENT
    folders = ("service", "processes")
    assert house_rules.breaches(folders, allowed, house_rules.reads_environment) == []


def test_only_the_entry_points_and_the_source_of_keys_read_the_clock() -> None:
    allowed = house_rules.MAY_READ_CLOCK
    assert house_rules.breaches(("service", "processes"), allowed, house_rules.reads_clock) == []


def test_only_store_defines_the_tables_of_the_service() -> None:
    allowed = house_rules.MAY_DEFINE_TABLES
    assert house_rules.breaches(("service",), allowed, house_rules.defines_table) == []


def test_days_are_written_for_people_in_one_way() -> None:
    """Another would put 2026年07月31日 and 2026年7月31日 on one page."""
    paths = house_rules.sources(("service", "processes"), ".py .html .js")
    found = {path: house_rules.written_dates(read(path)) for path in paths}
    assert {path for path, lines in found.items() if lines} == house_rules.MAY_WRITE_DATES


@pytest.mark.parametrize(
    "line",
    [
        'at.strftime("%Y年%m月%d日 %H:%M")',
        'f"{day.year}年{day.month}月{day.day}日"',
        'f"{day:%Y年%-m月%-d日}"',
        "{{ value.year }}年{{ value.month }}月{{ value.day }}日",
        "`${day.year}年${day.month}月${day.day}日`",
    ],
)
def test_a_day_written_elsewhere_is_seen(line: str) -> None:
    assert house_rules.written_dates(line) == [1]


def test_a_length_of_time_is_no_day() -> None:
    assert not house_rules.written_dates('f"{years}年{months}个月{days}天"')


def test_procedures_reach_each_other_only_through_the_registers() -> None:
    found = {
        path: house_rules.imported_procedures(path, read(path))
        for path in house_rules.sources(("processes",))
        if path.count("/") > 1 and not path.startswith("processes/migrations/")
    }
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nnow = datetime.now()",
        "import datetime\nnow = datetime.datetime.utcnow()",
        "import time\nnow = time.time()",
        "from time import time",
        "from sqlalchemy import func\nnow = func.now()",
    ],
)
def test_reading_the_clock_is_seen(source: str) -> None:
    assert house_rules.places(source, house_rules.reads_clock)


@pytest.mark.parametrize(
    "source", ["import time\nstart = time.monotonic()", "def due(now): return now.time()"]
)
def test_measuring_a_duration_or_using_a_given_time_is_not_reading_the_clock(source: str) -> None:
    assert not house_rules.places(source, house_rules.reads_clock)


@pytest.mark.parametrize(
    "source", ["import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ"]
)
def test_reading_the_environment_is_seen(source: str) -> None:
    assert house_rules.places(source, house_rules.reads_environment)


@pytest.mark.parametrize(
    "source", ["class A:\n    __tablename__ = 'a'", "a = Table('a', m)", "a = mapped_column()"]
)
def test_defining_a_table_is_seen(source: str) -> None:
    assert house_rules.places(source, house_rules.defines_table)


@pytest.mark.parametrize(
    "line",
    [
        '      "resolved": "https://registry.example/a.tgz",',
        "--index-url https://registry.example/simple",
        "registry=https://registry.example/",
        "@ours:registry=https://registry.example/",
        "flask @ https://registry.example/flask.whl",
    ],
)
def test_a_registry_address_is_seen(line: str) -> None:
    assert house_rules.registry_addresses(line) == [1]


def test_the_import_of_another_procedure_is_seen() -> None:
    source = "from processes.registers import seats\nfrom processes.exit_review import rules"
    found = house_rules.imported_procedures("processes/admission/handlers.py", source)
    assert found == {"exit_review"}
