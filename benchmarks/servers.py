"""The two servers that are compared: ours, and a bare endpoint; both under the same gunicorn.

`python -m benchmarks.servers ours|bare` with the settings in the environment.
"""

import os
import sys

from benchmarks import bare
from service import app
from service.serving import Pages
from service.settings import Settings


def main() -> None:
    """Serve until told to stop."""
    settings = Settings.read(os.environ)
    if sys.argv[1] == "bare":
        Pages(settings, lambda: bare.application(settings.database)).run()
    else:
        bureau = app.discover()
        Pages(
            settings, lambda: app.web_application(settings, bureau, app.assemble(settings, bureau))
        ).run()


if __name__ == "__main__":
    main()
