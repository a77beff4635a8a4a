"""Why a file is no XML, in Chinese: whatever libxml2 says in English stays away from people."""

import re

import pytest
from lxml import etree

from service.engine.xml_faults import schema_words, syntax_words
from service.engine.xml_source import XmlRefusal, read_xml

FILES: list[tuple[str | bytes, str]] = [
    ("", "没有找到开头的标签"),
    ("plain text", "没有找到开头的标签"),
    ("<a>", "第 1 行的标签 a 没有结束"),
    ("<a>\n<b></a>", "第 2 行的标签 b 遇到了结束标签 a"),
    ("<a/><b/>", "根元素结束以后还有内容"),
    ("<a b='1' b='2'/>", "属性 b 写了两次"),
    ("<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>", "属性 b 写了两次"),
    ("<x:a/>", "命名空间前缀 x 没有声明"),
    ("<a x:b='1'/>", "命名空间前缀 x 没有声明"),
    ("<a xmlns:x=''/>", "命名空间的写法不对"),
    ("<a xmlns='x y'/>", "命名空间不是有效的地址"),
    ("<a:b:c xmlns:a='u'/>", "名称 a:b:c 里冒号的用法不对"),
    ("<a b=1/>", "属性值没有写在引号里"),
    ("<a b='1/>", "属性值缺少结尾的引号"),
    ("<a b='1' c/>", "属性 c 没有写值"),
    ("<a b='1'c='2'/>", "缺少空格"),
    ("<a b='<'/>", "&lt;"),
    ("<a>&foo;</a>", "实体 foo 没有定义"),
    ("<a>&foo</a>", "分号"),
    ("<a>R & D</a>", "&amp;"),
    ("<a>&#0;</a>", "不允许的字符"),
    ("<a>&#xD800;</a>", "不允许的字符"),
    ("<a>&#xZZ;</a>", "字符编号写法不对"),
    ("<a>&#ZZ;</a>", "字符编号写法不对"),
    ("<a>\x01</a>", "不允许的字符"),
    ("<1a/>", "这里应为名称"),
    ("<a><!-- -- --></a>", "注释里不能有“--”"),
    ("<a><!--", "注释没有写完"),
    ("<a><![CDATA[", "CDATA 一段没有写完"),
    ("<a>]]></a>", "]]&gt;"),
    ("<a><?pi", "缺少空格"),
    ("<a><?pi x", "处理指令没有写完"),
    (" <?xml version='1.0'?><a/>", "只能写在文件最开头"),
    ("<?xml version='2'?><a/>", "缺少版本"),
    ("<?xml version='9.0'?><a/>", "版本应为 1.0"),
    ("<?xml version='1.0' standalone='maybe'?><a/>", "standalone 只能是 yes 或 no"),
    ("<?xml version='1.0' encoding='nonsense'?><a/>", "不认识编码 nonsense"),
    ("<?xml version='1.0' encoding='@'?><a/>", "编码名称写法不对"),
    (b"<a>\xff</a>", "有不符合文件编码的字节"),
    (b"<?xml version='1.0' encoding='GBK'?><a>\xff\xff</a>", "有不符合文件编码的字节"),
    ("<" + "a" * 100_000 + "/>", "名称太长"),
]


def english(message: str, content: bytes) -> list[str]:
    """Words of a message that are neither the file's nor XML's own."""
    known = {"XML", "UTF", "CDATA", "amp", "standalone", "yes"}
    words = set(re.findall("[A-Za-z]{3,}", message)) - known
    return [word for word in words if word.encode() not in content]


@pytest.mark.parametrize(("text", "said"), FILES, ids=range(len(FILES)))
def test_a_fault_is_told_in_chinese_with_its_place(text: str | bytes, said: str) -> None:
    content = text if isinstance(text, bytes) else text.encode()

    refusal = read_xml(content)

    assert isinstance(refusal, XmlRefusal)
    assert said in refusal.message
    assert re.search(r"第 \d+ 行第 \d+ 列", refusal.message)
    assert english(refusal.message, content) == []
    assert len(refusal.message) < 300


def test_a_fault_that_nobody_foresaw_is_told_by_its_place() -> None:
    error = etree.XMLSyntaxError("Something new, line 3, column 4", 99_999, 3, 4)

    assert syntax_words(error) == "写法不对"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Element '{u}a': This element is not expected. Expected is ( {u}b ).", "a 的位置或名称"),
        ("Element '{u}a': Missing child element(s).", "a 缺少必需的内容"),
        ("Element 'a': Character content other than whitespace is not allowed.", "直接写文字"),
        ("Element 'a': Element content is not allowed, because the type is simple.", "其他元素"),
        ("Element 'a': No matching global declaration available.", "这里不能有元素 a"),
        ("Element 'a': The attribute 'b' is required but missing.", "缺少必需的属性 b"),
        ("Element 'a', attribute 'b': The attribute 'b' is not allowed.", "属性 b 不能写在这里"),
        ("Element 'a', attribute 'b': [facet 'enumeration'] The value 'x' is not.", "b 的取值"),
        ("Element 'a': 'x' is not a valid value of the atomic type 'xs:int'.", "a 的内容"),
        ("Element 'a': No match found for key-sequence ['x'] of keyref 'y'.", "元素 a 的写法"),
        ("Something new.", "写法不对"),
    ],
)
def test_what_breaks_a_schema_is_told_in_chinese(message: str, said: str) -> None:
    assert said in schema_words(message)
    assert not re.search("[A-Za-z]{3,}", schema_words(message))
