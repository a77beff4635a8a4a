"""Recruitment of researchers in five channels: 遴选, 公开招聘, 人才引进, 返聘银龄, 兼职 (三(二)).

`rules` are pure; docs/rules-recruitment.md says the same in prose. `rounds`, `candidacies`,
`scoring` are what is done to rounds, applications and scores; `*_steps` the service tasks of the
diagrams `bpmn/recruitment_*.bpmn`, by what they are about.
"""

from datetime import time

from processes.recruitment import (
    application_steps,
    appointment_steps,
    change_steps,
    check_steps,
    engagement_samples,
    engagement_steps,
    interview_steps,
    late_ties,
    notice_steps,
    openings,
    post_steps,
    revocation_steps,
    round_samples,
    round_steps,
    score_steps,
    talent_steps,
    trial_steps,
)
from processes.recruitment.access import page_of_case
from processes.recruitment.pages import recruitment_pages
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.settings import SETTINGS
from processes.recruitment.upkeep import follow_cancelled
from processes.registers.process_ids import OF_A_ROUND, ROUNDS
from processes.registers.rule_books import RECRUITMENT, RECRUITMENT_RULES, RuleBook, declare
from service.procedure import CasePage, DailyWork, MenuEntry, Procedure, ProcessesBase, Register

declare(RuleBook(RECRUITMENT_RULES, "招聘规则和设置", tuple(NORMS.values()), SETTINGS))

procedure = Procedure(
    id="recruitment",
    title="教研员招聘",
    registers=(Register(RECRUITMENT, "教研员招聘"), Register(RECRUITMENT_RULES, "招聘规则设置")),
    menu=(MenuEntry("教研员招聘", "/recruitment", RECRUITMENT),),
    case_pages=(CasePage("打开本轮招聘", OF_A_ROUND, page_of_case),),
    pages=recruitment_pages,
    openings={one: openings.opening(one) for one in ROUNDS},
    tables=ProcessesBase.metadata,
    daily=(DailyWork(102, "recruitment.follow-cancelled", time(6, 30), follow_cancelled),),
    on_ties=late_ties.follow_ties,
    handlers={
        "recruitment.open": round_steps.open_round,
        "recruitment.check-reply": round_steps.check_reply,
        "recruitment.keep-seat": round_steps.keep_seat,
        "recruitment.check-plan": round_steps.check_plan,
        "recruitment.announce": round_steps.announce,
        "recruitment.count-open": round_steps.count_open,
        "recruitment.close": round_steps.close_round,
        "recruitment.enter": application_steps.enter,
        "recruitment.supplement": application_steps.supplement,
        "recruitment.find-qualification": application_steps.find_qualification,
        "recruitment.admit": application_steps.admit,
        "recruitment.note-refusal": application_steps.note_refusal,
        "recruitment.refuse": application_steps.refuse,
        "recruitment.result": application_steps.look_up_result,
        "recruitment.withdraw": application_steps.withdraw,
        "recruitment.opening": post_steps.opening,
        "recruitment.lower-ratio": post_steps.lower_ratio,
        "recruitment.change-post": change_steps.change_post,
        "recruitment.cancel-post": change_steps.cancel_post,
        "recruitment.change-told": change_steps.change_told,
        "recruitment.end-post": post_steps.end_post,
        "recruitment.scores-stand": late_ties.scores_stand,
        "recruitment.marks-look": late_ties.look_at_marks,
        "recruitment.count-tied": late_ties.count_tied,
        "recruitment.publish-scores": post_steps.publish_scores,
        "recruitment.next-candidate": post_steps.next_candidate,
        "recruitment.drop": post_steps.drop_candidate,
        "recruitment.notice-content": post_steps.notice_content,
        "recruitment.score-sheet": score_steps.score_sheet,
        "recruitment.record-written": score_steps.record_written,
        "recruitment.propose-panel": interview_steps.propose_panel,
        "recruitment.seat-panel": interview_steps.seat_panel,
        "recruitment.record-attendance": interview_steps.record_attendance,
        "recruitment.tally": interview_steps.tally,
        "recruitment.rank": score_steps.rank,
        "recruitment.record-extra": score_steps.record_extra,
        "recruitment.check-sheet": check_steps.check_sheet,
        "recruitment.assess-check": check_steps.assess_check,
        "recruitment.conclude-checks": check_steps.conclude_checks,
        "recruitment.appointment-sheet": appointment_steps.appointment_sheet,
        "recruitment.check-filing": appointment_steps.check_filing,
        "recruitment.check-trial-end": trial_steps.check_trial_end,
        "recruitment.begin-transfer": trial_steps.begin_transfer,
        "recruitment.check-transfer": trial_steps.check_transfer,
        "recruitment.check-appointment": appointment_steps.check_appointment,
        "recruitment.appoint": appointment_steps.appoint,
        "recruitment.confirm": trial_steps.confirm,
        "recruitment.send-back": trial_steps.send_back,
        "recruitment.not-filed": appointment_steps.give_up_filing,
        "recruitment.talent-approval": talent_steps.check_approval,
        **notice_steps.HANDLERS,
        **engagement_steps.HANDLERS,
        **revocation_steps.HANDLERS,
    },
    sample_cases=lambda stage: [*round_samples.play(stage), *engagement_samples.play(stage)],
)
