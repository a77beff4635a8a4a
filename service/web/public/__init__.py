"""The pages under `/public`: for whoever comes from outside, on a telephone first.

What is open needs no account; the rest asks `desk.applicant()`. They show what the public may know
and nothing of the house: no name of a member of staff, no internal step, no internal opinion.
"""
