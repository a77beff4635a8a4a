"""An admission review that a case of recruitment has called: filled in, granted, refused."""

from service.domain.actors import Actor
from tests.processes import reviewing
from tests.processes.builders import application
from tests.processes.desk import EVIDENCE, Desk
from tests.processes.recruitment.deciding import run_jobs


def fill_in(desk: Desk, review: int, person: Actor) -> None:
    """The person fills in the application of ten years' teaching and uploads its evidence."""
    task = reviewing.task_at(desk, review, "fill_in")
    kept = desk.variables(review)
    files = {field: desk.upload(task.key, field, person) for field in EVIDENCE}
    known = {name: kept[name] for name in ("unit", "seat")}
    desk.complete(task, "submit", application(**files | known), actor=person)
    run_jobs(desk)


def grant(desk: Desk, review: int, person: Actor) -> None:
    """Everything is in favour, and the person reads the result.

    On the panel is nobody who began a case of these tests: they keep out of it.
    """
    panel = reviewing.REVIEWERS[1:4]
    desk.check(review)
    reviewing.prove(desk, review)
    reviewing.seat(desk, review, [one.username for one in panel])
    for reviewer in panel:
        reviewing.vote(desk, review, reviewer)
    reviewing.examine(desk, review)
    reviewing.conclude(desk, review)
    run_jobs(desk)
    reviewing.read(desk, review, actor=person)
    run_jobs(desk)


def refuse(desk: Desk, review: int, person: Actor) -> None:
    """The office finds the originals wanting; the person reads that and does not object."""
    desk.check(review, "reject", comment="材料不实", refusal_grounds=["R-PROOF"])
    reviewing.refuse(desk, review)
    run_jobs(desk)
    reviewing.read(desk, review, actor=person)
    run_jobs(desk)
