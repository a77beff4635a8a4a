"""Plain names: the only keys a variable may have, at every depth.

FEEL reads `a-b` as one name when the context has it and as a subtraction when not, and even `true`
is a variable once the context has an entry of that name. So a key that is no plain identifier, or
is a word of FEEL itself, would change the meaning of a text that somebody else wrote.
"""

import re

from service.domain.errors import Invalid
from service.domain.values import Json

_RESERVED = (
    "true|false|null|and|or|not|if|then|else|for|in|return|some|every|satisfies|between"
    "|function|external|instance|of"
)

PLAIN_NAME = re.compile(rf"(?!(?:{_RESERVED})\Z)[^\W\d]\w{{0,254}}")
"""Letters (Chinese too), digits and `_`, not starting with a digit, at most 255 characters, and no
reserved word of FEEL; to be used with `fullmatch`."""

_SHOWN = 80


class NameNotPlain(Invalid):
    """变量名「{path}」只能用汉字、字母、数字和下划线，且不能是 FEEL 的保留字。请改名。"""

    code = "name-not-plain"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path=path if len(path) <= _SHOWN else path[:_SHOWN] + "…")


def require_plain_names(value: Json, path: str = "") -> None:
    """Check the keys of contexts at every depth.

    Raises NameNotPlain with the path of a key that is not plain, as in `a.b[0].c-d`.
    """
    stack = [(value, path)]
    while stack:
        value, path = stack.pop()
        if isinstance(value, dict):
            for name, inner in value.items():
                inner_path = f"{path}.{name}" if path else name
                if not PLAIN_NAME.fullmatch(name):
                    raise NameNotPlain(inner_path)
                if isinstance(inner, (dict, list)):
                    stack.append((inner, inner_path))
        elif isinstance(value, list):
            stack.extend(
                (inner, f"{path}[{index}]")
                for index, inner in enumerate(value)
                if isinstance(inner, (dict, list))
            )
