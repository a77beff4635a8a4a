"""What every answer tells the browser: what it may load, keep and guess."""

from flask import Flask, Response, request

from service.web.web_settings import WebSettings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        # bpmn-js and form-js position what they draw by style attributes.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_ONE_YEAR = 31_536_000


def install(app: Flask, settings: WebSettings) -> None:
    """Set the headers on every answer that does not have its own."""

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.https:
            response.headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
        if request.endpoint != "static":
            # Pages hold personal data: nothing of them stays in a cache or behind 返回.
            response.headers.setdefault("Cache-Control", "no-store")
        return response
