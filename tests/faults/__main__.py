"""The long scenarios and their table: `python -m tests.faults [short] [word of a name …]`.

Exits with 1 when anything was lost, doubled or done by halves, or could not be tried.
"""

import sys
import traceback
import warnings

from tests.faults.plan import CANNOT, LONG, SHORT
from tests.faults.stand import Stand
from tests.faults.verdict import Verdict, lines, load


def main() -> None:
    """Try one after the other, say at once what came of it, and print the table at the end."""
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    words = [word for word in sys.argv[1:] if word != "short"]
    trials = [
        trial
        for trial in (SHORT if "short" in sys.argv[1:] else LONG)
        if not words or any(word in trial.name for word in words)
    ]
    verdicts: list[Verdict] = []
    stand = Stand()
    try:
        for trial in trials:
            print(f"… {trial.name}", flush=True)
            try:
                verdict = trial.run(stand)
            except CANNOT as reason:
                verdict = Verdict(trial.name, trial.database, 0, 0, ("not tried",), repr(reason))
            except Exception:  # noqa: BLE001 - the others are tried all the same
                traceback.print_exc()
                verdict = Verdict(trial.name, trial.database, trial.size, 0, ("failed",), "failed")
            verdicts.append(verdict)
            print("\n".join(lines([verdict])[2:]), flush=True)
            for fault in verdict.faults[:20]:
                print(f"    {fault}", flush=True)
    finally:
        stand.close()
    print(f"\nFaults ({load()})")
    print("\n".join(lines(verdicts)))
    sys.exit(1 if any(verdict.lost for verdict in verdicts) else 0)


if __name__ == "__main__":
    main()
