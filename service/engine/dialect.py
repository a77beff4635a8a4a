"""Camunda 8's extensions (`zeebe:`) and ours in `zeebe:properties`, read from one BPMN element.

The names and defaults are those of Camunda 8.8's `zeebe-bpmn-moddle`. Reading never fails: what is
missing reads as empty, and the deploy check says what is wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from service.domain.deadline_settings import OF_STEPS, Field
from service.engine.elements import Binding, Outcome
from service.engine.xml_source import XmlNode, local_name, namespace

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

OUTCOMES = "jiaoyan.outcomes"
COMMENT_REQUIRED = "jiaoyan.comment-required"
NO_DEPUTY = "jiaoyan.no-deputy"
PUBLIC_NAME = "jiaoyan.public-name"
PUBLIC_COMMENT = "jiaoyan.public-comment"
RECUSE_FROM = "jiaoyan.recuse-from"
ASYNC = "jiaoyan.async"
RETRY = "jiaoyan.retry"
TITLE = "jiaoyan.title"
CATEGORY = "jiaoyan.category"
START_LABEL = "jiaoyan.start-label"
"""The noun of what the start form hands in: 申请 where the diagram does not say."""
RETENTION = "jiaoyan.retention"
CLOSED = "jiaoyan.closed"
SEALED = "jiaoyan.sealed"
CALLED_ONLY = "jiaoyan.called-only"
IRREVERSIBLE = "jiaoyan.irreversible"
RESTS_ON_NOTHING = "jiaoyan.rests-on-no-decision"
"""Why an irreversible step behind a decision does not carry it out."""
RETITLE = "jiaoyan.retitle"
MESSAGE_TTL = "jiaoyan.message-ttl"
ALL_MISSED = "jiaoyan.timer-all-missed"
DUE_WORKING_DAYS = f"jiaoyan.{Field.DUE}"
DEADLINES = frozenset(f"jiaoyan.{field}" for field in OF_STEPS)
"""What steps say of their deadlines, and processes for all of theirs but the days themselves."""
OWNER = f"jiaoyan.{Field.OWNER}"

DEFAULT_RETRIES = "3"
DEFAULT_BACKOFF = (60, 300, 1800)
"""Seconds before each further attempt of a job where the diagram does not say."""

_DURATION = re.compile(r"P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?")
_MOST_PAUSES, _LONGEST_PAUSE = 100, 366 * 86_400  # s


@dataclass(frozen=True, slots=True)
class Source:
    """A value of the dialect: FEEL when it was written with a leading `=`, otherwise literal."""

    text: str
    is_feel: bool

    @classmethod
    def read(cls, raw: str) -> "Source":
        """The expression without its `=`, or the literal as it stands."""
        stripped = raw.strip()
        return cls(stripped[1:].strip(), True) if stripped.startswith("=") else cls(raw, False)

    def __bool__(self) -> bool:
        return bool(self.text.strip())


NOTHING = Source("", False)


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """An input or output mapping: `target` is a name or a path such as `res.approved`."""

    source: Source
    target: str


@dataclass(frozen=True, slots=True)
class UserTaskSettings:
    """Who does a user task, until when, how urgently."""

    assignee: Source = NOTHING
    candidate_users: Source = NOTHING
    candidate_groups: Source = NOTHING
    due_date: Source = NOTHING
    follow_up_date: Source = NOTHING
    priority: Source = NOTHING
    no_deputy: bool = False
    due_working_days: Source = NOTHING
    """Where the due date is counted in working days instead of being given."""
    recuse_from: Source = NOTHING
    """Whom the step is about: whoever is tied to them keeps out of it."""


@dataclass(frozen=True, slots=True)
class JobSettings:
    """What a service task asks of its handler."""

    task_type: Source = NOTHING
    retries: Source = NOTHING
    backoff: tuple[int, ...] = DEFAULT_BACKOFF
    asynchronous: bool = False


@dataclass(frozen=True, slots=True)
class FormReference:
    """The form of a start event or a user task."""

    form_id: str
    binding: str


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """The collections of a multi-instance activity, and of an ad-hoc subprocess."""

    input_collection: Source = NOTHING
    input_element: str = ""
    output_collection: str = ""
    output_element: Source = NOTHING


@dataclass(frozen=True, slots=True)
class CalledElement:
    """The process that a call activity calls, and what goes in and comes out unasked."""

    process_id: Source = NOTHING
    binding: str = ""
    version_tag: str = ""
    all_parent_variables: bool = True
    all_child_variables: bool = True


@dataclass(frozen=True, slots=True)
class Extensions:
    """Everything that one element's extensions say."""

    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    form: FormReference | None = None
    user_task: UserTaskSettings = UserTaskSettings()
    job: JobSettings = JobSettings()
    headers: tuple[tuple[str, str], ...] = ()
    decision: Source = NOTHING
    decision_binding: str = ""
    script: Source = NOTHING
    result_variable: str = ""
    version_tag: str = ""
    called: CalledElement = CalledElement()
    active_elements: Source = NOTHING
    ad_hoc: LoopSettings = LoopSettings()
    properties: Mapping[str, str] = field(default_factory=dict)


