"""The real helpers, one pool for all tests of a process.

`feel`   a FeelPool with the limits of production
"""

from collections.abc import Iterator

import pytest

from service.feel import FeelPool


@pytest.fixture(scope="session")
def feel() -> Iterator[FeelPool]:
    """Whoever makes it late or kills a helper takes a pool of his own."""
    pool = FeelPool()
    yield pool
    pool.close()
