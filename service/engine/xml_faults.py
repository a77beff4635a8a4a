"""What libxml2 finds wrong with a file, in Chinese: its own words are English.

The table knows what a file of a designer can get wrong. What it does not know is told by the place
alone: better no reason than one that a designer cannot read.
"""

import re
from collections.abc import Mapping

from lxml import etree

_UNKNOWN = "写法不对"
_SHOWN = 60

_CODES = etree.ErrorTypes

_WORDS: Mapping[int, str] = {
    _CODES.ERR_DOCUMENT_EMPTY: "没有找到开头的标签",
    _CODES.ERR_DOCUMENT_END: "根元素结束以后还有内容",
    _CODES.ERR_INVALID_CHAR: "有 XML 不允许的字符",
    _CODES.ERR_INVALID_HEX_CHARREF: "字符编号写法不对",
    _CODES.ERR_INVALID_DEC_CHARREF: "字符编号写法不对",
    _CODES.ERR_INVALID_CHARREF: "字符编号写法不对",
    _CODES.ERR_ENTITYREF_SEMICOL_MISSING: "实体引用缺少结尾的分号，“&”本身应写成“&amp;”",
    _CODES.ERR_UNDECLARED_ENTITY: "用到了没有定义的实体",
    _CODES.WAR_UNDECLARED_ENTITY: "用到了没有定义的实体",
    _CODES.ERR_UNKNOWN_ENCODING: "不认识文件声明的编码，请用 UTF-8",
    _CODES.ERR_UNSUPPORTED_ENCODING: "不认识文件声明的编码，请用 UTF-8",
    _CODES.ERR_INVALID_ENCODING: "有不符合文件编码的字节，请用 UTF-8",
    _CODES.ERR_ENCODING_NAME: "文件声明的编码名称写法不对，请用 UTF-8",
    _CODES.ERR_LT_IN_ATTRIBUTE: "属性值里的“<”应写成“&lt;”",
    _CODES.ERR_ATTRIBUTE_NOT_STARTED: "属性值没有写在引号里",
    _CODES.ERR_ATTRIBUTE_NOT_FINISHED: "属性值缺少结尾的引号",
    _CODES.ERR_ATTRIBUTE_WITHOUT_VALUE: "属性没有写值",
    _CODES.ERR_ATTRIBUTE_REDEFINED: "同一个属性写了两次",
    _CODES.NS_ERR_ATTRIBUTE_REDEFINED: "同一个属性写了两次",
    _CODES.ERR_COMMENT_NOT_FINISHED: "注释没有写完",
    _CODES.ERR_HYPHEN_IN_COMMENT: "注释里不能有“--”",
    _CODES.ERR_PI_NOT_FINISHED: "处理指令没有写完",
    _CODES.ERR_CDATA_NOT_FINISHED: "CDATA 一段没有写完",
    _CODES.ERR_MISPLACED_CDATA_END: "内容里的“]]>”应写成“]]&gt;”",
    _CODES.ERR_RESERVED_XML_NAME: "XML 声明只能写在文件最开头",
    _CODES.ERR_XMLDECL_NOT_FINISHED: "XML 声明没有写完",
    _CODES.ERR_XMLDECL_NOT_STARTED: "XML 声明写法不对",
    _CODES.ERR_VERSION_MISSING: "XML 声明缺少版本",
    _CODES.ERR_UNKNOWN_VERSION: "XML 声明的版本应为 1.0",
    _CODES.ERR_STANDALONE_VALUE: "XML 声明里 standalone 只能是 yes 或 no",
    _CODES.ERR_SPACE_REQUIRED: "缺少空格",
    _CODES.ERR_EQUAL_REQUIRED: "缺少等号",
    _CODES.ERR_GT_REQUIRED: "标签缺少结尾的“>”",
    _CODES.ERR_LTSLASH_REQUIRED: "缺少结束标签",
    _CODES.ERR_NAME_REQUIRED: "这里应为名称；“<”和“&”本身应写成“&lt;”和“&amp;”",
    _CODES.ERR_NAME_TOO_LONG: "名称太长",
    _CODES.ERR_TAG_NAME_MISMATCH: "开始标签和结束标签不是一对",
    _CODES.ERR_TAG_NOT_FINISHED: "文件没有写完，有的元素没有结束",
    _CODES.ERR_RESOURCE_LIMIT: "内容超出读取的限度",
    _CODES.NS_ERR_XML_NAMESPACE: "命名空间的写法不对",
    _CODES.NS_ERR_UNDEFINED_NAMESPACE: "用到了没有声明的命名空间前缀",
    _CODES.NS_ERR_QNAME: "名称里冒号的用法不对",
    _CODES.WAR_NS_URI: "命名空间不是有效的地址",
}

