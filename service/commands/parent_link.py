"""What a called instance may ask about its caller: whether an error would be caught above it."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from service.commands.toolbox import Toolbox
from service.store.tables import ElementInstance, ProcessInstance


class ParentLink:
    """The callers of an instance; nothing is read before it is asked.

    `tools` are those of the transaction that the instance runs in: whoever takes a step of an
    instance that another transaction has read sets them. No caller is locked: what a diagram would
    catch does not change.
    """

    def __init__(self, tools: Toolbox, instance_key: int) -> None:
        self.tools = tools
        self._instance_key = instance_key

    def catches(self, code: str, *, is_error: bool) -> bool:
        """Whether a call activity above, or anything around it, catches this code."""
        key: int | None = self._instance_key
        while key is not None:
            row = self.tools.session.execute(
                select(_Parent.key, _Parent.definition_key, ElementInstance.element_id)
                .select_from(_Child)
                .join(_Parent, _Parent.key == _Child.parent_key)
                .join(ElementInstance, ElementInstance.key == _Child.parent_element_instance_key)
                .where(_Child.key == key)
            ).one_or_none()
            if row is None:
                return False
            model = self.tools.models.process(self.tools.session, row.definition_key)
            if model.catches(row.element_id, code, is_error=is_error):
                return True
            key = row.key
        return False


_Child, _Parent = aliased(ProcessInstance), aliased(ProcessInstance)
