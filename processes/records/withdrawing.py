"""What follows for the 准入资格 of whom a record was found and who has left (R-N1, R-REVOKE).

A step of a case withdraws nothing: who may revoke hears the holder and does it in the register of
准入资格. These steps say what still holds, and see that it was done or why not.
"""

from processes.registers.admission_norms import NORMS
from processes.registers.days import bureau_day
from processes.registers.norms import Refusal
from processes.registers.tables import QUALIFICATIONS
from processes.registers.valid_qualifications import valid_qualifications
from service.domain.values import Json, Variables
from service.procedure import TaskContext

WITHDRAWN, KEPT = "withdrawn", "kept"


def look_at_qualifications(context: TaskContext) -> Variables:
    """`records.qualifications`: say which of somebody's 准入资格 hold, and whether one is left.

    Takes `person`, and behind the task `withdraw_outcome` (`withdrawn`, `kept`) and
    `withdrawal_note`. Gives `qualifications` (rows of `seat`, `valid_until`, `page`),
    `withdrawal_problems` and `withdrawal_open`.
    """
    variables = context.variables
    held = valid_qualifications(
        context.session, str(variables.get("person", "")), bureau_day(context.now)
    )
    rows: list[Json] = [
        {
            "seat": one.seat,
            "valid_until": one.valid_until.isoformat(),
            "page": f"/registers/{QUALIFICATIONS}/{one.qualification_key}",
        }
        for one in held
    ]
    note = variables.get("withdrawal_note")
    explained = isinstance(note, str) and bool(note.strip())
    outcome = variables.get("withdraw_outcome")
    problems: list[Refusal] = []
    if held and outcome == WITHDRAWN:
        seats = "、".join(one.seat for one in held)
        problems.append(REVOKES.refuses(f"{seats}的准入资格在名册里仍然有效"))
    if held and outcome == KEPT and not explained:
        problems.append(REVOKES.refuses("不撤销的，须写明理由"))
    return {
        "qualifications": rows,
        "withdrawal_problems": [*problems],
        "withdrawal_open": bool(held) and not (outcome == KEPT and explained),
    }


REVOKES = NORMS["R-REVOKE"]