_DETAILS = (
    (
        re.compile(r"^Opening and ending tag mismatch: (\S+) line (\d+) and (\S+)$"),
        "第 {1} 行的标签 {0} 遇到了结束标签 {2}",
    ),
    (
        re.compile(r"^Premature end of data in tag (\S+) line (\d+)$"),
        "文件没有写完，第 {1} 行的标签 {0} 没有结束",
    ),
    (re.compile(r"^Attribute (\S+) redefined$"), "属性 {0} 写了两次"),
    (re.compile(r"^Namespaced Attribute (\S+) in '.*' redefined$"), "属性 {0} 写了两次"),
    (re.compile(r"^Namespace prefix (\S+) .*is not defined$"), "命名空间前缀 {0} 没有声明"),
    (re.compile(r"^Entity '([^']*)' not defined$"), "实体 {0} 没有定义"),
    (re.compile(r"^Specification mandates value for attribute (\S+)$"), "属性 {0} 没有写值"),
    (re.compile(r"^Unsupported encoding: (\S+)$"), "不认识编码 {0}，请用 UTF-8"),
    (re.compile(r"^Failed to parse QName '([^']*)'"), "名称 {0} 里冒号的用法不对"),
)

_SCHEMA_WORDS = (
    (re.compile(r"Element '([^']*)': This element is not expected\."), "元素 {0} 的位置或名称不对"),
    (re.compile(r"Element '([^']*)': Missing child element"), "元素 {0} 缺少必需的内容"),
    (
        re.compile(r"Element '([^']*)': Character content .* is not allowed"),
        "元素 {0} 里不能直接写文字",
    ),
    (re.compile(r"Element '([^']*)': Element content is not allowed"), "元素 {0} 里不能有其他元素"),
    (
        re.compile(r"Element '([^']*)': No matching global (?:element )?declaration"),
        "这里不能有元素 {0}",
    ),
    (re.compile(r"The attribute '([^']*)' is required but missing"), "缺少必需的属性 {0}"),
    (re.compile(r"attribute '([^']*)' is not allowed"), "属性 {0} 不能写在这里"),
    (
        re.compile(r"attribute '([^']*)'.*(?:is not a valid value|\[facet)"),
        "属性 {0} 的取值不合要求",
    ),
    (re.compile(r"Element '([^']*)'.*(?:is not a valid value|\[facet)"), "元素 {0} 的内容不合要求"),
    (re.compile(r"Element '([^']*)'"), "元素 {0} 的写法不合要求"),
)


def syntax_words(error: etree.XMLSyntaxError) -> str:
    """Say why a file is not well-formed, without the place and without a full stop."""
    message = str(error.msg).partition(", line ")[0].strip()
    return _matched(_DETAILS, message) or _WORDS.get(error.code, _UNKNOWN)


def schema_words(message: str) -> str:
    """Say in what way a file breaks an XML schema, without a full stop."""
    plain = re.sub(r"\{[^}]*\}", "", message)
    return _matched(_SCHEMA_WORDS, plain) or _UNKNOWN


def _matched(table: tuple[tuple[re.Pattern[str], str], ...], message: str) -> str:
    for pattern, words in table:
        if match := pattern.search(message):
            return words.format(*(group[:_SHOWN] for group in match.groups()))
    return ""
