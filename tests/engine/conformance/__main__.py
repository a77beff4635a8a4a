"""Print constructs × places: `python -m tests.engine.conformance`. Fails if any is wrong."""

import sys

from service.feel import FeelPool
from tests.engine.conformance.report import all_cells, answers, faulty, lines


def main() -> int:
    """0 if nothing is missing or silently wrong."""
    feel = FeelPool()
    try:
        answered = answers(all_cells(), feel)
    finally:
        feel.close()
    sys.stdout.write("\n".join(lines(answered)) + "\n")
    return int(faulty(answered))


if __name__ == "__main__":
    sys.exit(main())
