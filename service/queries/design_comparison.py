"""What a version of a design and another one, or the working copy, differ in."""

from sqlalchemy.orm import Session

from service.domain import strict_json
from service.domain.actors import Actor
from service.domain.design_changes import DesignChanges, Parts, design_changes
from service.domain.designs import DesignKind, DesignNotFound
from service.domain.strict_json import JsonUnreadable
from service.engine import form_parts, model_parts
from service.queries import design_versions, designs


def compared(
    session: Session,
    *,
    actor: Actor,
    kind: DesignKind,
    resource_id: str,
    old: int,
    new: int | None,
) -> DesignChanges | None:
    """Compare a version with another, or with the working copy where `new` is None.

    None where one of them cannot be read. Raises DesignNotFound, also where there is no working
    copy.
    """
    before = design_versions.content(
        session, actor=actor, kind=kind, resource_id=resource_id, version=old
    ).content
    if new is None:
        design = designs.get(session, actor=actor, kind=kind, resource_id=resource_id)
        if design.working_copy is None:
            raise DesignNotFound
        after = design.content
    else:
        after = design_versions.content(
            session, actor=actor, kind=kind, resource_id=resource_id, version=new
        ).content
    first, second = _parts(kind, before), _parts(kind, after)
    return None if first is None or second is None else design_changes(first, second)


def _parts(kind: DesignKind, content: str) -> Parts | None:
    if kind is not DesignKind.FORM:
        return model_parts(content.encode())
    try:
        return form_parts(strict_json.read(content.encode()))
    except JsonUnreadable:
        return None
