"""The register: who sees which row, filters, pages."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from processes.registers import qualification_search, qualifications
from processes.registers.qualification_search import (
    CursorInvalid,
    Filters,
    QualificationPage,
    Validity,
    validity_of,
)
from processes.registers.qualifications import (
    Candidate,
    Decision,
    QualificationNotFound,
)
from processes.registers.seats import SEATS
from processes.registers.tables import QUALIFICATIONS
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.store.database import Database
from tests.fixtures_store import CAST, OFFICE, Cast
from tests.processes.conftest import GrantRight

TODAY = date(2026, 3, 2)
ALL = Filters()


def enter(
    session: Session,
    now: datetime,
    *,
    key: int = 1,
    holder: Actor = CAST.applicant,
    seat: str = "小学语文",
    valid_until: date = date(2028, 3, 1),
) -> None:
    qualifications.grant(
        session,
        Decision(key, "admission_review", key * 10, "2026-11", CAST.officer, now),
        Candidate(holder.username, holder.display_name, "某某小学", SEATS[seat], {}),
        valid_until=valid_until,
        preferred=False,
        documents={},
    )


def search(
    session: Session,
    actor: Actor,
    filters: Filters = ALL,
    *,
    after: str | None = None,
    limit: int = 20,
) -> QualificationPage:
    return qualification_search.search(
        session, actor=actor, filters=filters, after=after, today=TODAY, limit=limit
    )


def keys(page: QualificationPage) -> list[int]:
    return [record.qualification_key for record in page.rows]


def test_a_stranger_sees_nothing(database: Database, cast: Cast, now: datetime) -> None:
    with database.write() as session:
        enter(session, now)
    with database.read() as session:
        assert keys(search(session, cast.stranger)) == []
        assert not qualification_search.may_read_register(session, cast.stranger)
        with pytest.raises(QualificationNotFound):
            qualification_search.revisions(session, actor=cast.stranger, qualification_key=1)


def test_an_office_without_the_right_is_a_stranger(
    database: Database, cast: Cast, now: datetime
) -> None:
    with database.write() as session:
        enter(session, now)
    with database.read() as session:
        assert keys(search(session, cast.officer)) == []


def test_the_holder_sees_their_own_alone(database: Database, cast: Cast, now: datetime) -> None:
    with database.write() as session:
        enter(session, now, key=1)
        enter(session, now, key=2, holder=cast.stranger)
    with database.read() as session:
        assert keys(search(session, cast.applicant)) == [1]
        with pytest.raises(QualificationNotFound):
            qualification_search.revisions(session, actor=cast.applicant, qualification_key=2)


def test_the_right_to_read_shows_all(database: Database, reader: Actor, now: datetime) -> None:
    with database.write() as session:
        enter(session, now, key=1)
        enter(session, now, key=2, holder=CAST.stranger)
    with database.read() as session:
        assert keys(search(session, reader)) == [2, 1]


def test_a_right_to_another_register_shows_nothing(
    database: Database, cast: Cast, grant_right: GrantRight, now: datetime
) -> None:
    grant_right(OFFICE, "other-register", ObjectKind.REGISTER, Action.READ)
    grant_right(OFFICE, QUALIFICATIONS, ObjectKind.CASE, Action.READ)
    with database.write() as session:
        enter(session, now)
    with database.read() as session:
        assert keys(search(session, cast.officer)) == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(text="张"), [1]),
        (Filters(text="某某"), [3, 2, 1]),
        (Filters(text="物理"), [2]),
        (Filters(text="%"), []),
        (Filters(text="_"), []),
        (Filters(text="张\0"), [1]),
        (Filters(text="'; DROP TABLE"), []),
        (Filters(stage="初中"), [2]),
        (Filters(subject="音乐"), [3]),
        (Filters(stage="小学", subject="音乐"), []),
        (Filters(validity=Validity.VALID), [1]),
        (Filters(validity=Validity.EXPIRING), [2]),
        (Filters(validity=Validity.EXPIRED), [3]),
        (Filters(validity=Validity.REVOKED), []),
    ],
)
def test_filters_narrow_the_list(
    database: Database, reader: Actor, now: datetime, filters: Filters, found: list[int]
) -> None:
    with database.write() as session:
        enter(session, now, key=1)
        enter(session, now, key=2, holder=CAST.stranger, seat="初中物理", valid_until=TODAY)
        expired = TODAY - timedelta(days=1)
        enter(session, now, key=3, holder=CAST.stranger, seat="跨学段音乐", valid_until=expired)
    with database.read() as session:
        assert keys(search(session, reader, filters)) == found


@pytest.mark.parametrize(
    ("last_day", "validity"),
    [
        (TODAY - timedelta(days=1), Validity.EXPIRED),
        (TODAY, Validity.EXPIRING),
        (TODAY + timedelta(days=90), Validity.EXPIRING),
        (TODAY + timedelta(days=91), Validity.VALID),
    ],
)
def test_the_shown_validity_and_the_filter_agree(
    database: Database, reader: Actor, now: datetime, last_day: date, validity: Validity
) -> None:
    with database.write() as session:
        enter(session, now, valid_until=last_day)
    with database.read() as session:
        (record,) = search(session, reader).rows
        assert validity_of(record, TODAY) is validity
        for asked in Validity:
            assert bool(keys(search(session, reader, Filters(validity=asked)))) is (
                asked is validity
            )


def test_pages_follow_each_other_without_gap_or_double(
    database: Database, reader: Actor, now: datetime
) -> None:
    # given five rows of two days
    with database.write() as session:
        for key in (1, 2, 5):
            enter(session, now, key=key)
        for key in (3, 4):
            enter(session, now + timedelta(days=1), key=key)
    # when they are read two at a time
    found, after = [], None
    with database.read() as session:
        while True:
            page = search(session, reader, after=after, limit=2)
            found.append(keys(page))
            if (after := page.next) is None:
                break
    # then the newest day comes first, and each row once
    assert found == [[4, 3], [5, 2], [1]]


@pytest.mark.parametrize(
    "cursor", ["x", "2026-03-02", "2026-13-02_1", "2026-03-02_9223372036854775808", "_", "２_1"]
)
def test_a_made_up_cursor_is_refused(database: Database, reader: Actor, cursor: str) -> None:
    with database.read() as session, pytest.raises(CursorInvalid):
        search(session, reader, after=cursor)


def test_the_case_is_open_to_its_applicant_and_to_case_readers(
    database: Database, reader: Actor, grant_right: GrantRight, now: datetime
) -> None:
    with database.write() as session:
        enter(session, now)
        (record,) = search(session, reader).rows
        assert qualification_search.may_open_case(session, CAST.applicant, record)
        assert not qualification_search.may_open_case(session, reader, record)
    grant_right(OFFICE, "admission_review", ObjectKind.CASE, Action.READ)
    with database.read() as session:
        assert qualification_search.may_open_case(session, reader, record)


def refuse(session: Session, now: datetime, key: int) -> None:
    qualifications.refuse(
        session,
        Decision(key, "admission_review", key * 10, "2026-11", CAST.officer, now),
        Candidate("zhang.min", "张敏", "某某小学", SEATS["小学语文"], {}),
        [{"rule": "R-E5a", "clause": "三（三）5", "reason": "不足6年"}],
    )


def refused(
    session: Session, actor: Actor, after: str | None = None
) -> tuple[list[int], str | None]:
    page = qualification_search.refusals(session, actor=actor, after=after, limit=2)
    return [record.refusal_key for record in page.rows], page.next


def test_refusals_are_seen_by_the_applicant_and_by_readers(
    database: Database, reader: Actor, now: datetime
) -> None:
    with database.write() as session:
        refuse(session, now, 9)
    with database.read() as session:
        assert refused(session, CAST.applicant) == ([9], None)
        assert refused(session, reader) == ([9], None)
        assert refused(session, CAST.stranger) == ([], None)


def test_refusals_are_paged(database: Database, reader: Actor, now: datetime) -> None:
    with database.write() as session:
        for key in (1, 2, 3):
            refuse(session, now, key)
    with database.read() as session:
        first, after = refused(session, reader)
        assert (first, refused(session, reader, after)) == ([3, 2], ([1], None))
