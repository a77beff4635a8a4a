"""`jiaoyan calendar …`, in this process, on a database of each kind."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service import app
from service.calendar_administration import NotImported
from service.cli import cli
from service.commands import calendar_files
from service.commands.workbooks import WorkbookUnreadable
from service.domain.working_days import CalendarYear, DayOutsideCalendar, SpecialDay
from tests.commands.test_calendars import NEXT_YEAR
from tests.programs import SECRETS

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with these words in November 2026."""
    environment = {"JIAOYAN_DATABASE_URL": database_url, **SECRETS}
    november = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assemble = app.assemble
    monkeypatch.setattr(app, "assemble", lambda *given: assemble(*given, clock=lambda: november))

    def run_command(*words: str) -> Result:
        done = CliRunner(env=environment).invoke(cli, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done

    return run_command


def written(path: Path, days: tuple[SpecialDay, ...] = NEXT_YEAR) -> str:
    path.write_bytes(calendar_files.write(CalendarYear(2027, days)))
    return str(path)


def test_a_year_is_imported_exported_and_imported_again(run: Run, tmp_path: Path) -> None:
    assert "2027、2028" in run("calendar", "update").stdout
    assert "已是最新" in run("calendar", "update").stdout
    file = written(tmp_path / "2027.xlsx")
    assert "天有变化" in run("calendar", "import", "2027", file).stdout
    out = str(tmp_path / "out.xlsx")
    run("calendar", "export", "2027", out)
    assert "没有改动" in run("calendar", "import", "2027", out).stdout


def test_a_wrong_year_is_refused_with_every_day(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "2027.xlsx")
    with pytest.raises(NotImported) as refused:
        run("calendar", "import", "2026", file)
    assert refused.value.message.count("不在 2026 年内") == len(NEXT_YEAR)
    with pytest.raises(DayOutsideCalendar):
        run("calendar", "export", "2027", str(tmp_path / "out.xlsx"))
    assert not (tmp_path / "out.xlsx").exists()


def test_doubts_are_listed_and_may_be_confirmed(run: Run, tmp_path: Path) -> None:
    run("calendar", "update")
    file = written(tmp_path / "2027.xlsx", NEXT_YEAR[:3])
    with pytest.raises(NotImported, match="2027年5月1日（周六）是法定节日") as doubtful:
        run("calendar", "import", "2027", file)
    assert "--confirmed" in doubtful.value.message
    run("calendar", "import", "2027", file, "--confirmed")


def test_what_is_no_workbook_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "2027.xlsx"
    file.write_text("2027-01-01")
    with pytest.raises(WorkbookUnreadable):
        run("calendar", "import", "2027", str(file))
