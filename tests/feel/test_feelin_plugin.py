"""The build plugin that mends feelin, which the browser's bundles use too."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from service.feel.helper_process import BUNDLE, node

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "service/feel/helper/feelin/plugin.js"
FEELIN = ROOT / "node_modules/@bpmn-io/feelin"

TRY = """
import feelinPlugin from %s;
const source = await new Promise((resolve) => {
  let text = '';
  process.stdin.on('data', (part) => (text += part)).on('end', () => resolve(text));
});
const fail = (message) => { throw new Error(message); };
const plugin = feelinPlugin();
const result = plugin.transform.call({ error: fail }, source, process.argv[1]);
console.log(result === null ? 'untouched' : 'patched');
"""


def transformed(source: str, path: str) -> subprocess.CompletedProcess[str]:
    script = TRY % json.dumps(PLUGIN.as_uri())
    return subprocess.run(
        [node(), "--input-type=module", "-e", script, path],
        input=source,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.fixture(scope="module")
def feelin() -> str:
    return (FEELIN / "dist/index.js").read_text("utf-8")


def test_feelin_is_the_version_the_patches_were_made_for() -> None:
    assert json.loads((FEELIN / "package.json").read_text("utf-8"))["version"] == "6.1.1"


def test_feelin_is_patched_and_nothing_else(feelin: str) -> None:
    path = str(FEELIN / "dist/index.js")

    assert transformed(feelin, path).stdout == "patched\n"
    assert transformed(feelin, path.replace("feelin", "other")).stdout == "untouched\n"


@pytest.mark.parametrize(
    "text", ["const builtins = {", "function getType(e) {", "case 'Type': return args[0];"]
)
def test_the_build_fails_when_a_text_to_patch_is_not_there(feelin: str, text: str) -> None:
    done = transformed(feelin.replace(text, ""), str(FEELIN / "dist/index.js"))

    assert done.returncode != 0
    assert "feelin changed" in done.stderr


def test_the_parser_is_patched_too() -> None:
    path = ROOT / "node_modules/@bpmn-io/lezer-feel/dist/index.js"
    source = path.read_text("utf-8")

    assert transformed(source, str(path)).stdout == "patched\n"
    done = transformed(source.replace("const spec_identifier = {", "const words = {"), str(path))
    assert "feelin changed" in done.stderr


def test_the_bundle_needs_no_package_at_run_time() -> None:
    source = BUNDLE.read_text("utf-8")

    named = set(re.findall(r"""\brequire\(\s*[`'"]([^`'"]+)[`'"]\s*\)""", source))
    assert named <= {"node:fs", "node:worker_threads", "util"}
    assert not re.search(r"""^import .* from""", source, re.MULTILINE)


def test_every_bundle_with_feelin_has_our_functions() -> None:
    scripts = [BUNDLE, *(ROOT / "service/web/static/dist").rglob("*.js")]

    with_feelin = [path for path in scripts if "Cannot invoke {target}" in path.read_text("utf-8")]
    assert len(with_feelin) >= 2
    for path in with_feelin:
        source = path.read_text("utf-8")
        assert "last day of month" in source
        assert "get range(){return this.list}" in source
