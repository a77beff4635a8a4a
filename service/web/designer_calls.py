"""What the designer's islands ask for: to keep, to check and to publish a working copy."""

from flask import Blueprint, Response, flash, jsonify, request, url_for
from pydantic import Field
from werkzeug.exceptions import RequestEntityTooLarge

from service.commands import publishing, working_copies
from service.domain.designs import SIZE_LIMIT, ContentUnsuitable, DesignKind
from service.web.api.bodies import Body, read_body
from service.web.api.problems import problem_of
from service.web.catalogue import _
from service.web.designer import DESIGN
from service.web.desk import current_actor, now, rooms
from service.web.limits import parse_key
from service.web.texts import clock

pages = Blueprint("designer_calls", __name__)


class PublishBody(Body):
    """What is published, and which version the designer knows to be the newest."""

    revision: int = Field(ge=0)
    replaces: int | None = None
    note: str


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
    return jsonify(revision=saved.revision, savedAt=clock(saved.edited_at))


@pages.post(f"{DESIGN}/check")
def check(kind: str, resource_id: str) -> Response:
    """List what is wrong or doubtful about the content, which is kept nowhere."""
    problems = publishing.check(
        rooms(),
        DesignKind(kind),
        resource_id,
        content=_content(),
        base_version=_base(),
        actor=current_actor(),
    )
    return jsonify(problems=[problem_of(problem) for problem in problems])


@pages.post(f"{DESIGN}/publish")
def publish(kind: str, resource_id: str) -> Response:
    """Make the working copy a new version."""
    body = read_body(request, PublishBody)
    published = publishing.publish(
        rooms(),
        DesignKind(kind),
        resource_id,
        revision=body.revision,
        replaces=body.replaces,
        note=body.note,
        actor=current_actor(),
        now=now(),
    )
    if published.duplicate:
        said = _("内容和第 %(version)s 版相同，没有产生新版本；工作副本已收起。")
    else:
        said = _("已发布第 %(version)s 版。新发起的事项用它，在办的事项仍按原来的版本走完。")
    flash(said % {"version": published.version})
    return jsonify(
        version=published.version,
        duplicate=published.duplicate,
        location=url_for(
            "designer.versions", kind=published.kind.value, resource_id=published.resource_id
        ),
    )


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
