"""Recruitment of researchers in five channels: 遴选, 公开招聘, 人才引进, 返聘银龄, 兼职 (三(二)).

`rules` are pure; docs/rules-recruitment.md says the same in prose.
"""
