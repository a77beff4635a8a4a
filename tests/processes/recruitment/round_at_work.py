"""One round with its cases, and how its tasks are found and done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from processes.recruitment import candidacies
from processes.recruitment.tables import Candidacy, Round, RoundPost
from processes.registers.days import bureau_day
from processes.registers.seats import SEATS
from processes.registers.staffing import seats
from processes.registers.staffing.matrix import Cell
from service.commands import process_instances
from service.commands.user_tasks import Completed
from service.domain.actors import SYSTEM, Actor
from service.domain.values import Json
from service.jobs.runner import JobRunner
from service.store.tables import (
    Incident,
    Job,
    ProcessInstance,
    UserTask,
)
from service.store.tables.work import IncidentState
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.selection_cast import (
    CITY,
    HEAD,
    SUBJECT,
)


@dataclass(slots=True)
class RoundAtWork:
    """One round of one post and what belongs to it: its tasks, its rows, its time."""

    desk: Desk
    case: int = 0
    applications: dict[str, int] = field(default_factory=dict)
    starter: Actor = field(default=HEAD)
    round_key: int = 0
    """Of a round that was made beside its case."""
    process: str = "recruitment_selection"

    def run(self) -> None:
        """Do what is due, calls and messages and timers, until nothing is; nothing has failed."""
        for _ in range(20):
            if not JobRunner(self.desk.rooms, owner="worker-1").run_due():
                break
        with self.desk.rooms.read() as session:
            active = Incident.state == IncidentState.ACTIVE
            faults = session.scalars(select(Incident).where(active)).all()
            jobs = session.scalars(select(Job).where(Job.last_error.is_not(None))).all()
        assert not faults, [(one.element_id, one.message) for one in faults]
        assert not jobs, [(one.element_id, one.last_error) for one in jobs]

    def pass_days(self, days: int) -> None:
        """Let so many days go by, and do what fell due."""
        self.desk.clock.pass_days(days)
        self.run()

    def later(self, days: int) -> str:
        """The day so many days from now."""
        return (bureau_day(self.desk.clock()) + timedelta(days=days)).isoformat()

    def do(
        self,
        element: str,
        outcome: str | None = "submit",
        submission: Mapping[str, Json] | None = None,
        *,
        actor: Actor = OFFICER,
        comment: str = "",
        files: Sequence[str] = (),
        case: int = 0,
    ) -> Completed:
        """Complete the one open task of an element, here or in what this round has called."""
        task = self.task(element, actor=actor, case=case)
        given = dict(submission or {})
        for field_ in files:
            given[field_] = self.desk.upload(task.key, field_, actor)
        done = self.desk.complete(task, outcome or "", given, actor=actor, comment=comment)
        self.run()
        return done

    def cancel(self, case: int = 0) -> None:
        """Let an operator cancel this round's case, or another."""
        now = self.desk.clock()
        with self.desk.rooms.write() as tools:
            process_instances.cancel(tools, case or self.case, reason="撤销", actor=SYSTEM, now=now)

    def task(self, element: str, *, actor: Actor | None = None, case: int = 0) -> UserTask:
        keys = [case] if case else self.family()
        with self.desk.rooms.read() as session:
            statement = select(UserTask).where(
                UserTask.element_id == element,
                UserTask.ended_at.is_(None),
                UserTask.instance_key.in_(keys),
            )
            found = session.scalars(statement).all()
        mine = [one for one in found if one.assignee in {None, actor.username if actor else None}]
        assert len(mine) == 1, (element, self.open_elements())
        return mine[0]

    def newest_case(self) -> int:
        """The round that was begun last."""
        with self.desk.rooms.read() as session:
            found = select(ProcessInstance.key).where(
                ProcessInstance.process_id == "recruitment_selection"
            )
            return session.scalars(found.order_by(ProcessInstance.key.desc())).first() or 0

    def family(self) -> list[int]:
        """This round, what it has called, and the applications to it."""
        keys, new = [], [self.case, *self.applications.values()]
        with self.desk.rooms.read() as session:
            while new:
                keys += new
                called = select(ProcessInstance.key).where(ProcessInstance.parent_key.in_(new))
                new = list(session.scalars(called))
        return keys

    def open_elements(self) -> list[str]:
        """The steps that wait for somebody, in this round and whatever belongs to it."""
        keys = self.family()
        with self.desk.rooms.read() as session:
            rows = session.scalars(
                select(UserTask.element_id).where(
                    UserTask.ended_at.is_(None), UserTask.instance_key.in_(keys)
                )
            )
            return sorted(rows)

    @property
    def round(self) -> Round:
        its = Round.key == self.round_key if self.round_key else Round.instance_key == self.case
        with self.desk.rooms.read() as session:
            return session.scalars(select(Round).where(its)).one()

    @property
    def post(self) -> RoundPost:
        with self.desk.rooms.read() as session:
            return session.scalars(
                select(RoundPost).where(RoundPost.round_key == self.round.key)
            ).one()

    @property
    def key_of_first(self) -> int:
        """Key of the first candidacy."""
        with self.desk.rooms.read() as session:
            return candidacies.of_round(session, self.round.key)[0].key

    def candidacy(self, teacher: Actor) -> Candidacy:
        with self.desk.rooms.read() as session:
            found = candidacies.of_round(session, self.round.key)
        (one,) = [row for row in found if row.username == teacher.username]
        return one

    def cell(self, subject: str = SUBJECT) -> Cell:
        with self.desk.rooms.read() as session:
            found = seats.look_up(
                session, unit=CITY, seat=SEATS[subject], day=bureau_day(self.desk.clock())
            )
        assert found is not None
        return found

    def totals(self) -> list[tuple[Json, Json]]:
        """Place and total of everybody, by the newest ranking."""
        case = self.called("recruitment_post") or self.called("recruitment_scores")
        rows = self.desk.variables(case)["ranked"]
        assert isinstance(rows, list)
        return [(row["place"], row["total"]) for row in rows if isinstance(row, dict)]

    def called(self, process_id: str) -> int:
        """The newest case of a process that this round has called; 0: none."""
        keys = self.family()
        with self.desk.rooms.read() as session:
            found = session.scalars(
                select(ProcessInstance.key)
                .where(ProcessInstance.process_id == process_id, ProcessInstance.key.in_(keys))
                .order_by(ProcessInstance.key.desc())
            )
            return found.first() or 0

    def shown(self, name: str) -> list[dict[str, Json]]:
        """The rows of a list of the scoring, as its forms show them."""
        value = self.desk.variables(self.called("recruitment_scores") or self.case)[name]
        assert isinstance(value, list)
        return [dict(row) for row in value if isinstance(row, dict)]
