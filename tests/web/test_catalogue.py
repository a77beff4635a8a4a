"""The catalogue lists every text of code, templates and scripts, and nothing else."""

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

WEB = Path(__file__).resolve().parents[2] / "service" / "web"


def texts_in_use() -> set[str]:
    with (WEB / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(str(WEB), methods, options, keywords={"_": None})
    return {text for _file, _line, text, _comments, _context in found if isinstance(text, str)}


def test_the_catalogue_is_current() -> None:
    with (WEB / "translations" / "messages.pot").open("rb") as file:
        listed = {message.id for message in read_po(file) if message.id}
    assert texts_in_use() - listed == set()
    assert listed - texts_in_use() == set()


def test_every_source_text_is_chinese() -> None:
    plain = [text for text in texts_in_use() if text.isascii()]
    assert sorted(plain) == ["{kilobytes} KB", "{megabytes} MB"]
