"""Call activities: the called process is an instance of its own."""

from service.domain.events import CallNeeded, IncidentType
from service.domain.values import Json, Variables
from service.engine.kernel import KernelSpec
from service.engine.names import is_reserved
from service.engine.run import Run
from service.engine.token import Phase, Token
from service.engine.values import required_text


class CallActivitySpec(KernelSpec):
    """A call activity waits for the instance that it starts. BPMN 2.0.2, 13.3.4."""

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Say what to call with which variables."""
        called, seen = self.extensions.called, run.seen(token)
        [process] = run.evaluate(
            token, [called.process_id], seen, IncidentType.CALLED_ELEMENT_ERROR
        )
        process_id = required_text(process, "流程编号")
        run.settle(token)
        passed = seen if called.all_parent_variables else run.scopes.own(run.activate(token))
        run.emit(
            CallNeeded(
                element_instance_key=run.activate(token),
                element_id=self.name,
                process_id=process_id,
                binding=called.binding,
                version_tag=called.version_tag,
                variables=without_reserved(passed),
            )
        )
        token.phase = Phase.CALLING
        return None

    def results(self, variables: Variables) -> dict[str, Json]:
        """What comes back: everything the mappings may read, or what is passed on unasked."""
        if self.extensions.outputs:
            return dict(variables)
        return without_reserved(variables) if self.extensions.called.all_child_variables else {}


def without_reserved(variables: Variables) -> dict[str, Json]:
    """Without what only the service writes: it belongs to the instance it was written in."""
    return {name: value for name, value in variables.items() if not is_reserved(name)}
