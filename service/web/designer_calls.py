"""What the designer's islands ask for: to keep, to check and to publish a working copy."""

from typing import Literal

from flask import Blueprint, Response, flash, jsonify, request, url_for
from pydantic import Field
from werkzeug.exceptions import RequestEntityTooLarge

from service.commands import publishing, working_copies
from service.commands.companions import MOST, Companion
from service.commands.publishing import Chosen
from service.domain.designs import SIZE_LIMIT, ContentUnsuitable, DesignKind
from service.domain.problems import Problem
from service.domain.values import Json
from service.queries import design_references
from service.queries.design_references import DesignReference
from service.web.api.bodies import Body, read_body
from service.web.api.problems import problem_of
from service.web.catalogue import _
from service.web.designer import DESIGN, kind_names
from service.web.desk import current_actor, now, rooms
from service.web.limits import parse_key
from service.web.texts import clock, moment

pages = Blueprint("designer_calls", __name__)


class CompanionBody(Body):
    """A working copy that is published as well, as the designer saw it."""

    kind: Literal["process", "decision", "form"]
    id: str
    revision: int = Field(ge=0)
    replaces: int | None = None


class PublishBody(Body):
    """What is published, and which version the designer knows to be the newest."""

    revision: int = Field(ge=0)
    replaces: int | None = None
    note: str
    companions: list[CompanionBody] = Field(default=[], max_length=MOST)


@pages.get("/designer/references")
def references() -> Response:
    """List what a diagram may refer to, by kind."""
    with rooms().read() as session:
        found = design_references.references(session, actor=current_actor())
    return jsonify(
        {kind.value: [_reference(kind, one) for one in ones] for kind, ones in found.items()}
    )


@pages.put(f"{DESIGN}/working-copy")
def save(kind: str, resource_id: str) -> Response:
    """Keep the content, sent as plain text; `revision` and `base` are in the query string."""
    with rooms().write() as tools:
        saved = working_copies.save(
            tools,
            DesignKind(kind),
            resource_id,
            content=_content(),
            revision=parse_key(request.args.get("revision", "")) or 0,
            base_version=_base(),
            actor=current_actor(),
            now=now(),
        )
    return jsonify(revision=saved.revision, savedAt=clock(saved.edited_at), name=saved.name)


@pages.post(f"{DESIGN}/check")
def check(kind: str, resource_id: str) -> Response:
    """List what is wrong or doubtful about the content, which is kept nowhere.

    Also the working copies it refers to, which were checked with it: `companions`.
    """
    found = publishing.check(
        rooms(),
        DesignKind(kind),
        resource_id,
        content=_content(),
        base_version=_base(),
        actor=current_actor(),
    )
    return jsonify(
        problems=[
            _problem(problem, found.places.get(problem.resource)) for problem in found.problems
        ],
        companions=[_companion(one) for one in found.companions],
    )


@pages.post(f"{DESIGN}/publish")
def publish(kind: str, resource_id: str) -> Response:
    """Make the working copy a new version, with others that belong to it."""
    body = read_body(request, PublishBody)
    others = [
        Chosen(DesignKind(one.kind), one.id, one.revision, one.replaces) for one in body.companions
    ]
    chosen = [Chosen(DesignKind(kind), resource_id, body.revision, body.replaces), *others]
    published, *beside = publishing.publish(
        rooms(), chosen, note=body.note, actor=current_actor(), now=now()
    )
    if published.duplicate:
        said = _("内容和第 %(version)s 版相同，没有产生新版本；工作副本已收起。")
    else:
        said = _("已发布第 %(version)s 版。新发起的事项用它，在办的事项仍按原来的版本走完。")
    flash(said % {"version": published.version})
    if beside:
        names = kind_names()
        listed = "、".join(
            _("%(kind)s“%(name)s”第 %(version)s 版")
            % {"kind": names[one.kind], "name": one.name, "version": one.version}
            for one in beside
        )
        flash(_("同时发布：%(list)s。") % {"list": listed})
    return jsonify(
        version=published.version,
        duplicate=published.duplicate,
        location=url_for(
            "designer.versions", kind=published.kind.value, resource_id=published.resource_id
        ),
    )


def _reference(kind: DesignKind, one: DesignReference) -> dict[str, Json]:
    return {
        "id": one.id,
        "name": one.name,
        "published": one.published,
        "url": url_for("designer.show", kind=kind.value, resource_id=one.id),
    }


def _problem(problem: Problem, companion: Companion | None) -> dict[str, object]:
    """A problem as the API writes it, with the `design` it belongs to where it is another."""
    design = {} if companion is None else {"design": _companion(companion)}
    return {**problem_of(problem), **design}


def _companion(one: Companion) -> dict[str, Json]:
    return {
        "kind": one.kind.value,
        "kindName": kind_names()[one.kind],
        "id": one.resource_id,
        "name": one.name,
        "revision": one.revision,
        "newest": one.newest,
        "editedBy": one.edited_by,
        "editedAt": moment(one.edited_at),
        "url": url_for("designer.show", kind=one.kind.value, resource_id=one.resource_id),
    }


def _content() -> str:
    request.max_content_length = SIZE_LIMIT
    if (request.content_length or 0) > SIZE_LIMIT:
        raise RequestEntityTooLarge
    try:
        return request.get_data(cache=False).decode()
    except UnicodeDecodeError:
        raise ContentUnsuitable(reason=_("它不是 UTF-8 编码的文本")) from None


def _base() -> int | None:
    return parse_key(request.args.get("base", ""))
