"""What the environment sets. Read once by the entry points; everybody else gets values."""

import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Self

from service.domain.access_events import DEFAULT_DAYS, MINIMUM_DAYS
from service.domain.errors import JiaoyanError

_PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))

RELEASE = str(_PROJECT["project"]["version"])
"""Which release of the program this is; it runs from its own folder and is never installed."""

WELL_KNOWN_SECRETS = frozenset({"secret", "changeme", "jiaoyan", "jiaoyan-demo", "dev", "test"})
_MOST_DAYS = 36_500
_HOURS = 24
_TAKEOVER = range(3, 3601)
MINIMUM_SECRET = 32
"""Characters: 32 of them carry at least 128 bits when they are hexadecimal."""


class SettingInvalid(JiaoyanError):
    """环境变量 {variable} 的值不对：{reason}。系统没有启动，改正后再启动即可。"""

    code = "setting.invalid"


class SecretUnfit(JiaoyanError):
    """环境变量 {variable} 没有设置，或者太短、太常见。系统没有启动：请设为至少 32 位的随机串，例如运行 `python3 -c "import secrets; print(secrets.token_hex(32))"` 得到的值。"""  # noqa: E501 - a message is one paragraph

    code = "setting.secret-unfit"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with the name of its variable: field `port` is `JIAOYAN_PORT`."""

    database_url: str = ""
    """SQLAlchemy address; empty: SQLite in the data folder."""
    data_dir: Path = Path("var")
    """Folder of the database (SQLite), the uploaded files and the demonstration's secrets."""
    secret_key: str = ""
    """Signs cookies and CSRF tokens."""
    audit_key: str = ""
    """Keys the chain of the history; kept outside the database."""
    data_key: str = ""
    """Encrypts personal data; kept outside the database. After a comma, older keys that still
    open what they have sealed: see `jiaoyan data rotate-key`."""
    host: str = "127.0.0.1"
    port: int = 8080
    web_workers: int = 2
    """Page processes of `serve`."""
    web_threads: int = 4
    """Threads a page process."""
    https: bool = True
    """Cookies are sent over HTTPS only; `demo` switches it off."""
    idle_minutes: int = 30
    """A signed-in person who does nothing for so long must sign in again."""
    link_hours: int = 72
    """How long a link serves by which somebody sets their password: invitation, reset."""
    base_url: str = ""
    """Where people reach the system, for links that leave it: `https://jiaoyan.example.cn`."""
    upload_megabytes: int = 20
    """Largest file a form takes."""
    sms_url: str = ""
    """Address of the bureau's gateway for text messages; empty: the public cannot register."""
    sms_token: str = ""
    """The gateway's bearer token."""
    mail_host: str = ""
    """The mail server; empty: no mail is sent."""
    mail_port: int = 465
    mail_security: str = "tls"
    """tls from the first byte, starttls, or none inside the bureau's own network."""
    mail_username: str = ""
    """Empty: nobody signs in there."""
    mail_password: str = ""
    mail_from: str = ""
    """The address that mails come from."""
    wecom_url: str = ""
    """Address of a robot of 企业微信, which holds its key."""
    dingtalk_url: str = ""
    dingtalk_secret: str = ""
    """For 加签; empty where the robot has other safety settings."""
    feishu_url: str = ""
    feishu_secret: str = ""
    """For 签名校验; the same."""
    hook_url: str = ""
    """Address of a program of the bureau's that is told what people are told."""
    hook_secret: str = ""
    """Signs what it gets."""
    digest_hour: int = 8
    """Hour of the bureau's day at which the daily summary is sent."""
    trusted_proxies: int = 0
    """How many proxies in front set X-Forwarded-For and -Proto."""
    metrics_token: str = ""
    """Bearer token by which /metrics is read; empty: it is not there."""
    takeover_seconds: int = 45
    """So long after a process was last heard of, what it held is given to others."""
    access_log_days: int = DEFAULT_DAYS
    """So long access logs are kept; what is kept for ever stays beyond it."""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Make the settings of `JIAOYAN_…` variables; raises SettingInvalid."""
        given: dict[str, object] = {}
        for field in fields(cls):
            variable = f"JIAOYAN_{field.name.upper()}"
            if (text := environment.get(variable)) is not None:
                given[field.name] = _convert(variable, text, type(field.default))
        days = given.get("access_log_days", DEFAULT_DAYS)
        if isinstance(days, int) and not MINIMUM_DAYS <= days <= _MOST_DAYS:
            reason = f"访问日志应保存 {MINIMUM_DAYS} 至 {_MOST_DAYS} 天"
            raise SettingInvalid(variable="JIAOYAN_ACCESS_LOG_DAYS", reason=reason)
        hour = given.get("digest_hour", 0)
        if isinstance(hour, int) and hour >= _HOURS:
            raise SettingInvalid(variable="JIAOYAN_DIGEST_HOUR", reason="应为 0 至 23 点")
        seconds = given.get("takeover_seconds", _TAKEOVER[0])
        if seconds not in _TAKEOVER:
            reason = f"应为 {_TAKEOVER[0]} 至 {_TAKEOVER[-1]} 秒"
            raise SettingInvalid(variable="JIAOYAN_TAKEOVER_SECONDS", reason=reason)
        return cls(**given)  # type: ignore[arg-type]  # the fields' own types convert them

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'jiaoyan.db'}"

    @property
    def address(self) -> str:
        """The address in links, without a slash at its end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def data_keys(self) -> list[str]:
        """The keys of personal data, newest first."""
        return [key.strip() for key in self.data_key.split(",") if key.strip()]

    def require_secrets(self) -> None:
        """Raise SecretUnfit where `serve` and `worker` would run on a guessable secret."""
        for variable, values in (
            ("JIAOYAN_SECRET_KEY", [self.secret_key]),
            ("JIAOYAN_AUDIT_KEY", [self.audit_key]),
            ("JIAOYAN_DATA_KEY", self.data_keys or [""]),
            ("JIAOYAN_METRICS_TOKEN", [self.metrics_token] if self.metrics_token else []),
        ):
            if not all(map(_fit, values)):
                raise SecretUnfit(variable=variable)


def _fit(secret: str) -> bool:
    return (
        len(secret) >= MINIMUM_SECRET
        and len(set(secret)) > 7
        and not any(known * 2 in secret.lower() for known in WELL_KNOWN_SECRETS)
    )


def _convert(variable: str, text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            raise SettingInvalid(variable=variable, reason="应为 true 或 false")
        return text.lower() in {"1", "true", "yes"}
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise SettingInvalid(variable=variable, reason="应为整数")
        return int(text)
    return kind(text)


def with_demonstration_keys(settings: "Settings") -> "Settings":
    """Return the settings with the demonstration's keys where none are set and it has them."""

    def key(given: str, name: str) -> str:
        if given or not (settings.data_dir / f"{name}.secret").exists():
            return given
        return demonstration_secret(settings.data_dir, name)

    return replace(
        settings,
        audit_key=key(settings.audit_key, "audit"),
        data_key=key(settings.data_key, "data"),
    )


def demonstration_secret(data_dir: Path, name: str) -> str:
    """Return the demonstration's own random secret, made once and kept in the data folder."""
    path = data_dir / f"{name}.secret"
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), "ascii")
    return path.read_text("ascii").strip()
