"""Every error as a status and a text: the only place that knows both.

A page gets a page, htmx a fragment for the notices, a script and the API problem+json. Each says
what happened, what was kept and what to do, and carries the number under which the log has it.
"""

import logging
import re
import secrets
from http import HTTPStatus

from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from service.commands.new_file import disk_is_full
from service.commands.password_check import Limited, Locked, SignInRefused
from service.domain.errors import (
    Conflict,
    FieldsInvalid,
    Forbidden,
    Invalid,
    JiaoyanError,
    NotFound,
    ResultUnknown,
    StorageFull,
    Unavailable,
)
from service.domain.passwords import PasswordChangeDue
from service.domain.rate_limits import TooOften
from service.domain.suspension import ApplicationSuspended, InstanceSuspended
from service.domain.verification import AccountClosed, CodeRefused
from service.web.api import problems
from service.web.catalogue import _
from service.web.desk import NotSignedIn
from service.web.identity import is_public_page
from service.web.web_settings import WebSettings

_log = logging.getLogger(__name__)

_STATUSES: dict[type[JiaoyanError], HTTPStatus] = {
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    SignInRefused: HTTPStatus.UNAUTHORIZED,
    Locked: HTTPStatus.TOO_MANY_REQUESTS,
    Limited: HTTPStatus.TOO_MANY_REQUESTS,
    TooOften: HTTPStatus.TOO_MANY_REQUESTS,
    CodeRefused: HTTPStatus.UNAUTHORIZED,
    AccountClosed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    FieldsInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Invalid: HTTPStatus.BAD_REQUEST,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    # What else has a name of its own (an expression that fails, a diagram that cannot be read) is
    # neither the person's fault nor a fault of the program: it cannot be done as it is.
    JiaoyanError: HTTPStatus.CONFLICT,
}

REQUEST_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
_RETRY_SECONDS = 5


class PageExpired(Invalid):
    """页面打开太久，校验信息已失效，没有做任何改动。请刷新页面后再操作一次。"""

    code = "page-expired"


def status_of(error: JiaoyanError) -> HTTPStatus:
    """Return the status of the nearest kind of error that has one."""
    return next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)


def install(app: Flask, settings: WebSettings) -> None:
    """Number each request and answer every error of this application."""

    @app.before_request
    def number() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(6)

    @app.after_request
    def tell_number(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response

    app.register_error_handler(JiaoyanError, refused)
    app.register_error_handler(OSError, no_room)
    app.register_error_handler(CSRFError, lambda _error: refused(PageExpired()))
    app.register_error_handler(HTTPException, http_refused)
    app.register_error_handler(HTTPStatus.INTERNAL_SERVER_ERROR, failed)


def refused(error: JiaoyanError) -> AnyResponse:
    """Answer an error of ours."""
    if isinstance(error, InstanceSuspended) and is_public_page():
        error = _without_names(error)
    status = status_of(error)
    if problems.is_api(request.path) or wants_json():
        return _waiting(problems.refusal(error, status), error)
    if isinstance(error, NotSignedIn) and not _is_fragment() and request.method in {"GET", "HEAD"}:
        sign_in = "public_sign_in.show" if is_public_page() else "sign_in.show"
        return redirect(url_for(sign_in, next=request.full_path.rstrip("?")))
    if isinstance(error, PasswordChangeDue) and not _is_fragment() and request.method == "GET":
        return redirect(url_for("passwords.show", next=request.full_path.rstrip("?")))
    return _waiting(_page(status, _title(error, status), error.message), error)


def no_room(error: OSError) -> AnyResponse:
    """Answer a full disk: what is uploaded lies on it before any of ours sees it."""
    if not disk_is_full(error):
        raise error
    return refused(StorageFull())


def _without_names(error: InstanceSuspended) -> ApplicationSuspended:
    """No name of a member of staff leaves the house."""
    said = ApplicationSuspended()
    said.draft_kept = error.draft_kept
    return said


def http_refused(error: HTTPException) -> AnyResponse:
    """Answer what Flask itself refused: no such page, the wrong method, too large."""
    if problems.is_api(request.path) or wants_json():
        return problems.http_refusal(error)
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()  # a redirect is no refusal
    status = HTTPStatus(error.code)
    titles, messages = _titles(), _messages() | (_public_messages() if is_public_page() else {})
    response = _page(
        status,
        titles.get(status, titles[HTTPStatus.BAD_REQUEST]),
        messages.get(status, messages[HTTPStatus.BAD_REQUEST]),
    )
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return response


def failed(error: HTTPException) -> AnyResponse:
    """Answer a fault of the program; Flask has logged it, this adds the number people will tell."""
    _log.error("request %s failed: %s %s", g.get("request_id"), request.method, request.path)
    return http_refused(error)


def wants_json() -> bool:
    """Tell whether a script asked, and not a person's browser."""
    return (
        request.is_json
        or request.accept_mimetypes.best_match(["text/html", "application/json"])
        == "application/json"
    )


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"


def _page(status: HTTPStatus, title: str, message: str) -> Response:
    template = "problem_notice.html" if _is_fragment() else "problem.html"
    text = render_template(template, status=int(status), title=title, message=message)
    response = Response(text, status=status)
    if _is_fragment():
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _waiting(response: Response, error: JiaoyanError) -> Response:
    seconds = getattr(error, "retry_after", None)
    if seconds is None and response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        seconds = _RETRY_SECONDS
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def _title(error: JiaoyanError, status: HTTPStatus) -> str:
    if isinstance(error, ResultUnknown):
        return _("结果还不确定")
    if isinstance(error, StorageFull):
        return _("存储空间满了")
    return _titles()[status]


def _titles() -> dict[HTTPStatus, str]:
    return {
        HTTPStatus.BAD_REQUEST: _("请求有误"),
        HTTPStatus.UNAUTHORIZED: _("请先登录"),
        HTTPStatus.FORBIDDEN: _("没有权限"),
        HTTPStatus.NOT_FOUND: _("没有找到"),
        HTTPStatus.METHOD_NOT_ALLOWED: _("不能这样操作"),
        HTTPStatus.CONFLICT: _("情况有变化"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("内容太大"),
        HTTPStatus.UNPROCESSABLE_ENTITY: _("填写有误"),
        HTTPStatus.TOO_MANY_REQUESTS: _("请稍后再试"),
        HTTPStatus.INTERNAL_SERVER_ERROR: _("系统出错了"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("系统正忙"),
    }


def _messages() -> dict[HTTPStatus, str]:
    return {
        HTTPStatus.BAD_REQUEST: _("请求的内容看不懂，没有做任何改动。请返回上一页再试。"),
        HTTPStatus.NOT_FOUND: _(
            "没有找到这个页面，或者你没有查看的权限。请检查地址，或回到工作台。"
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: _(
            "这个地址不能这样打开，没有做任何改动。请回到工作台重新进入。"
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("提交的内容太大，没有保存。请缩小或分开后再试。"),
        HTTPStatus.INTERNAL_SERVER_ERROR: _(
            "系统遇到意外的错误，已经记录。没有完成的操作不会生效，已保存的草稿还在。"
            "请稍后再试；如果还是不行，请把下面的编号告诉管理员。"
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: _("系统正忙，没有做任何改动。请稍后再试。"),
    }


def _public_messages() -> dict[HTTPStatus, str]:
    """What is said otherwise to who does not work here."""
    return {
        HTTPStatus.NOT_FOUND: _(
            "没有找到这个页面，它可能已经撤下。请检查地址，或回到办事大厅首页。"
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: _(
            "这个地址不能这样打开，没有做任何改动。请回到办事大厅首页重新进入。"
        ),
    }
