"""Faults: processes killed or frozen, clocks set, databases restarted, connections cut, full disks.

Each scenario is a function of a stand and a size and returns a `Verdict`. pytest runs small ones,
`make faults` large ones, and prints a table of what was tried, what survived and what was lost.
"""