def extension_nodes(node: XmlNode) -> list[XmlNode]:
    """The children of the element's `extensionElements`, of any namespace."""
    return [child for holder in node.findall(f"{{{BPMN}}}extensionElements") for child in holder]


def zeebe_nodes(node: XmlNode) -> dict[str, XmlNode]:
    """The `zeebe:` extensions of an element by local name."""
    return {local_name(n): n for n in extension_nodes(node) if namespace(n) == ZEEBE}


def read_extensions(node: XmlNode) -> Extensions:
    """Read the `zeebe:` extensions of a BPMN element."""
    found = zeebe_nodes(node)
    return _read(found) if found else _BARE


def _read(found: Mapping[str, XmlNode]) -> Extensions:
    properties = _pairs(found.get("properties"), "property", "name")
    settings = dict(properties)
    decision, script = found.get("calledDecision"), found.get("script")
    return Extensions(
        inputs=_mappings(found.get("ioMapping"), "input"),
        outputs=_mappings(found.get("ioMapping"), "output"),
        form=_form(found.get("formDefinition")),
        user_task=_user_task(found, settings),
        job=_job(found.get("taskDefinition"), settings),
        headers=_pairs(found.get("taskHeaders"), "header", "key"),
        decision=_source(decision, "decisionId"),
        decision_binding=_text(decision, "bindingType"),
        script=_source(script, "expression"),
        result_variable=_text(decision, "resultVariable") or _text(script, "resultVariable"),
        version_tag=_text(found.get("versionTag"), "value"),
        called=_called(found.get("calledElement")),
        active_elements=_source(found.get("adHoc"), "activeElementsCollection"),
        ad_hoc=read_loop_settings(found.get("adHoc")),
        properties=settings,
    )


def binding(text: str) -> Binding:
    """The version meant; Camunda 8 takes the latest when nothing is said."""
    return Binding(text) if text in set(Binding) else Binding.LATEST


def read_outcomes(properties: Mapping[str, str]) -> tuple[Outcome, ...]:
    """`approve=核对属实; reject=不予通过` in the order of the buttons.

    A name alone is its own label.
    """
    required = read_names(properties.get(COMMENT_REQUIRED, ""))
    public = read_names(properties.get(PUBLIC_COMMENT, ""))
    outcomes = []
    for part in properties.get(OUTCOMES, "").split(";"):
        name, _, label = (text.strip() for text in part.partition("="))
        if name:
            outcomes.append(Outcome(name, label or name, name in required, name in public))
    return tuple(outcomes)


def is_closed(properties: Mapping[str, str]) -> bool:
    """Whether a process says that it is closed to all but those whom a right names for it."""
    return properties.get(CLOSED, "").strip() == "true"


def is_sealed(properties: Mapping[str, str]) -> bool:
    """Whether a process says that nothing of its cases is written from outside."""
    return properties.get(SEALED, "").strip() == "true"


def is_called_only(properties: Mapping[str, str]) -> bool:
    """Whether a process says that nothing but a call activity starts it."""
    return properties.get(CALLED_ONLY, "").strip() == "true"


