"""教研员配备: the establishment of each institution, its seats, who holds them, what is missing.

`rules` are pure: which cells there must be, of what colour each is and why. `tables` says what is
kept, `rosters` how it is filled in and what is refused, `seats` how procedures take and give back
seats, `matrix` reads it all together.
"""
