"""The built files: found by name, kept for ever, refused before they are there."""

import gzip
import re
from dataclasses import replace
from pathlib import Path

import pytest

from service.commands.rooms import Rooms
from service.web.app_factory import WebSettings, create_app
from service.web.assets import AssetsMissing, IslandUnknown, read_manifest
from tests.web.conftest import Visit


def test_without_a_build_the_server_says_what_to_do(
    rooms: Rooms, settings: WebSettings, tmp_path: Path
) -> None:
    with pytest.raises(AssetsMissing, match="还没有构建"):
        create_app(rooms, replace(settings, assets=tmp_path))


def test_a_built_file_never_changes_under_its_name(visit: Visit) -> None:
    visitor = visit(None)
    [script] = re.findall(r'src="(/static/dist/[^"]+)"', visitor.get("/sign-in").text)
    with visitor.get(script) as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Content-Type"].startswith("text/javascript")


def test_a_built_file_is_sent_compressed(visit: Visit) -> None:
    visitor = visit(None)
    [style] = re.findall(r'href="(/static/dist/[^"]+\.css)"', visitor.get("/sign-in").text)
    with visitor.client.get(style, headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Vary"] == "Accept-Encoding"
        content = gzip.decompress(packed.data)
    with visitor.get(style) as plain:
        assert plain.data == content


@pytest.mark.parametrize("name", ["manifest.json", "../__init__.py", "assets/../../errors.py"])
def test_nothing_else_is_served(visit: Visit, name: str) -> None:
    assert visit(None).get(f"/static/dist/{name}").status_code in {302, 404}


def test_an_island_that_was_not_built_is_named(settings: WebSettings) -> None:
    with pytest.raises(IslandUnknown, match="designer"):
        read_manifest(settings.assets).head("designer")
