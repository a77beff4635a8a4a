"""What a command works with inside one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from service.commands.file_room import FileRoom
from service.commands.handlers import HandlerRegistry
from service.commands.models import ModelCache
from service.domain.keys import KeySource
from service.domain.recusal import Tie
from service.engine import Engine
from service.feel import FeelPool
from service.store.sealing import DataKeys


@dataclass(frozen=True, slots=True)
class Toolbox:
    """One a transaction: the session is its own, the rest is shared by all threads."""

    session: Session
    engine: Engine
    feel: FeelPool
    keys: KeySource
    handlers: HandlerRegistry
    files: FileRoom
    models: ModelCache
    audit_key: bytes
    data_keys: DataKeys
    on_ties: "Sequence[OnTies]" = ()


OnTies: TypeAlias = Callable[[Toolbox, Sequence[Tie], datetime], None]
"""What is done where it becomes known that people are tied; in the same transaction, at `now`."""
