"""A backup is taken beside the work, and what is restored of it goes on as if nothing had been."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from service.commands import documents, personal_data, work
from service.commands.backups import keep_newest, verify
from service.commands.documents import DocumentReceipt
from service.domain.actors import SYSTEM
from service.domain.backups import DatabaseNotEmpty, Interrupted, Step, file_name
from service.domain.files import FilesKept
from service.domain.personal_data import PersonalKind
from service.domain.soundness import Finding
from service.jobs.runner import HOLD, JobRunner
from service.store import verification
from service.store.migrating import upgrade
from service.store.tables import AccessEvent, Document, ProcessInstance
from tests.commands.backing_up import (
    elsewhere,
    in_silence,
    nothing_is_there,
    restore,
    rows,
    take,
)
from tests.fixtures_commands import EVIDENCE, WORK, Deploy, Stage
from tests.fixtures_store import AUDIT_KEY, VERSION_LOCATIONS, empty_url

PDF = b"%PDF-1.7\n1 0 obj"

Attach = Callable[[], DocumentReceipt]


@pytest.fixture
def attach(stage: Stage, deploy: Deploy) -> Attach:
    """Upload a file and start a case with it."""
    [process] = deploy(*EVIDENCE).processes
    deploy("later.bpmn")

    def one() -> DocumentReceipt:
        receipt = documents.upload(
            stage.rooms,
            process.key,
            field="证明",
            file_name="证明.pdf",
            stream=io.BytesIO(PDF + str(stage.clock.now).encode()),
            actor=stage.cast.applicant,
            now=stage.clock.now,
        )
        stage.start("evidence", variables={"证明": [str(receipt.key)]})
        return receipt

    return one


@pytest.fixture
def busy(stage: Stage, attach: Attach) -> Stage:
    """Two cases with a file each, one whose job a worker has that died, and somebody's number."""
    attach()
    stage.clock.forward(minutes=1)
    attach()
    stage.start("later")
    with stage.rooms.write() as tools:
        types = stage.rooms.handlers.task_types
        work.claim(
            tools.session, types=types, owner="dead", now=stage.clock.now, hold=HOLD, limit=1
        )
    with stage.rooms.write() as tools:
        personal_data.record(
            tools,
            username="zhang.min",
            kind=PersonalKind.MOBILE,
            text="13812345678",
            actor=SYSTEM,
            now=stage.clock.now,
        )
    return stage


