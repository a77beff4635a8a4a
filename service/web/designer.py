"""The designer's pages: what there is, something new, one design, its versions."""

from dataclasses import dataclass
from functools import partial
from io import BytesIO

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import working_copies
from service.commands.deployments import Upload
from service.commands.working_copies import Saved
from service.domain.designs import (
    ENDINGS,
    ID_LIMIT,
    NAME_LIMIT,
    SIZE_LIMIT,
    DesignKind,
    DesignNotFound,
    FileUnsuitable,
)
from service.domain.errors import Conflict, Invalid, JiaoyanError
from service.queries import design_comparison, design_versions, designs
from service.queries.designs import Design
from service.web.catalogue import _
from service.web.design_words import change_word, kind_word, place_word, value_word
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of

pages = Blueprint("designer", __name__)

DESIGN = "/designer/<any(process, decision, form):kind>/<path:resource_id>"

_LONGEST_QUESTION = 100
_LARGEST_VERSION = 2**31
_MOST_CHANGES = 300


class FileMissing(Invalid):
    """还没有选择文件，没有导入任何内容。请选择一个 .bpmn、.dmn 或 .form 文件。"""

    code = "design.file-missing"


@dataclass(frozen=True, slots=True)
class Entered:
    """What was written on the page of a new design, to be shown again with the refusal."""

    kind: DesignKind = DesignKind.PROCESS
    resource_id: str = ""
    name: str = ""


@pages.get("/designer")
def home() -> str:
    """Everything I may design."""
    question = request.args.get("q", "").strip()[:_LONGEST_QUESTION]
    kind = next((one for one in DesignKind if one == request.args.get("kind")), None)
    with rooms().read() as session:
        found = designs.listed(session, actor=current_actor(), q=question, kind=kind)
    return render_template(
        "designer.html", found=found, question=question, kind=kind, kinds=kind_names()
    )


@pages.get("/designer/new")
def new() -> str:
    """A new design, or a file from elsewhere."""
    with rooms().read() as session:
        if not designs.may_design(session, actor=current_actor()):
            raise DesignNotFound
    return _new_page(Entered())


@pages.post("/designer/new")
def create() -> AnyResponse | tuple[str, int]:
    """Begin a new process, decision or form."""
    kind = next((one for one in DesignKind if one == request.form.get("kind")), DesignKind.PROCESS)
    entered = Entered(
        kind=kind,
        resource_id=request.form.get("resource_id", "").strip()[: ID_LIMIT + 1],
        name=request.form.get("name", "").strip()[: NAME_LIMIT + 1],
    )
    try:
        with rooms().write() as tools:
            saved = working_copies.create(
                tools,
                kind,
                resource_id=entered.resource_id,
                name=entered.name,
                actor=current_actor(),
                now=now(),
            )
    except (Conflict, Invalid) as refusal:
        return _refused_new(entered, refusal)
    return redirect(url_of(saved))


