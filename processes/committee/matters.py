"""Whether an item is about one person, and is of the class its words say (C-ONE). Pure."""

import re

from processes.committee.rules import ItemClass

_MARKS = re.compile(r"[、，,；;/／|｜＋+&＆\n]")
_WORDS = re.compile(r"以及|[和及与跟]")
_SPACE = re.compile(r"\s+")
_CHINESE = re.compile(r"^[\u4e00-\u9fff]{2,4}$")
_AND_OTHERS = re.compile(r"等\s*(?:[0-9０-９一二两三四五六七八九十]+\s*)?[人名位]|等$")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "甲乙丙丁"
)
"""Common ones: 和 within a name (乌力吉和希格, 李和平) is no word between two names."""

_SAYS = {
    ItemClass.EXIT: re.compile(r"退出"),
    ItemClass.REVOCATION: re.compile(r"撤销.{0,20}聘|解聘|解除聘用|取消聘用"),
    ItemClass.DISCIPLINE: re.compile(r"处分|警告|记过|降低岗位等级|撤职|开除"),
}
_ABOUT_RULES = re.compile(
    r"办法|制度|规定|细则|规程|规则|程序|方案|计划|意见|预算|总结|小结|情况|通报|名额|职责"
)


def people_in(name: str) -> int:
    """Count the people whom the name of one subject means: 1, or how many it hides at least."""
    parts = [part for part in _MARKS.split(name) if part.strip()]
    if len(parts) > 1:
        return len(parts)
    if _AND_OTHERS.search(name.strip()):
        return 2
    for between in (_SPACE, _WORDS):
        parts = between.split(name.strip())
        if len(parts) > 1 and all(map(_is_a_name, parts)):
            return len(parts)
    return 1


def said_class(title: str, *, about_a_person: bool) -> ItemClass | None:
    """Return the class that a title's words ask for, or None where they ask for none.

    Of what names nobody, rules, plans and reports on the subject are none.
    """
    if not about_a_person and _ABOUT_RULES.search(title):
        return None
    return next((each for each, words in _SAYS.items() if words.search(title)), None)


def joined(title: str) -> tuple[ItemClass, ...]:
    """Return all classes that a title asks for: 退出, 处分 and 撤销聘任 are three matters."""
    return tuple(each for each, words in _SAYS.items() if words.search(title))


def _is_a_name(text: str) -> bool:
    return bool(_CHINESE.match(text)) and text[0] in _SURNAMES
