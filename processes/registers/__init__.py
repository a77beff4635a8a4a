"""The registers that several procedures share: who holds which post, title and qualification.

It may import what `processes` may, and no procedure. Corrections are new rows, never changed ones.
"""