@pytest.fixture
def other(busy: Stage, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """Where nothing is yet, on a database of the same kind, or of the kind that is asked for."""
    here = busy.rooms.database.dialect
    kind = {"sqlite": "postgresql", "postgresql": "sqlite"}[here] if _changes(request) else here
    for url in empty_url(request, kind):
        stage = replace(busy, rooms=elsewhere(busy.rooms, url, tmp_path / "other"))
        yield stage
        stage.rooms.database.dispose()


def _changes(request: pytest.FixtureRequest) -> bool:
    return getattr(request, "param", "same") == "another"


@pytest.mark.postgresql
@pytest.mark.parametrize("other", ["another"], indirect=True)
def test_each_kind_of_database_takes_the_backup_of_the_other(
    busy: Stage, other: Stage, tmp_path: Path
) -> None:
    before = rows(busy.rooms.database)
    taken = take(busy.rooms, tmp_path / "backup.tar")

    restore(other.rooms, tmp_path / "backup.tar")

    assert rows(other.rooms.database) == before
    assert taken.left_out == ()
    assert (taken.manifest.files, taken.manifest.lacking) == (2, 0)
    assert taken.manifest.rows == sum(map(len, rows(busy.rooms.database, set()).values()))
    _goes_on(other)


def _goes_on(stage: Stage) -> None:
    """The record holds, each file opens, jobs that are due run once, and the next step is done."""
    for row in stage.rows(Document):
        assert read(stage, int(str(row["key"]))).startswith(PDF)
    runner = JobRunner(stage.rooms, owner="new", kinds=WORK)
    assert runner.run_due() == 0
    stage.clock.forward(seconds=HOLD.total_seconds())
    assert (runner.run_due(), runner.run_due()) == (1, 0)
    key = next(int(str(each["key"])) for each in stage.rows(ProcessInstance, process_id="evidence"))
    stage.complete(stage.task(key, "check"), stage.cast.applicant, {})
    assert stage.row(ProcessInstance, key=key)["state"] == "COMPLETED"
    assert stage.acts(key)  # and the chains of all cases hold


def read(stage: Stage, key: int) -> bytes:
    _, stream = documents.open_for(stage.rooms, key, actor=stage.cast.officer, now=stage.clock.now)
    with stream:
        return stream.read()


def test_what_is_committed_meanwhile_is_not_in_it(
    stage: Stage, attach: Attach, tmp_path: Path
) -> None:
    attach()
    later: list[DocumentReceipt] = []

    def work_goes_on(step: Step, _done: int, _of: int) -> None:
        if step is Step.ROWS_OUT and not later:
            later.append(attach())

    before = rows(stage.rooms.database)
    take(stage.rooms, tmp_path / "backup.tar", progress=work_goes_on)

    assert later
    other = replace(
        stage,
        rooms=elsewhere(stage.rooms, f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other"),
    )
    restore(other.rooms, tmp_path / "backup.tar")
    assert rows(other.rooms.database) == before
    assert len(stored(tmp_path / "other")) == 1
    assert findings(other) == findings(stage)
    other.rooms.database.dispose()


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").rglob("*") if path.is_file())


def findings(stage: Stage) -> Sequence[Finding]:
    """What does not verify: the cast, which nobody recorded, and nothing else."""
    with stage.rooms.read() as session:
        return verification.verify(session, AUDIT_KEY).findings


def test_files_are_not_cleared_away_while_they_are_copied(
    stage: Stage, attach: Attach, tmp_path: Path
) -> None:
    receipt = attach()
    refused: list[FilesKept] = []

    def somebody_erases(step: Step, _done: int, _of: int) -> None:
        if step is Step.ROWS_OUT and not refused:
            with stage.rooms.write() as tools:
                tools.session.execute(delete(Document).where(Document.key == receipt.key))
            with pytest.raises(FilesKept) as kept:
                documents.clean_up(stage.rooms, now=datetime.now(UTC) + timedelta(days=2))
            refused.append(kept.value)

    taken = take(stage.rooms, tmp_path / "backup.tar", progress=somebody_erases)

    assert refused
    assert (taken.manifest.files, taken.manifest.lacking) == (1, 0)
    assert documents.clean_up(stage.rooms, now=datetime.now(UTC) + timedelta(days=2)) == 1


def test_a_file_that_is_gone_or_altered_is_named(
    stage: Stage, attach: Attach, tmp_path: Path
) -> None:
    gone, altered = attach(), attach()
    paths = {
        str(row["key"]): stage.rooms.files.path(str(row["storage_name"]))
        for row in stage.rows(Document)
    }
    paths[str(gone.key)].unlink()
    paths[str(altered.key)].write_bytes(b"other")

    manifest = take(stage.rooms, tmp_path / "backup.tar").manifest

    assert (manifest.files, manifest.lacking) == (1, 2)
    assert set(manifest.lacking_named) == {str(gone.key), str(altered.key)}
    verify(tmp_path / "backup.tar", AUDIT_KEY, progress=in_silence)


def test_an_empty_database_of_ours_is_filled_and_it_is_recorded_by_whom(
    busy: Stage, other: Stage, tmp_path: Path
) -> None:
    take(busy.rooms, tmp_path / "backup.tar")
    busy.clock.forward(days=1)
    upgrade(other.rooms.database.url, VERSION_LOCATIONS)
    restore(other.rooms, tmp_path / "backup.tar")

    assert rows(other.rooms.database) == rows(busy.rooms.database)

    said = busy.row(AccessEvent, kind="backed_up")
    assert (said["person"], said["details"]) == (
        "system",
        {"file": "backup.tar", "operator": "backup"},
    )
    assert other.row(AccessEvent, kind="backed_up") == said
    restored = other.row(AccessEvent, kind="restored")
    assert restored["retention"] == "permanent"
    assert restored["details"] == {
        "file": "backup.tar",
        "taken_at": (busy.clock.now - timedelta(days=1)).isoformat(),
        "operator": "backup",
    }

    before = rows(other.rooms.database, set())
    with pytest.raises(DatabaseNotEmpty, match="access_event"):
        restore(other.rooms, tmp_path / "backup.tar")
    assert rows(other.rooms.database, set()) == before


def test_a_restore_that_is_interrupted_leaves_nothing_and_can_be_repeated(
    busy: Stage, other: Stage, tmp_path: Path
) -> None:
    take(busy.rooms, tmp_path / "backup.tar")
    for step in (Step.CHECK, Step.FILES_IN, Step.ROWS_IN):

        def stop(at: Step, _done: int, _of: int, where: Step = step) -> None:
            if at is where:
                raise Interrupted

        with pytest.raises(Interrupted):
            restore(other.rooms, tmp_path / "backup.tar", progress=stop)
        assert nothing_is_there(other.rooms, tmp_path / "other")
    restore(other.rooms, tmp_path / "backup.tar")
    assert rows(other.rooms.database) == rows(busy.rooms.database)
    _goes_on(other)


def test_a_backup_that_is_interrupted_leaves_no_file(busy: Stage, tmp_path: Path) -> None:
    def stop(at: Step, _done: int, _of: int) -> None:
        if at is Step.FILES_OUT:
            raise Interrupted

    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(Interrupted):
        take(busy.rooms, folder / "backup.tar", progress=stop)
    assert list(folder.iterdir()) == []


def test_the_newest_backups_are_kept_and_nothing_else_is_deleted(tmp_path: Path) -> None:
    day = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
    names = [file_name(day + timedelta(days=number)) for number in range(4)]
    others = ["jiaoyan.db", "jiaoyan-20260101-000000.tar.gz", "backup.tar"]
    for name in [*names, *others]:
        (tmp_path / name).touch()
    (tmp_path / "killed.tar.part").touch()

    deleted = keep_newest(tmp_path, 2)

    assert names[0] == "jiaoyan-20260303-033000.tar"
    assert [path.name for path in deleted] == names[:2]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[2:], *others])
