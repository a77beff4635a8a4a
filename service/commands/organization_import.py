"""Importing units, people and posts from a workbook: checked as a whole, taken as a whole.

`check` says what would be done, `apply` does it under the lock of the tree after checking again.
Nothing is taken from what a workbook leaves out: an import adds and changes, it ends no post but
one that it replaces, and closes nothing.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.commands import imported_personal_data, imported_recusal, workbooks
from service.commands.accounts import require_administrator
from service.commands.posts import SCOPE_SIGN, begun_details, ended_details
from service.commands.separation import administrator_kept
from service.commands.toolbox import Toolbox
from service.commands.units import lock_tree
from service.commands.upserts import Row, table
from service.commands.workbooks import ReadRows
from service.domain.access_events import AccessKind, bureau_day
from service.domain.accounts import PersonKind, sort_name
from service.domain.actors import Actor
from service.domain.errors import Conflict
from service.domain.import_people import PeoplePlan, PeoplePlanner, PersonState, PostState
from service.domain.import_rows import (
    PEOPLE,
    SHEETS,
    UNITS,
    Refusal,
    Refusals,
    fault_of,
)
from service.domain.import_units import UnitPlan, UnitState, plan_units
from service.domain.values import Json
from service.store.access_log import NewEvent, append_all
from service.store.tables import OrganizationUnit, Person, Post, PostLabel

_SUMMARY = "organization-import"


class ImportOvertaken(Conflict):
    """导入的同时，另有人改动了机构、人员或岗位；什么也没有导入。请重新检查这个文件后再导入。"""

    code = "organization-import.overtaken"


class ImportRefused(Conflict):
    """有 {count} 处不能导入，什么也没有导入。请按清单改正文件后重新检查。"""

    code = "organization-import.refused"

    def __init__(self, checked: "Checked") -> None:
        self.checked = checked
        super().__init__(count=len(checked.refusals))


@dataclass(frozen=True, slots=True)
class Checked:
    """What an import would do; where there is a refusal it does nothing."""

    digest: str
    """SHA-256 of the workbook."""
    rows: int
    ignored: tuple[str, ...]
    """Columns that are not known, with their sheet."""
    refusals: tuple[Refusal, ...]
    refused_rows: int
    units: UnitPlan
    people: PeoplePlan

    @property
    def is_empty(self) -> bool:
        """Tell whether all is there already."""
        people, units = self.people, self.units
        return not (
            units.new or units.changed or people.new or people.renamed or people.begun
            or people.personal
        )  # fmt: skip


def check(tools: Toolbox, content: bytes, *, actor: Actor, now: datetime) -> Checked:
    """Say what an import of the workbook would do, and which rows it cannot take.

    Raises WorkbookUnreadable, SheetsUnfit, RowsTooMany, AccountsForbidden.
    """
    require_administrator(tools.session, actor)
    read = workbooks.read(content, SHEETS)
    return _check(tools, read, hashlib.sha256(content).hexdigest(), actor, now)


def apply(tools: Toolbox, content: bytes, *, actor: Actor, now: datetime) -> Checked:
    """Take the whole workbook; return what was done.

    Raises ImportRefused, ImportOvertaken, LastAdministrator, and as `check`.
    """
    require_administrator(tools.session, actor)
    read = workbooks.read(content, SHEETS)
    lock_tree(tools.session)
    checked = _check(tools, read, hashlib.sha256(content).hexdigest(), actor, now)
    if checked.refusals:
        raise ImportRefused(checked)
    try:
        _write_units(tools.session, checked.units, now)
        _write_people(tools.session, checked.people, now)
        with administrator_kept(tools.session, actor=actor):
            begun = _write_posts(tools, checked.people, actor, now)
        imported_personal_data.write(tools, checked.people, now)
        append_all(tools.session, list(_events(tools, checked, begun, actor, now)), tools.audit_key)
    except IntegrityError as error:
        raise ImportOvertaken from error
    return checked


def _check(tools: Toolbox, read: ReadRows, digest: str, actor: Actor, now: datetime) -> Checked:
    refusals = Refusals()
    for row in read.rows:
        for key, cell in row.cells.items():
            if (fault := fault_of(cell)) is not None:
                refusals.add(row, key, fault)
    faulty = refusals.rows()
    sound = [row for row in read.rows if (row.sheet.name, row.number) not in faulty]
    units = plan_units(
        _units(tools.session), [row for row in sound if row.sheet is UNITS], refusals
    )
    people = _people(tools.session)
    held = _posts(tools.session)
    planner = PeoplePlanner(people, held, units.paths(), refusals, bureau_day(now))
    planned = planner.plan([row for row in sound if row.sheet is PEOPLE])
    imported_personal_data.check(tools, planned, refusals)
    imported_recusal.check(tools.session, planned, people, held, units, refusals)
    if any(post.username == actor.username for post in planned.begun):
        # As with every other way to a post: see `separation`.
        own = "不能给自己安排岗位，请由另一位系统管理员导入这一行"
        refusals.add(planned.rows[actor.username], "username", own)
    found = refusals.sorted()
    return Checked(
        digest, len(read.rows), read.ignored, found, len(refusals.rows()), units, planned
    )


def _units(session: Session) -> dict[str, UnitState]:
    rows = session.scalars(select(OrganizationUnit))
    return {
        row.id: UnitState(
            row.id, row.name, row.kind, row.position, row.parent_id, row.closed_at is not None
        )
        for row in rows
    }


def _people(session: Session) -> dict[str, PersonState]:
    columns = (Person.username, Person.display_name, Person.active, Person.kind)
    return {
        row.username: PersonState(
            row.username, row.display_name, row.active, row.kind == PersonKind.STAFF
        )
        for row in session.execute(select(*columns))
    }


def _posts(session: Session) -> list[PostState]:
    columns = (Post.key, Post.username, Post.unit_id, Post.title, Post.scope, Post.heads_unit)
    rows = session.execute(select(*columns).where(Post.ended_at.is_(None)))
    return [
        PostState(
            row.username,
            row.unit_id,
            row.title,
            tuple(row.scope.split(SCOPE_SIGN)) if row.scope else (),
            row.heads_unit,
            row.key,
        )
        for row in rows
    ]


def _write_units(session: Session, plan: UnitPlan, now: datetime) -> None:
    new: list[Row] = [
        {**_unit_values(plan.units[one]), "id": one, "created_at": now} for one in plan.new
    ]
    changed: list[Row] = [{**_unit_values(plan.units[one]), "wanted": one} for one in plan.changed]
    if new:
        session.execute(insert(table(OrganizationUnit)), new)
    if changed:
        wanted = table(OrganizationUnit).c.id == bindparam("wanted")
        session.execute(update(table(OrganizationUnit)).where(wanted), changed)


def _unit_values(unit: UnitState) -> Row:
    return {
        "name": unit.name,
        "sort_name": sort_name(unit.name),
        "kind": unit.kind,
        "position": unit.position,
        "parent_id": unit.parent_id,
    }


def _write_people(session: Session, plan: PeoplePlan, now: datetime) -> None:
    new: list[Row] = [
        {
            "username": username,
            "display_name": name,
            "sort_name": sort_name(name),
            "active": True,
            "failed_sign_ins": 0,
            "created_at": now,
            "kind": PersonKind.STAFF,
            "must_change_password": False,
        }
        for username, name in plan.new.items()
    ]
    renamed: list[Row] = [
        {"wanted": username, "display_name": name, "sort_name": sort_name(name)}
        for username, name in plan.renamed.items()
    ]
    if new:
        session.execute(insert(table(Person)), new)
    if renamed:
        wanted = table(Person).c.username == bindparam("wanted")
        session.execute(update(table(Person)).where(wanted), renamed)


def _keep_here(session: Session, usernames: Collection[str]) -> None:
    """Keep people from leaving until the import is over. Raises ImportOvertaken."""
    here = select(Person.username).where(Person.username.in_(sorted(usernames)), Person.active)
    locked = session.scalars(here.order_by(Person.username).with_for_update(read=True)).all()
    if len(locked) != len(usernames):
        raise ImportOvertaken


def _write_posts(tools: Toolbox, plan: PeoplePlan, actor: Actor, now: datetime) -> list[PostState]:
    """Return the posts that begin, with their keys."""
    _keep_here(tools.session, {post.username for post in plan.begun} - plan.new.keys())
    begun = [replace(post, key=tools.keys.next()) for post in plan.begun]
    if plan.ended:
        over = update(table(Post)).where(table(Post).c.key == bindparam("wanted"))
        values = {"ended_at": now, "ended_by": actor.username}
        tools.session.execute(over, [{"wanted": one.key, **values} for one in plan.ended])
    posts: list[Row] = []
    labels: list[Row] = []
    for post in begun:
        posts.append(
            {
                "key": post.key,
                "username": post.username,
                "unit_id": post.unit_id,
                "title": post.title,
                "scope": SCOPE_SIGN.join(post.labels),
                "heads_unit": post.heads_unit,
                "begun_at": now,
                "begun_by": actor.username,
            }
        )
        labels += [{"post_key": post.key, "label": label} for label in post.labels]
    if posts:
        tools.session.execute(insert(table(Post)), posts)
    if labels:
        tools.session.execute(insert(table(PostLabel)), labels)
    return begun


def _events(
    tools: Toolbox, checked: Checked, begun: Iterable[PostState], actor: Actor, now: datetime
) -> Iterator[NewEvent]:
    """One a change, as the commands record it, and one for the whole."""

    def event(
        kind: AccessKind, subject: str, reference: str, details: Mapping[str, Json]
    ) -> NewEvent:
        return NewEvent(
            key=tools.keys.next(),
            at=now,
            person=actor.username,
            kind=kind,
            subject=subject,
            reference=reference,
            address=actor.address,
            details=dict(details),
        )

    units, people = checked.units, checked.people
    organization, account = AccessKind.ORGANIZATION_CHANGED, AccessKind.ACCOUNT_CHANGED
    for change, ids in (("unit-created", units.new), ("unit-changed", units.changed)):
        for one in ids:
            unit = units.units[one]
            details: dict[str, Json] = {"name": unit.name, "parent": unit.parent_id}
            yield event(organization, one, one, {"change": change, **details})
    for username in people.new:
        made: dict[str, Json] = {"change": "imported", "kind": PersonKind.STAFF}
        yield event(AccessKind.ACCOUNT_CREATED, username, "", made)
    for username, name in people.renamed.items():
        yield event(account, username, "", {"change": "renamed", "name": name})
    for post in people.ended:
        yield event(organization, post.username, post.unit_id, ended_details(post.key, post.title))
    for post in begun:
        said = begun_details(post.key, post.title, post.labels, heads_unit=post.heads_unit)
        yield event(organization, post.username, post.unit_id, said)
    for username, kind in people.personal:
        yield event(account, username, "", {"change": "personal-data", "field": kind})
    counts: dict[str, Json] = {
        "change": "imported",
        "sha256": checked.digest,
        "rows": checked.rows,
        "units": len(units.new) + len(units.changed),
        "people": len(people.new) + len(people.renamed),
        "posts": len(people.begun),
    }
    yield event(organization, _SUMMARY, _SUMMARY, counts)
