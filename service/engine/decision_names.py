"""Names in decision files: DMN allows spaces in them, variables do not.

Inside and outside of a file a space of a name is written `_`: the input data “Credit Score” is the
variable `Credit_Score`, and an entry of that name comes out as `Credit_Score`. The texts of the
file are rewritten when it is read, so data can never change how a text is read.
Source: DMN 1.3, 10.3.1.2 and 10.3.1.4 (names).
"""

import re
from collections.abc import Iterable

from service.feel import PLAIN_NAME

NAME_REMEDY = (
    "请只用汉字、字母、数字、下划线和单个空格，不以数字开头，"
    "不含 FEEL 的保留字和函数名，最多十个词。"
)

_MOST_WORDS = 10

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
        *(
            "finished by",
            "started by",
            "is defined",
            "last day of month",
            "is empty",
            "is blank",
            "to json",
            "from json",
            "duplicate values",
        ),
    }
)

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*(?:"|\\?\Z))(?P<key>\s*:)?"""
    r"|//[^\n]*|/\*.*?(?:\*/|\Z)|(?P<words>\w+(?:\s+\w+)+)|\w+",
    re.DOTALL,
)


def plain_name(name: str) -> str:
    """The name as a variable: each gap between words is one `_`."""
    return "_".join(name.split())


def is_name(name: str) -> bool:
    """Whether a name can be told from the rest of an expression."""
    words = name.split()
    if len(words) > _MOST_WORDS or not PLAIN_NAME.fullmatch(plain_name(name)):
        return False
    return len(words) == 1 or (_KEYWORDS.isdisjoint(words) and " ".join(words) not in _BUILTINS)


class Spelling:
    """Writes the names of one file that have spaces as plain names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {tuple(name.split()) for name in names if is_name(name)}
        self._names -= {words for words in self._names if len(words) == 1}
        self._lengths: dict[str, list[int]] = {}
        for words in sorted(self._names, key=len, reverse=True):
            lengths = self._lengths.setdefault(words[0], [])
            if len(words) not in lengths:
                lengths.append(len(words))

    def text(self, text: str) -> str:
        """A FEEL text with plain names."""
        return _TOKEN.sub(self._replaced, text) if self._names else text

    def quoted(self, text: str) -> str | None:
        """A name with spaces that a text holds as a string, where it would not be found."""
        for match in _TOKEN.finditer(text) if self._names else ():
            string = (match["string"] or "")[1:-1]
            if not match["key"] and tuple(string.split()) in self._names:
                return string
        return None

    def _replaced(self, match: re.Match[str]) -> str:
        if match["words"]:
            return self._joined(match["words"])
        string = (match["string"] or "")[1:-1]
        if match["key"] and tuple(string.split()) in self._names:
            return f'"{plain_name(string)}"{match["key"]}'
        return match[0]

    def _joined(self, text: str) -> str:
        """Words with the longest names among them put together."""
        parts = re.split(r"(\s+)", text)
        words = parts[::2]
        found, i = [], 0
        while i < len(words):
            length = self._length_at(words, i)
            found.append("_".join(words[i : i + length]))
            i += length
            found.extend(parts[2 * i - 1 : 2 * i])
        return "".join(found)

    def _length_at(self, words: list[str], i: int) -> int:
        lengths = self._lengths.get(words[i], ())
        return next((n for n in lengths if tuple(words[i : i + n]) in self._names), 1)