def read_names(text: str) -> tuple[str, ...]:
    """Names parted by commas, as `reject, supplement`."""
    return tuple(name for part in text.split(",") if (name := part.strip()))


def read_durations(text: str) -> tuple[int, ...] | None:
    """Seconds of ISO 8601 durations (days to seconds) parted by commas; None when one is not.

    At most so many, each from a second to a year: what fails is to be mended, not asked for ever.
    """
    seconds = []
    for part in text.split(","):
        match = _DURATION.fullmatch(part.strip())
        if match is None or not any(match.groups()):
            return None
        days, hours, minutes, rest = (int(number or 0) for number in match.groups())
        span = ((days * 24 + hours) * 60 + minutes) * 60 + rest
        if not 1 <= span <= _LONGEST_PAUSE:
            return None
        seconds.append(span)
    return tuple(seconds) if len(seconds) <= _MOST_PAUSES else None


def _text(node: XmlNode | None, attribute: str) -> str:
    return "" if node is None else str(node.get(attribute, "")).strip()


def _source(node: XmlNode | None, attribute: str) -> Source:
    return Source.read("" if node is None else str(node.get(attribute, "")))


def _pairs(node: XmlNode | None, tag: str, key: str) -> tuple[tuple[str, str], ...]:
    if node is None:
        return ()
    children = node.findall(f"{{{ZEEBE}}}{tag}")
    return tuple((_text(child, key), str(child.get("value", ""))) for child in children)


def _mappings(node: XmlNode | None, tag: str) -> tuple[VariableMapping, ...]:
    if node is None:
        return ()
    return tuple(
        VariableMapping(_source(child, "source"), _text(child, "target"))
        for child in node.findall(f"{{{ZEEBE}}}{tag}")
    )


def _form(node: XmlNode | None) -> FormReference | None:
    if node is None:
        return None
    return FormReference(_text(node, "formId"), _text(node, "bindingType"))


def _user_task(found: Mapping[str, XmlNode], properties: Mapping[str, str]) -> UserTaskSettings:
    assignment, schedule = found.get("assignmentDefinition"), found.get("taskSchedule")
    return UserTaskSettings(
        assignee=_source(assignment, "assignee"),
        candidate_users=_source(assignment, "candidateUsers"),
        candidate_groups=_source(assignment, "candidateGroups"),
        due_date=_source(schedule, "dueDate"),
        follow_up_date=_source(schedule, "followUpDate"),
        priority=_source(found.get("priorityDefinition"), "priority"),
        no_deputy=properties.get(NO_DEPUTY, "").strip() == "true",
        due_working_days=Source.read(properties.get(DUE_WORKING_DAYS, "")),
        recuse_from=Source.read(properties.get(RECUSE_FROM, "")),
    )


def read_loop_settings(node: XmlNode | None) -> LoopSettings:
    """Collections as `zeebe:loopCharacteristics` and `zeebe:adHoc` name them."""
    return LoopSettings(
        input_collection=_source(node, "inputCollection"),
        input_element=_text(node, "inputElement"),
        output_collection=_text(node, "outputCollection"),
        output_element=_source(node, "outputElement"),
    )


def _called(node: XmlNode | None) -> CalledElement:
    return CalledElement(
        process_id=_source(node, "processId") or _source(node, "processIdExpression"),
        binding=_text(node, "bindingType"),
        version_tag=_text(node, "versionTag"),
        all_parent_variables=_text(node, "propagateAllParentVariables") != "false",
        all_child_variables=_text(node, "propagateAllChildVariables") != "false",
    )


def _job(definition: XmlNode | None, settings: Mapping[str, str]) -> JobSettings:
    return JobSettings(
        task_type=_source(definition, "type"),
        retries=_source(definition, "retries") or Source(DEFAULT_RETRIES, False),
        backoff=read_durations(settings.get(RETRY, "")) or DEFAULT_BACKOFF,
        asynchronous=settings.get(ASYNC, "").strip() == "true",
    )


_BARE = _read({})
"""What an element without extensions says: most elements of a large diagram."""