@pages.post("/designer/import")
def import_file() -> AnyResponse | tuple[str, int]:
    """Begin a working copy with a file's content."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise FileMissing
        content = file.stream.read(SIZE_LIMIT + 1)
        with rooms().write() as tools:
            saved = working_copies.import_file(
                tools, Upload(file.filename[-200:], content), actor=current_actor(), now=now()
            )
    except (Conflict, Invalid) as refusal:
        return _refused_new(Entered(), refusal)
    if saved.readable:
        flash(_("文件已导入为工作副本，检查后可以发布。"))
    else:
        flash(
            _("文件已留作工作副本，但读不出其中的内容，还不能发布。请改正，或放弃后换一个文件。"),
            "warning",
        )
    return redirect(url_of(saved))


@pages.get(f"{DESIGN}/versions")
def versions(kind: str, resource_id: str) -> str:
    """The versions, newest first."""
    actor, design_kind = current_actor(), DesignKind(kind)
    with rooms().read() as session:
        design = designs.get(session, actor=actor, kind=design_kind, resource_id=resource_id)
        found = design_versions.listed(
            session, actor=actor, kind=design_kind, resource_id=resource_id
        )
    return render_template(
        "design_versions.html", design=design, versions=found, kinds=kind_names()
    )


@pages.get(f"{DESIGN}/compare")
def compare(kind: str, resource_id: str) -> str:
    """What a version and a later one, or the working copy, differ in."""
    actor, design_kind = current_actor(), DesignKind(kind)
    old, new = _wanted_version("old"), _wanted_version("new")
    with rooms().read() as session:
        design = designs.get(session, actor=actor, kind=design_kind, resource_id=resource_id)
        old = old or design.newest
        if old is None:
            raise DesignNotFound
        changes = design_comparison.compared(
            session, actor=actor, kind=design_kind, resource_id=resource_id, old=old, new=new
        )
        found = design_versions.listed(
            session, actor=actor, kind=design_kind, resource_id=resource_id
        )
    return render_template(
        "design_comparison.html",
        design=design,
        versions=found,
        old=old,
        new=new,
        changes=changes,
        most=_MOST_CHANGES,
        kinds=kind_names(),
        change_word=change_word,
        kind_word=kind_word,
        place_word=place_word,
        value_word=value_word,
    )


@pages.get(f"{DESIGN}/file")
def download(kind: str, resource_id: str) -> Response:
    """The working copy, the newest version, or the version that is asked for, as a file."""
    actor, design_kind = current_actor(), DesignKind(kind)
    version = _wanted_version()
    with rooms().read() as session:
        if version is None:
            design = designs.get(session, actor=actor, kind=design_kind, resource_id=resource_id)
            name, content = f"{resource_id}.{ENDINGS[design_kind]}", design.content
        else:
            found = design_versions.content(
                session, actor=actor, kind=design_kind, resource_id=resource_id, version=version
            )
            name, content = found.file_name, found.content
    return send_file(
        BytesIO(content.encode()),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=name,
        etag=False,
    )


@pages.post(f"{DESIGN}/take-up")
def take_up(kind: str, resource_id: str) -> AnyResponse:
    """Use a version as the working copy."""
    version = _wanted_version()
    if version is None:
        raise DesignNotFound
    with rooms().write() as tools:
        saved = working_copies.begin_from(
            tools,
            DesignKind(kind),
            resource_id,
            version=version,
            actor=current_actor(),
            now=now(),
        )
    flash(
        _(
            "第 %(version)s 版已成为工作副本，可以继续修改；发布之前不影响现有版本。",
            version=version,
        )
    )
    return redirect(url_of(saved))


@pages.post(f"{DESIGN}/discard")
def discard(kind: str, resource_id: str) -> AnyResponse:
    """Forget the working copy."""
    revision = request.form.get("revision", "")
    design_kind = DesignKind(kind)
    with rooms().write() as tools:
        working_copies.discard(
            tools,
            design_kind,
            resource_id,
            revision=int(revision) if revision.isascii() and revision.isdigit() else 0,
            actor=current_actor(),
        )
    flash(_("工作副本已放弃；已发布的版本没有变化。"))
    return redirect(url_for("designer.home"))


@pages.get(DESIGN)
def show(kind: str, resource_id: str) -> str:
    """One design: to be changed, or one of its versions to be read."""
    actor, design_kind = current_actor(), DesignKind(kind)
    version = _wanted_version()
    with rooms().read() as session:
        design = designs.get(session, actor=actor, kind=design_kind, resource_id=resource_id)
        content = design.content
        if version is not None:
            content = design_versions.content(
                session, actor=actor, kind=design_kind, resource_id=resource_id, version=version
            ).content
    return render_template(
        "design.html",
        design=design,
        version=version,
        island=f"designer-{design_kind}",
        given=_given(design, content, version),
        kinds=kind_names(),
    )


def kind_names() -> dict[DesignKind, str]:
    """What designers call the kinds."""
    return {
        DesignKind.PROCESS: _("流程"),
        DesignKind.DECISION: _("决策"),
        DesignKind.FORM: _("表单"),
    }


def url_of(saved: Saved) -> str:
    """Return where a working copy is changed."""
    return url_for("designer.show", kind=saved.kind.value, resource_id=saved.resource_id)


def _given(design: Design, content: str, version: int | None) -> dict[str, object]:
    """What the island needs: the content, from where it comes, and where to send it."""
    address = partial(url_for, kind=design.kind.value, resource_id=design.resource_id)
    copy = design.working_copy
    return {
        "content": content,
        "fileName": f"{design.resource_id}.{ENDINGS[design.kind]}",
        "readOnly": version is not None,
        "revision": copy.revision if copy else 0,
        "base": copy.base_version if copy else design.newest,
        "newest": design.newest,
        "urls": {
            "references": url_for("designer_calls.references"),
            "save": address("designer_calls.save"),
            "check": address("designer_calls.check"),
            "publish": address("designer_calls.publish"),
        },
    }


def _wanted_version(name: str = "version") -> int | None:
    text = request.values.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:11]) < _LARGEST_VERSION:
        raise DesignNotFound
    return int(text)


def _refused_new(entered: Entered, refusal: JiaoyanError) -> tuple[str, int]:
    with rooms().read() as session:
        if not designs.may_design(session, actor=current_actor()):
            raise DesignNotFound
    return _new_page(entered, refusal), int(status_of(refusal))


def _new_page(entered: Entered, refusal: JiaoyanError | None = None) -> str:
    importing = isinstance(refusal, FileMissing | FileUnsuitable) or request.endpoint == (
        "designer.import_file"
    )
    return render_template(
        "designer_new.html",
        entered=entered,
        refusal=refusal,
        importing=importing,
        kinds=kind_names(),
    )
