"""What the record says of posts; and whether post groups are what their names say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind
from service.domain.errors import JiaoyanError
from service.domain.organization import PostGroup as NamedGroup
from service.domain.organization import parse
from service.domain.soundness import ChainKind, ChainName, Fault, Finding
from service.store.record_comparison import Comparison, Said, Standing, flag, moment
from service.store.tables import Post, PostGroup, PostGroupLabel, PostLabel

_BETWEEN = " · "


def _posts(session: Session) -> set[Standing]:
    """All there ever were: what somebody was when they decided is asked later, too."""
    labels: dict[int, list[str]] = defaultdict(list)
    # Before the posts: those that begin meanwhile are read again behind the record.
    for key, label in session.execute(select(PostLabel.post_key, PostLabel.label)):
        labels[key].append(label)
    return {
        (
            str(post.key),
            post.username,
            post.unit_id,
            post.title,
            post.scope,
            _BETWEEN.join(sorted(labels[post.key])),
            flag(post.heads_unit),
            post.begun_by,
            moment(post.begun_at),
            post.ended_by or "",
            moment(post.ended_at),
        )
        for post in session.scalars(select(Post).execution_options(populate_existing=True))
    }


def _recorded_posts(events: Iterable[Said]) -> set[Standing]:
    begun: dict[str, Standing] = {}
    ended: dict[str, Standing] = {}
    for said in events:
        key = said.text("post")
        match said.text("change"):
            case "post-begun":
                scope = _BETWEEN.join(sorted(said.texts("labels")))
                what = (said.text("title"), scope, scope, said.flag("heads_unit"))
                begun[key] = (key, said.subject, said.reference, *what, said.person, said.at)
            case "post-ended":
                ended[key] = (said.person, said.at)
    return {(*post, *ended.get(key, ("", ""))) for key, post in begun.items()}


POSTS = Comparison(ChainKind.POST, (AccessKind.ORGANIZATION_CHANGED,), _posts, _recorded_posts)


def misnamed(session: Session) -> Iterator[Finding]:
    """Find the post groups whose members are others than their names say.

    They are written when a task first names them, and follow from their ids.
    """
    labels: dict[str, list[str]] = defaultdict(list)
    rows = session.scalars(
        select(PostGroup).order_by(PostGroup.id).execution_options(populate_existing=True)
    ).all()
    for group_id, label in session.execute(select(PostGroupLabel.group_id, PostGroupLabel.label)):
        labels[group_id].append(label)
    for row in rows:
        meant = NamedGroup(row.title, tuple(sorted(labels[row.id])), row.unit_id)
        if _named(row.id) != meant:
            yield Finding(ChainName(ChainKind.POST_GROUP, row.id), 0, Fault.NOT_AS_NAMED)


def _named(group_id: str) -> NamedGroup | None:
    try:
        return parse(group_id)
    except JiaoyanError:
        return None
