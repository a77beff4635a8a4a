"""The yearly query of serving researchers' records (S-RECORDS; 未成年人保护法 62), of all kinds.

`asking` begins the cases of `bpmn/records_yearly.bpmn`, of a district those of
`bpmn/records_yearly_district.bpmn`, from the researchers' register; `handlers`
and `withdrawing` are its service tasks. When a query is due and whose office makes it, say
`yearly_records` and `query_offices` of `processes.registers.staffing`.
"""

from datetime import time

from processes.records import sample_cases
from processes.records.asking import ask
from processes.records.handlers import HANDLERS
from service.procedure import DailyWork, Procedure

procedure = Procedure(
    id="records",
    title="年度记录查询",
    daily=(DailyWork(104, "records.ask", time(6, 50), ask),),
    handlers=dict(HANDLERS),
    sample_cases=sample_cases.play,
)
