"""The files that the front end's build has made, by the names the templates know them by."""

import gzip
import json
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_file
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from service.domain.errors import JiaoyanError
from service.web.web_settings import WebSettings

_PREFIX = "/static/dist/"
_ONE_YEAR = 31_536_000
_COMPRESSIBLE = (".css", ".js", ".svg")


class AssetsMissing(JiaoyanError):
    """页面的脚本和样式还没有构建：缺少 {path}。请先运行 make setup，再启动。"""

    code = "assets.missing"


class IslandUnknown(JiaoyanError):
    """页面脚本“{name}”不在构建结果里。请重新运行 make setup。"""

    code = "assets.island-unknown"


@dataclass(frozen=True, slots=True)
class Assets:
    """What the build's manifest says: for each entry its script, and the styles it needs."""

    scripts: dict[str, str]
    styles: dict[str, tuple[str, ...]]

    def head(self, *islands: str) -> Markup:
        """Return the tags that load these islands; a style that several need is loaded once."""
        for name in islands:
            if name not in self.scripts:
                raise IslandUnknown(name=name)
        styles = dict.fromkeys(path for name in islands for path in self.styles[name])
        tags = [
            Markup('<link rel="stylesheet" href="{}">').format(_PREFIX + path) for path in styles
        ]
        tags += [
            Markup('<script type="module" src="{}"></script>').format(_PREFIX + self.scripts[name])
            for name in islands
        ]
        return Markup("\n").join(tags)


def read_manifest(folder: Path) -> Assets:
    """Read what was built into this folder. Raises AssetsMissing."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise AssetsMissing(path=path)
    manifest = json.loads(path.read_text(encoding="utf-8"))
    entries = {name: entry for name, entry in manifest.items() if entry.get("isEntry")}
    return Assets(
        scripts={Path(name).stem: entry["file"] for name, entry in entries.items()},
        styles={Path(name).stem: tuple(_styles(manifest, name)) for name in entries},
    )


def install(app: Flask, settings: WebSettings) -> None:
    """Serve the built files, and give the templates `islands(…)`. Raises AssetsMissing."""
    folder = settings.assets
    app.jinja_env.globals["islands"] = read_manifest(folder).head

    @app.get("/static/dist/<path:name>", endpoint="static")
    def serve(name: str) -> Response:
        path = safe_join(str(folder), name) if name.startswith("assets/") else None
        if path is None or not Path(path).is_file():
            raise NotFound
        response = _packed(Path(path)) if _wants_packed(name) else send_file(path)
        response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable"
        if name.endswith(_COMPRESSIBLE):
            response.vary.add("Accept-Encoding")
        return response


def _wants_packed(name: str) -> bool:
    return name.endswith(_COMPRESSIBLE) and request.accept_encodings["gzip"] > 0


def _packed(path: Path) -> Response:
    response = Response(_compressed(path), mimetype=mimetypes.guess_type(path.name)[0])
    response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=64)
def _compressed(path: Path) -> bytes:
    # The name carries a hash of the content: what was compressed once stays right.
    return gzip.compress(path.read_bytes(), compresslevel=6)


def _styles(manifest: dict[str, dict[str, list[str]]], name: str) -> Iterator[str]:
    entry = manifest[name]
    for imported in entry.get("imports", []):
        yield from _styles(manifest, imported)
    yield from entry.get("css", [])
