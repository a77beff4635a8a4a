"""Ids of the processes of recruitment that more rooms than one name."""

SELECTION, OPEN, TALENT = "recruitment_selection", "recruitment_open", "recruitment_talent"
ROUNDS = (SELECTION, OPEN, TALENT)
"""Each begins a round, by its channel."""

APPLICATION = "recruitment_application"
"""By which people apply for a post of a round."""

POST = "recruitment_post"
SCORES = "recruitment_scores"
OF_A_ROUND = (
    *ROUNDS, POST, SCORES, "recruitment_marks", "recruitment_checks", "recruitment_appointment",
)  # fmt: skip
"""The processes of a round: whatever a case of these waits for is answered on the round's page."""

REHIRE, PART_TIME = "recruitment_rehire", "recruitment_part_time"
