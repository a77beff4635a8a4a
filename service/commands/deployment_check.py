"""Everything that is wrong or doubtful about files that are to be deployed together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from sqlalchemy import func, literal, select, union
from sqlalchemy.orm import Session

from service.commands.models import FormModel, form_model
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.domain import strict_json
from service.domain.problems import Problem, Severity
from service.domain.strict_json import JsonUnreadable
from service.engine import (
    DecisionModel,
    Known,
    ModelInvalid,
    ProcessModel,
    check_bpmn,
    check_dmn,
    check_form,
    decision_models,
    model_references,
    process_models,
)
from service.feel import FeelPool
from service.store.tables import (
    ClosedProcedure,
    DecisionDefinition,
    FormDefinition,
    ProcessDefinition,
    Resource,
)

SIZE_LIMIT = 5 * 1024 * 1024
"""Bytes of one file."""

NAME_LIMIT = 200
COUNT_LIMIT = 200


_DECISION, _PROCESS, _CLOSED, _SEALED = "decision", "process", "closed", "sealed"


class ResourceKind(StrEnum):
    """What a file is, by the ending of its name."""

    BPMN = "bpmn"
    DMN = "dmn"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; its ending says what it is: .bpmn, .dmn or .form."""

    name: str
    content: bytes

    @property
    def kind(self) -> ResourceKind | None:
        """What the ending says; None for any other."""
        ending = PurePosixPath(self.name).suffix.lower().removeprefix(".")
        return ResourceKind(ending) if ending in set(ResourceKind) else None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file defines, as far as it can be read."""

    upload: Upload
    processes: Sequence[ProcessModel] = ()
    decisions: Sequence[DecisionModel] = ()
    form: FormModel | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its processes, decisions or form."""
        return (
            *(process.process_id for process in self.processes),
            *(decision.decision_id for decision in self.decisions),
            *([] if self.form is None else [self.form.form_id]),
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is deployed that a diagram may refer to: forms with the key of their newest version."""

    forms: Mapping[str, int]
    decisions: frozenset[str]
    processes: frozenset[str]
    closed: frozenset[str]
    """Procedures that are closed, whatever their newest version says."""
    sealed: frozenset[str] = frozenset()
    """Procedures into which nothing is written from outside, likewise."""

    def still_serve(self, now: "Surroundings") -> bool:
        """Whether what was checked in these holds in those: one more process takes nothing away."""
        held = (self.forms, self.decisions, self.closed, self.sealed)
        same = held == (now.forms, now.decisions, now.closed, now.sealed)
        return same and self.processes <= now.processes


@dataclass(frozen=True, slots=True)
class Checked:
    """Files with all that is wrong or doubtful about them in these surroundings."""

    contents: tuple[Contents, ...]
    surroundings: Surroundings
    problems: tuple[Problem, ...]


def check_files(rooms: Rooms, uploads: Sequence[Upload]) -> Checked:
    """Check each file by itself, beside the others and beside what is deployed.

    What is deployed is read first: nobody waits for a transaction while expressions are read.
    """
    contents = () if (unreadable := _unreadable(uploads)) else tuple(map(contents_of, uploads))
    with rooms.reading() as tools:
        surroundings = _surroundings(tools.session)
        known = _known(tools, contents, surroundings)
    problems = unreadable or _problems(rooms.feel, contents, known)
    return Checked(contents, surroundings, tuple(problems))


def check_again(tools: Toolbox, checked: Checked) -> Checked:
    """Check anew where what was referred to may have changed; two statements where not."""
    surroundings = _surroundings(tools.session)
    if checked.surroundings.still_serve(surroundings):
        return checked
    known = _known(tools, checked.contents, surroundings)
    problems = _problems(tools.feel, checked.contents, known)
    return Checked(checked.contents, surroundings, tuple(problems))


def _unreadable(uploads: Sequence[Upload]) -> list[Problem]:
    if not 0 < len(uploads) <= COUNT_LIMIT:
        return [_problem("", "resource-count", *_COUNT)]
    return [problem for upload in uploads for problem in _outer_problems(upload)]


def _problems(feel: FeelPool, contents: Sequence[Contents], known: Known) -> list[Problem]:
    uploads = [content.upload for content in contents]
    return [
        *(problem for upload in uploads for problem in _inner_problems(feel, upload, known)),
        *_repeated_names(uploads),
        *_repeated_ids(contents),
    ]


def contents_of(upload: Upload) -> Contents:
    """Read what a file defines; nothing where it cannot be read, which the check explains."""
    try:
        match upload.kind:
            case ResourceKind.BPMN:
                return Contents(upload, processes=process_models(upload.content))
            case ResourceKind.DMN:
                return Contents(upload, decisions=decision_models(upload.content))
            case ResourceKind.FORM:
                return Contents(upload, form=_form(upload.content))
    except (JsonUnreadable, ModelInvalid, ValueError):
        pass
    return Contents(upload)


def _form(content: bytes) -> FormModel | None:
    schema = strict_json.read(content)
    form_id = schema.get("id") if isinstance(schema, dict) else None
    return form_model(form_id, schema) if isinstance(form_id, str) and form_id else None


def _known(tools: Toolbox, contents: Sequence[Contents], surroundings: Surroundings) -> Known:
    """What a diagram may refer to: the files beside it, then what was deployed before."""
    beside = {c.form.form_id: c.form.fields for c in contents if c.form is not None}
    stored = {
        form_id: tools.models.form(tools.session, key).fields
        for form_id, key in surroundings.forms.items()
        if form_id not in beside
    }
    decisions = {decision.decision_id for c in contents for decision in c.decisions}
    beginning = {p.process_id: p.begins_by_itself for c in contents for p in c.processes}
    uncallable = frozenset(one for one, by_itself in beginning.items() if not by_itself)
    return Known(
        forms={**stored, **beside},
        decisions=decisions | surroundings.decisions,
        processes=surroundings.processes.union(beginning) - uncallable,
        uncallable=uncallable,
        task_types=tools.handlers.task_types,
        closed=surroundings.closed,
        guards=tools.handlers.guards,
        sealed=surroundings.sealed,
        called=_called_beside(contents),
    )


def _called_beside(contents: Sequence[Contents]) -> frozenset[str]:
    """What the diagrams call in other files."""
    diagrams = [one for one in contents if one.upload.kind is ResourceKind.BPMN]
    return frozenset[str]().union(
        *(model_references(one.upload.content).processes.difference(one.ids) for one in diagrams)
    )


def _surroundings(session: Session) -> Surroundings:
    """What is not deleted; keys rise with versions."""
    forms = session.execute(
        select(FormDefinition.form_id, func.max(FormDefinition.key))
        .join(Resource, Resource.key == FormDefinition.resource_key)
        .where(Resource.deleted_at.is_(None))
        .group_by(FormDefinition.form_id)
    )
    ids = _deployed_ids(session)
    decisions, processes, closed, sealed = (
        frozenset(one for kind, one in ids if kind == wanted)
        for wanted in (_DECISION, _PROCESS, _CLOSED, _SEALED)
    )
    return Surroundings(
        {form_id: key for form_id, key in forms}, decisions, processes, closed, sealed
    )


def _deployed_ids(session: Session) -> list[tuple[str, str]]:
    """The ids of decisions, processes, closed and sealed procedures, each with its kind."""
    kinds = (
        (_DECISION, DecisionDefinition.decision_id, DecisionDefinition.resource_key),
        (_PROCESS, ProcessDefinition.process_id, ProcessDefinition.resource_key),
    )
    selects = (
        select(literal(kind), column)
        .join(Resource, Resource.key == resource_key)
        .where(Resource.deleted_at.is_(None))
        for kind, column, resource_key in kinds
    )
    closed = select(literal(_CLOSED), ClosedProcedure.process_id)
    sealed = select(literal(_SEALED), ProcessDefinition.process_id).where(ProcessDefinition.sealed)
    return [(kind, one) for kind, one in session.execute(union(*selects, closed, sealed))]


def _outer_problems(upload: Upload) -> Iterator[Problem]:
    """What keeps a file from being read at all."""
    name = upload.name[:NAME_LIMIT]
    if upload.kind is None:
        yield _problem(name, "resource-kind", *_KIND)
    elif len(upload.name) > NAME_LIMIT:
        yield _problem(name, "resource-name", *_NAME)
    elif len(upload.content) > SIZE_LIMIT:
        yield _problem(name, "resource-size", *_SIZE)
    elif not _is_text(upload.content):
        yield _problem(name, "resource-encoding", *_ENCODING)


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False


def _inner_problems(feel: FeelPool, upload: Upload, known: Known) -> list[Problem]:
    name = upload.name
    if upload.kind is ResourceKind.BPMN:
        return check_bpmn(upload.content, resource=name, known=known, feel=feel)
    if upload.kind is ResourceKind.DMN:
        return check_dmn(upload.content, resource=name, feel=feel)
    return check_form(upload.content, resource=name, feel=feel)


def _repeated_names(uploads: Sequence[Upload]) -> Iterator[Problem]:
    seen: set[str] = set()
    for upload in uploads:
        if upload.name in seen:
            yield _problem(upload.name, "resource-name-repeated", *_NAME_REPEATED)
        seen.add(upload.name)


def _repeated_ids(contents: Sequence[Contents]) -> Iterator[Problem]:
    """Within one file the engine's own check finds them."""
    owners: dict[tuple[ResourceKind | None, str], str] = {}
    for content in contents:
        for one in dict.fromkeys(content.ids):
            place = (content.upload.kind, one)
            if place in owners:
                yield _problem(
                    content.upload.name,
                    "resource-id-repeated",
                    f"编号「{one}」在「{owners[place]}」中已经用过。",
                    "同一次部署中编号不能重复，请改用不同的编号，或只部署其中一个文件。",
                    element_id=one,
                )
            owners.setdefault(place, content.upload.name)


_COUNT = (f"一次部署应有 1 至 {COUNT_LIMIT} 个文件。", "请选择要部署的文件后再试。")
_KIND = ("只能部署 .bpmn、.dmn 和 .form 文件。", "请检查文件名的后缀。")
_NAME = (f"文件名最多 {NAME_LIMIT} 个字符。", "请缩短文件名。")
_SIZE = (f"文件超过 {SIZE_LIMIT // 1024 // 1024} MB。", "请拆分流程图，或去掉其中嵌入的图片。")
_ENCODING = ("文件不是 UTF-8 编码的文本。", "请用设计器重新导出，或另存为 UTF-8 编码。")
_NAME_REPEATED = ("同一次部署中有两个同名文件。", "请去掉多余的一个。")


def _problem(
    resource: str, rule: str, message: str, remedy: str, *, element_id: str = ""
) -> Problem:
    return Problem(resource, element_id, "", rule, message, remedy, Severity.ERROR)
