"""Names in decision files: DMN allows spaces in them, variables do not.

Inside and outside of a file a space of a name is written `_`: the input data “Credit Score” is the
variable `Credit_Score`, and an entry of that name comes out as `Credit_Score`. The texts of the
file are rewritten when it is read, so data can never change how a text is read.
Source: DMN 1.3, 10.3.1.2 and 10.3.1.4 (names).
"""

import re
from collections.abc import Iterable

from service.feel import PLAIN_NAME

NAME_REMEDY = "请只用汉字、字母、数字、下划线和单个空格，不以数字开头，不含 FEEL 的保留字和函数名。"

_KEYWORDS = frozenset(
    {
        *("true", "false", "null", "and", "or", "not", "if", "then", "else", "for", "in"),
        *("return", "some", "every", "satisfies", "between", "function", "external", "instance"),
    }
)
_BUILTINS = frozenset(
    {
        *("string length", "substring before", "substring after", "upper case", "lower case"),
        *("starts with", "ends with", "string join", "list contains", "insert before"),
        *("index of", "distinct values", "list replace", "get value", "get entries"),
        *("context put", "context merge", "get or else", "day of year", "day of week"),
        *("month of year", "week of year", "met by", "overlaps before", "overlaps after"),
        *("finished by", "started by", "is defined", "last day of month"),
    }
)

_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMENT = r"//[^\n]*|/\*.*?\*/"


def plain_name(name: str) -> str:
    """The name as a variable: each gap between words is one `_`."""
    return "_".join(name.split())


def is_name(name: str) -> bool:
    """Whether a name can be told from the rest of an expression."""
    words = name.split()
    alone = len(words) == 1
    return bool(PLAIN_NAME.fullmatch(plain_name(name))) and (
        alone or (_KEYWORDS.isdisjoint(words) and " ".join(words) not in _BUILTINS)
    )


class Spelling:
    """Writes the names of one file that have spaces as plain names."""

    def __init__(self, names: Iterable[str]) -> None:
        words = {tuple(name.split()) for name in names if is_name(name)}
        self._spaced = sorted((w for w in words if len(w) > 1), key=len, reverse=True)
        self._names = {" ".join(w) for w in self._spaced}
        found = "|".join(r"\s+".join(map(re.escape, w)) for w in self._spaced)
        self._pattern = re.compile(
            rf"(?P<string>{_STRING})(?P<key>\s*:)?|{_COMMENT}|(?<!\w)(?P<name>{found})(?!\w)",
            re.DOTALL,
        )

    def text(self, text: str) -> str:
        """A FEEL text with plain names."""
        return self._pattern.sub(self._replaced, text) if self._spaced else text

    def quoted(self, text: str) -> str | None:
        """A name with spaces that a text holds as a string, where it would not be found."""
        for match in self._pattern.finditer(text) if self._spaced else ():
            string = (match["string"] or "")[1:-1]
            if not match["key"] and " ".join(string.split()) in self._names:
                return string
        return None

    def _replaced(self, match: re.Match[str]) -> str:
        if match["name"]:
            return plain_name(match["name"])
        string = (match["string"] or "")[1:-1]
        if match["key"] and " ".join(string.split()) in self._names:
            return f'"{plain_name(string)}"{match["key"]}'
        return match[0]
