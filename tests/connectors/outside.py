"""What answers on the other side: a real HTTP receiver, a real mail server, one that hangs."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.programs import free_port

LOOPBACK = "127.0.0.1"


@dataclass(slots=True)
class Asked:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """What came in; answers with `status` and `answer`."""

    url: str = ""
    status: int = 200
    answer: bytes = b"{}"
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.asked.append(Asked(self.path, headers, body))
            self.send_response(found.status)
            if found.status == 302:
                self.send_header("Location", f"{found.url}/elsewhere")
            self.send_header("Content-Length", str(len(found.answer)))
            self.end_headers()
            self.wfile.write(found.answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer((LOOPBACK, 0), Handler)
    found.url = f"http://{LOOPBACK}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(slots=True)
class Mailbox:
    """What the mail server took; it answers each mail with `reply`, each recipient with `knows`."""

    host: str = LOOPBACK
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    reply: str = "250 OK"
    knows: str = "250 OK"
    secured: list[bool] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    silent_for: float = 0
    """Seconds between taking a mail and saying so."""
    taken: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        if self.knows.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.knows

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.reply.startswith("250"):
            mail = message_from_bytes(envelope.original_content or b"", policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.recipients += envelope.rcpt_tos
            self.secured.append(session.ssl is not None)
        self.taken.set()
        await asyncio.sleep(self.silent_for)
        return self.reply

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == b"right"
        if isinstance(data, LoginPassword) and right:
            self.signed_in.append(data.login.decode())
        return AuthResult(success=right, handled=right)


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Iterator[Mailbox]:
    """Serve on loopback: in the open, with TLS at once, or by STARTTLS which it then requires."""
    box = Mailbox()
    controller = Controller(
        box,
        hostname=LOOPBACK,
        port=0,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=box.authenticate,
        auth_require_tls=starttls is not None,
    )
    controller.port = free_port()
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


@contextmanager
def silent_server(drip: bytes = b"", every: float = 0.05) -> Iterator[int]:
    """Take connections and say nothing, or `drip` again and again; gives the port."""
    over = threading.Event()
    listener = socket.create_server((LOOPBACK, 0))
    listener.settimeout(0.02)
    held: list[socket.socket] = []

    def hold() -> None:
        while not over.wait(every if drip else 0.02):
            _take(listener, held)
            for one in held if drip else ():
                _say(one, drip)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        for one in (*held, listener):
            one.close()


def _take(listener: socket.socket, held: list[socket.socket]) -> None:
    try:
        held.append(listener.accept()[0])
    except TimeoutError:
        return


def _say(one: socket.socket, drip: bytes) -> None:
    try:
        one.sendall(drip)
    except OSError:
        return


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate, and the context of a client that trusts it alone."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def certificate(folder: Path, moment: Callable[[], datetime]) -> Certificate:
    """Make a certificate for the loopback address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = moment()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain = folder / "server.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(private + made.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    client = ssl.create_default_context(cadata=made.public_bytes(pem).decode())
    return Certificate(server, client)


def wall_clock() -> datetime:
    """The machine's time, which certificates are checked against."""
    return datetime.now(UTC)
