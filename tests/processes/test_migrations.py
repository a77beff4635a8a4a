"""The migrations make what the tables say."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData
from sqlalchemy.schema import SchemaItem

from processes.admission import procedure
from service.procedure import ProcessesBase
from service.store.database import Database


def of_the_bureau(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, other: SchemaItem | None
) -> bool:
    """Leave out the service's own tables: they have a test of their own."""
    return kind != "table" or name in ProcessesBase.metadata.tables


def test_the_migrated_tables_are_those_the_code_declares(database: Database) -> None:
    with database.reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": of_the_bureau})
        assert compare_metadata(context, ProcessesBase.metadata) == []


def test_the_procedure_names_its_tables() -> None:
    assert isinstance(procedure.tables, MetaData)
    ours = {"qualification_record", "refusal_record", "refusal_review_record"}
    assert ours <= set(procedure.tables.tables)
