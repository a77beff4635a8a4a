"""The people of the demonstration. All synthetic: role accounts, no name of a person.

Who runs the service itself (administrator, designer, operator, auditor) comes with the service.
"""

from processes.registers.tables import QUALIFICATIONS
from service.domain.authorization import Action, ObjectKind
from service.procedure import Account, Group, Right, Sample

ADMISSION = "admission_review"

APPLICANTS = Group("applicants", "申请人")
PERSONNEL_OFFICE = Group("personnel-office", "人事科")

sample = Sample(
    groups=(APPLICANTS, PERSONNEL_OFFICE),
    accounts=(
        Account("applicant", "申请人01", (APPLICANTS.id,), "申请准入，查看结果和自己的准入资格"),
        Account("teacher001", "教师001", (APPLICANTS.id,), "另一位申请人，看不到别人的申请"),
        Account("teacher002", "教师002", (APPLICANTS.id,), "又一位申请人"),
        Account("personnel1", "人事科01", (PERSONNEL_OFFICE.id,), "核对申请，查看准入资格名册"),
        Account("personnel2", "人事科02", (PERSONNEL_OFFICE.id,), "与01同科，任务先签收先办理"),
    ),
    rights=(
        Right(APPLICANTS.id, ADMISSION, ObjectKind.PROCEDURE, Action.ACT),
        Right(PERSONNEL_OFFICE.id, ADMISSION, ObjectKind.CASE, Action.READ),
        Right(PERSONNEL_OFFICE.id, QUALIFICATIONS, ObjectKind.REGISTER, Action.READ),
        Right(PERSONNEL_OFFICE.id, QUALIFICATIONS, ObjectKind.REGISTER, Action.ACT),
        Right(PERSONNEL_OFFICE.id, QUALIFICATIONS, ObjectKind.REGISTER, Action.EXPORT),
    ),
)
