"""Writes docs/rules.md, the list of the deploy check's rules, from the code: `make rules`."""

from pathlib import Path

from service.engine.rules import GROUPS

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "rules.md"

_HEAD = """# Rules of the deploy check

Made from `service/engine/rules.py` by `make rules`; a test keeps it equal. A file that breaks one \
of these is not deployed, except where the finding is a warning or a notice. 本系统 are limits of \
ours, beside what the standards ask. Each rule of a diagram has a diagram that breaks it in \
`tests/engine/faults_*.py` or a table beside it.
"""


def document() -> str:
    """The whole document."""
    parts = [_HEAD]
    for title, rules in GROUPS.items():
        rows = [f"| `{rule.id}` | {rule.title} | {rule.source} |" for rule in rules]
        table = "\n".join(["| rule | 要求 | source |", "|---|---|---|", *rows])
        parts.append(f"## {title}\n\n{table}\n")
    return "\n".join(parts)


def main() -> None:
    """Write it."""
    DOCUMENT.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
