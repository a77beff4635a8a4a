"""Rules of the house that a look at the sources can see; each gives the places that break it.

A place is `path` or `path:line`, relative to the project's folder.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MODULE = 350
CODE_FOLDERS = ("benchmarks", "processes", "scripts", "service", "tests")
MADE_BY_THE_BUILD = ("service/feel/dist/", "service/web/static/dist/")
LOCK_FILES = (".npmrc", "package-lock.json", "requirements.txt", "scripts/uv-requirements.txt")
REGISTRY_ADDRESS = re.compile(
    r"""^\s*"resolved":\s*"https?: | ^\s*-?-?(?:extra-)?index-url\b | ^\s*(?:\S+:)?registry\s*=
    | ^\s*--find-links\b | @\s*https?: | ^\s*url\s*=\s*"https?:""",
    re.VERBOSE,
)

COMPOSITION_ROOT = ("service/app.py", "service/cli.py", "service/demo.py", "service/serving.py")
MAY_READ_ENVIRONMENT = ("service/app.py", "service/cli_settings.py", "service/settings.py")
MAY_READ_CLOCK = (*COMPOSITION_ROOT, "service/domain/keys.py", "service/jobs/steady.py")
MAY_WRITE_DATES = {"service/domain/dates.py", "service/web/frontend/lib/day-field.js"}
WRITTEN_DATE = re.compile(r"(?:\}|%Y)\s*年\s*[${%].{0,30}?[}mn]月\s*[${%]")
"""A day put together for people: `{…}年{…}月{…}日`, `%Y年%m月%d日`, in Python or a template."""
MAY_DEFINE_TABLES = ("service/store/", "service/procedure.py", "processes/")

CLOCKS = {
    "date": {"today"},
    "datetime": {"now", "today", "utcnow"},
    "func": {"now"},
    "time": {"gmtime", "localtime", "time", "time_ns"},
}
ENVIRONMENT = {"os": {"environ", "environb", "getenv", "getenvb"}}

Detector = Callable[[ast.AST], bool]


def sources(folders: tuple[str, ...] = CODE_FOLDERS, suffixes: str = ".py") -> Iterator[str]:
    """Paths of our own sources in these folders, as text with forward slashes."""
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*")):
            path = file.relative_to(ROOT).as_posix()
            if file.suffix in suffixes.split() and not path.startswith(MADE_BY_THE_BUILD):
                yield path


def too_long(path: str, text: str) -> bool:
    """Whether a module has more lines than a reader keeps in mind."""
    return len(text.splitlines()) > LONGEST_MODULE


def reads(names: dict[str, set[str]]) -> Detector:
    """A detector of `module.name`, also behind another module, and of `from module import name`."""

    def found(node: ast.AST) -> bool:
        if isinstance(node, ast.Attribute):
            owner = node.value
            base = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            return node.attr in names.get(base, set())
        if isinstance(node, ast.ImportFrom):
            return any(alias.name in names.get(node.module or "", set()) for alias in node.names)
        return False

    return found


reads_clock = reads(CLOCKS)
reads_environment = reads(ENVIRONMENT)


def defines_table(node: ast.AST) -> bool:
    """Whether this declares a table or a column of one."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return name in {"Table", "mapped_column"}
    return isinstance(node, ast.Name) and node.id == "__tablename__"


def places(text: str, detector: Detector) -> list[int]:
    """The lines of a module where a detector finds something."""
    nodes = ast.walk(ast.parse(text))
    return sorted({getattr(node, "lineno", 0) for node in nodes if detector(node)})


def breaches(folders: tuple[str, ...], allowed: tuple[str, ...], detector: Detector) -> list[str]:
    """The places in these folders, but not in what is allowed, where a detector finds something."""
    return [
        f"{path}:{line}"
        for path in sources(folders)
        if not path.startswith(allowed)
        for line in places((ROOT / path).read_text(encoding="utf-8"), detector)
    ]


def written_dates(text: str) -> list[int]:
    """The lines of a module or template that write a day in a way of their own."""
    lines = enumerate(text.splitlines(), start=1)
    return [number for number, line in lines if WRITTEN_DATE.search(line)]


def registry_addresses(text: str) -> list[int]:
    """The lines of a lock or settings file that name where packages come from."""
    lines = enumerate(text.splitlines(), start=1)
    return [number for number, line in lines if REGISTRY_ADDRESS.search(line)]


def imported_procedures(path: str, text: str) -> set[str]:
    """The folders of `processes/` that a module there imports, beside its own and the shared."""
    own = PurePosixPath(path).parts[1]
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "processes":
            names |= {f"processes.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    folders = {name.split(".")[1] for name in names if name.startswith("processes.")}
    return folders - {own, "registers", "pages"}
