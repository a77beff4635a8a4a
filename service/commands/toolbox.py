"""What a command works with inside one transaction."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.commands.file_room import FileRoom
from service.commands.handlers import HandlerRegistry
from service.commands.models import ModelCache
from service.domain.keys import KeySource
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
