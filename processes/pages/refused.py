"""A refusal that is answered by the page it came from."""

from http import HTTPStatus

from service.domain.errors import Conflict, FieldsInvalid, Invalid

Refusal = Invalid | Conflict


def status_of(refusal: Refusal) -> HTTPStatus:
    """Return the status of a refusal that is answered by the page it came from."""
    if isinstance(refusal, Conflict):
        return HTTPStatus.CONFLICT
    unfit = isinstance(refusal, FieldsInvalid)
    return HTTPStatus.UNPROCESSABLE_ENTITY if unfit else HTTPStatus.BAD_REQUEST
