"""专家库: who may review (评审专家) and who may set papers (命题人员), and what keeps them out.

`rules` are pure; `tables` says what is kept, `rosters` how it is filled in. The setters' bank is
closed to all but those whom a right names for it.
"""
