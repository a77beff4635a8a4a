"""Gives the commands of the command line their settings, read from the environment."""

import os
from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from service.settings import Settings


def with_settings(function: Callable[..., None]) -> Callable[..., None]:
    """Give the command the settings of the environment as its first argument."""

    def call(*arguments: Any, **options: Any) -> None:
        function(Settings.read(os.environ), *arguments, **options)

    return update_wrapper(call, function)
