"""The registers that several procedures share: who holds which post, title and qualification.

It may import what `processes` may, and no procedure. Nothing is lost: a qualification is corrected
by a new revision, an entry of a roster changes beside a row that says what it was.
"""
