"""A tie that is found when somebody is in post already: nothing is undone by itself (R-VOID)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from processes.recruitment.tables import CandidacyState
from service.feel import FeelPool
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import newest, settle_waiting, tasks
from tests.processes.recruitment.marking import TURNS, Marked, marked
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import SUBJECTS
from tests.processes.stages import Stages


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("in-post")


@pytest.fixture(scope="module")
def bureau(sqlite_template: Path, folder: Path, feel: FeelPool) -> Iterator[Desk]:
    with open_bureau(sqlite_template, folder, feel) as desk:
        desk.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
        yield desk


@pytest.fixture
def post(bureau: Desk, folder: Path, stages: Stages) -> Marked:
    """Somebody on trial, whose place turns out to hang on a void mark."""

    def walk() -> Marked:
        found = marked(bureau, SUBJECTS[0], TURNS)
        found.one.examine()
        found.carry()
        found.end_notice()
        found.one.file(found.one.candidacy(found.first).key)
        found.one.appoint(found.first)
        found.tie()
        assert found.state(found.first) == CandidacyState.ON_TRIAL
        assert found.one.open_elements() == ["after_entry"]
        assert found.order()[0] == (found.first.display_name, "85.00")
        return found

    return stages.reach("on-trial", bureau, folder / "files", walk)


def test_the_group_is_told_and_may_leave_it(post: Marked) -> None:
    post.one.do("after_entry", "kept", comment="第9次会议听取报告，不复议")
    assert post.order()[0] == (post.second.display_name, "84.80")
    assert post.state(post.first) == CandidacyState.ON_TRIAL
    assert post.state(post.second) == CandidacyState.ADMITTED


def test_what_is_taken_up_again_is_revoked_by_its_own_case(post: Marked, bureau: Desk) -> None:
    post.overturn()
    assert post.state(post.first) == CandidacyState.ON_TRIAL
    revocation = newest(bureau, "appointment_revocation")
    (task,) = tasks(bureau, revocation, "prepare")
    bureau.complete(task, "ready", actor=OFFICER)
    settle_waiting(bureau, revocation)
    post.one.run()
    assert post.state(post.first) == CandidacyState.RETURNED
    # and whoever is first by the marks that count follows
    assert post.state(post.second) == CandidacyState.PROPOSED
