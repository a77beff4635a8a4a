"""Rounds of the sample bureau in three channels, each brought to another stage; all synthetic.

Acts are those of the real pages and forms, so the days fit the rules: seven working days of notice,
the Party group before the 公示, three months of trial. The Party group's own sample meetings decide
what these rounds put up.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from processes.recruitment import replies
from processes.recruitment.sample_round import EXAMINERS, OFFICER, OneRound, paper
from processes.recruitment.tables import Round
from processes.registers.days import BUREAU_TIME, bureau_day
from processes.registers.process_ids import OPEN, SELECTION, TALENT
from processes.registers.sample_review import review
from service.domain.values import Json
from service.procedure import FormValue, SampleScript, SampleStage

_HAVE_MARKED = 4


def play(stage: SampleStage) -> Sequence[SampleScript]:
    """Ended, in 公示, being marked, two open for applications, being planned, without a seat."""
    return [
        _ended(stage),
        _shown(stage),
        _marked(stage),
        _announced(stage),
        _introduced(stage),
        _planned(stage),
        _asked_for(stage),
    ]


def _ended(stage: SampleStage) -> SampleScript:
    """遴选 of last term: the teacher is appointed, the cell is staffed, the round is over."""
    one, who, name = OneRound(stage, SELECTION, "跨学段信息技术"), "teacher007", "教师辛"
    yield stage.moment(115, 9)
    one.ask("原教研员退休后空缺，由区教研员代管（示例）。", at=stage.moment(115, 9))
    yield stage.moment(111, 10)
    one.approve(11, at=stage.moment(111, 10))
    dates = [_day(stage, 96), _day(stage, 94), _day(stage, 92), _day(stage, 30)]
    one.plan(dates, at=stage.moment(109, 10))
    # the plan is decided at the meeting of the 107th working day before
    yield stage.moment(100, 10)
    application = one.apply(who, name, "示例小学07", at=stage.moment(100, 10))
    one.check(application, at=stage.moment(99, 10))
    yield from review(stage, application, who, name, one.seat, days=99)
    yield stage.moment(96, 9)
    one.open_examination(at=stage.moment(96, 9))
    one.write(name, 82.5, at=stage.moment(96, 16))
    yield stage.moment(94, 9)
    one.interview(name, EXAMINERS, at=stage.moment(94, 9))
    yield stage.moment(92, 10)
    one.examine(at=stage.moment(92, 10))
    # the person is decided at the meeting of the 89th, and shown for five working days
    yield stage.moment(83, 9)
    stage.run_jobs(at=stage.moment(83, 9))
    one.file(at=stage.moment(82, 10))
    appointed: Mapping[str, FormValue] = {
        "person_type": "selected",
        "began_on": _day(stage, 80).isoformat(),
        "contract_years": 3,
        "trial_months": 3,
        "appointee": who,
        "appointment_number": "示例教人〔示〕5号",
    }
    yield stage.moment(80, 10)
    stage.complete(one.case, "appoint", OFFICER, "submit", appointed, at=stage.moment(80, 10))
    yield stage.moment(10, 9)
    stage.run_jobs(at=stage.moment(10, 9))
    opinion: Mapping[str, FormValue] = {
        "trial_document": paper("试用考核表"),
        "trial_opinion": "试用期内完成各项工作，考核合格（示例）。",
    }
    stage.complete(one.case, "trial_review", OFFICER, "pass", opinion, at=stage.moment(10, 10))
    stage.run_jobs(at=stage.moment(10, 10))
    yield stage.moment(7, 10)
    one.file(replies.register_transfer, "示例人社调", at=stage.moment(7, 10))


def _shown(stage: SampleStage) -> SampleScript:
    """遴选 whose candidate is shown to the public."""
    one, who, name = OneRound(stage, SELECTION, "普通高中生物学"), "teacher008", "教师壬"
    yield from _announce(stage, one, 12)
    yield stage.moment(13, 11)
    application = one.apply(who, name, "示例高中02", at=stage.moment(13, 11))
    one.check(application, at=stage.moment(12, 9))
    yield from review(stage, application, who, name, one.seat, days=12)
    yield from _examine(stage, one, name, 79, EXAMINERS)
    yield stage.moment(4, 10)
    # decided at the meeting of the third working day before, and shown from then on
    one.examine(at=stage.moment(4, 10))


def _marked(stage: SampleStage) -> SampleScript:
    """遴选 whose interview is being marked; the teacher was qualified before."""
    one, who, name = OneRound(stage, SELECTION, "普通高中化学"), "teacher004", "教师戊"
    yield from _announce(stage, one, 13)
    yield stage.moment(13, 10)
    application = one.apply(who, name, "示例高中01", at=stage.moment(13, 10))
    yield stage.moment(8, 15)
    one.check(application, at=stage.moment(8, 15))
    yield from _examine(stage, one, name, 85, EXAMINERS[:_HAVE_MARKED])


def _announced(stage: SampleStage) -> SampleScript:
    """公开招聘 that is open: one from outside admitted, one to supplement, one not checked yet."""
    one = OneRound(stage, OPEN, "跨学段心理健康")
    dates = [_day(stage, -days) for days in (5, 8, 10)]
    yield from _announce(stage, one, 14, dates, plan_ratio=4, plan_notice_days=22)
    first, second, third = (f"outside{number:02}@jiaoyan.example" for number in range(1, 4))
    opens = _opens(stage, one)
    yield stage.moment(3, 9)
    if opens > _day(stage, 3):
        return
    who = stage.come_in(first, at=stage.moment(3, 8))
    application = one.apply(who, "校外教师甲", "外地示例中学", at=stage.moment(3, 9))
    one.check(application, at=stage.moment(3, 11))
    yield from review(stage, application, who, "校外教师甲", one.seat, days=3)
    stage.run_jobs(at=stage.moment(1, 11))
    who = stage.come_in(second, at=stage.moment(1, 13))
    application = one.apply(who, "校外教师乙", "外地示例小学", at=stage.moment(1, 14))
    one.check(
        application, "supplement", at=stage.moment(1, 16),
        comment="职称证书没有盖章页，请补传；任教证明写明学科（示例）。",
    )  # fmt: skip
    who = stage.come_in(third, at=stage.moment(0, 8))
    one.apply(who, "校外教师丙", "外地示例小学", at=stage.moment(0, 8, 30))


def _introduced(stage: SampleStage) -> SampleScript:
    """人才引进 that is open, without papers; somebody with a high title has applied."""
    one = OneRound(stage, TALENT, "跨学段综合实践")
    dates = [_day(stage, -days) for days in (8, 10)]
    yield stage.moment(29, 9)
    one.ask("综合实践活动没有专职教研员（示例）。", at=stage.moment(29, 9))
    yield stage.moment(25, 10)
    one.approve(16, at=stage.moment(25, 10))
    one.introduce(at=stage.moment(25, 11))
    days = [_day(stage, -5), *dates, bureau_day(stage.now) + timedelta(days=90)]
    one.plan(
        days, at=stage.moment(23, 11), plan_written_percent=0, plan_interview_percent=100,
        plan_written_on=None, plan_ratio=1, plan_notice_days=22,
    )  # fmt: skip
    yield stage.moment(3, 10)
    if _opens(stage, one) > _day(stage, 3):
        return
    who = stage.come_in("outside04@jiaoyan.example", at=stage.moment(3, 10))
    one.apply(who, "校外教师丁", "外地示例中学", title="正高级教师", doctor="否",
             at=stage.moment(3, 11))  # fmt: skip


def _planned(stage: SampleStage) -> SampleScript:
    """遴选 that has its seat; the office draws up the plan."""
    one = OneRound(stage, SELECTION, "跨学段劳动教育")
    yield stage.moment(9, 9)
    one.ask("没有专职教研员，由市教研机构综合组代管（示例）。", at=stage.moment(9, 9))
    yield stage.moment(4, 11)
    one.approve(15, at=stage.moment(4, 11))


def _asked_for(stage: SampleStage) -> SampleScript:
    """人才引进 that waits for the organ for establishments."""
    one = OneRound(stage, TALENT, "特殊教育")
    yield stage.moment(6, 9)
    one.ask("特殊教育没有教研员，本市没有高级职称人选（示例）。", at=stage.moment(6, 9))


def _announce(
    stage: SampleStage,
    one: OneRound,
    reply: int,
    dates: Sequence[date] = (),
    **changes: Json,
) -> SampleScript:
    """From the gap to the plan, which the meeting of the 20th working day before decides."""
    yield stage.moment(30, 9)
    one.ask("原教研员调离后空缺（示例）。", at=stage.moment(30, 9))
    yield stage.moment(26, 10)
    one.approve(reply, at=stage.moment(26, 10))
    days = [*(dates or (_day(stage, 6), _day(stage, 5), _day(stage, -5)))]
    days.append(bureau_day(stage.now) + timedelta(days=90))
    one.plan(days, at=stage.moment(23, 10), **changes)
    yield stage.moment(19, 9)


def _examine(
    stage: SampleStage, one: OneRound, name: str, points: float, marked_by: Sequence[str]
) -> SampleScript:
    yield stage.moment(7, 9)
    one.open_examination(at=stage.moment(7, 9))
    yield stage.moment(6, 16)
    one.write(name, points, at=stage.moment(6, 16))
    yield stage.moment(5, 9)
    one.interview(name, marked_by, at=stage.moment(5, 9))


def _opens(stage: SampleStage, one: OneRound) -> date:
    """The first day of registration; the last of all where it is not announced."""
    with stage.act(OFFICER) as (tools, _actor):
        return tools.session.get_one(Round, one.key).registration_opens_on or date.max


def _day(stage: SampleStage, working_days: int) -> date:
    return stage.moment(working_days, 12).astimezone(BUREAU_TIME).date()
