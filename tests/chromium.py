"""The Chromium of tests: which one it is, and how it is started.

Chromium keeps two pages of its own address bar in each window, and for each page of ours a process
in reserve for the next one. Nobody sees them here, and they cost more than the pages that a test
opens. The last `--disable-features` of a command counts: ours repeats what Playwright's turns off.
"""

import os
from pathlib import Path
from typing import Any

SYSTEM_CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))

_OF_PLAYWRIGHT = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
_OF_ITS_OWN_WINDOW = ("SpareRendererForSitePerProcess", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup")

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--lang=zh-CN",
    f"--disable-features={','.join((*_OF_PLAYWRIGHT, *_OF_ITS_OWN_WINDOW))}",
)
"""Without what a container does not have."""


def launch_arguments() -> dict[str, Any]:
    """For Playwright's `launch`: the Chromium of the machine where there is one."""
    arguments: dict[str, Any] = {"args": list(ARGUMENTS)}
    if SYSTEM_CHROMIUM.exists():
        arguments["executable_path"] = str(SYSTEM_CHROMIUM)
    return arguments
