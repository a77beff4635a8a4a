"""Boxed expressions and types as they are written, read without judging them."""

from collections.abc import Callable, Mapping

from service.engine.decision_boxes import Box, Literal, Text, Typed
from service.engine.decision_contexts import Context, Entry, ListBox, Relation
from service.engine.decision_functions import Binding, Function, Invocation
from service.engine.decision_iterations import Conditional, Filter, For, Quantified
from service.engine.decision_names import Spelling, plain_name
from service.engine.decision_source import (
    attribute,
    child,
    children,
    expressions,
    place_of,
    text_of,
    type_of,
)
from service.engine.decision_tables import UNIQUE, DecisionTable, Input, Output, TableRule
from service.engine.decision_types import ItemType, Types
from service.engine.diagram import label
from service.engine.xml_source import XmlNode, local_name

_ANY_CELL = frozenset({"", "-"})
_NAMED = frozenset(
    {
        *("inputData", "decision", "businessKnowledgeModel", "decisionService", "variable"),
        *("parameter", "formalParameter", "column", "output", "itemComponent"),
    }
)


def spelling_of(definitions: XmlNode) -> Spelling:
    """The names with spaces that a file declares anywhere."""
    named = (n.get("name", "") for n in definitions.iter() if local_name(n) in _NAMED)
    iterated = (n.get("iteratorVariable", "") for n in definitions.iter())
    return Spelling([*named, *iterated])


def read_types(definitions: XmlNode, spelling: Spelling) -> Types:
    """The item definitions of a file."""
    nodes = children(definitions, "itemDefinition")
    named = {attribute(node, "name"): node for node in nodes}
    known = Types({name: ItemType(name, "", False, (), "", "") for name in named})
    return Types({name: _item(node, name, known, spelling) for name, node in named.items()})


def _item(node: XmlNode, name: str, types: Types, spelling: Spelling) -> ItemType:
    of = child(node, "typeRef")
    components = children(node, "itemComponent")
    return ItemType(
        name=name,
        of=types.named(str(of.text or "").strip().removeprefix("feel:") if of is not None else ""),
        collection=attribute(node, "isCollection") == "true",
        components=tuple(
            _item(one, plain_name(attribute(one, "name")), types, spelling) for one in components
        ),
        allowed=spelling.text(text_of(node, "allowedValues")),
        constraint=spelling.text(text_of(node, "typeConstraint")),
    )


class BoxReader:
    """Reads the boxed expressions of one file."""

    def __init__(self, types: Types, spelling: Spelling) -> None:
        self._types = types
        self._spelling = spelling

    def only(self, node: XmlNode, what: str, part: str = "") -> Box:
        """The boxed expression in an element, or in a part; an empty text if there is none."""
        holder = child(node, part) if part else node
        found = [] if holder is None else expressions(holder)
        return self.read(found[0], what) if found else _nothing(node, what)

    def read(self, node: XmlNode, what: str) -> Box:
        """A boxed expression; `what` says in Chinese where it stands."""
        read: Mapping[str, Callable[[XmlNode, str], Box]] = {
            "literalExpression": self._literal,
            "decisionTable": self.table,
            "context": self._context,
            "invocation": self._invocation,
            "list": self._list,
            "relation": self._relation,
            "functionDefinition": self.function,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
        }
        return read[local_name(node)](node, what)

    def typed(self, node: XmlNode) -> Typed:
        """A parameter or a column."""
        return Typed(plain_name(attribute(node, "name")), self._type(node))

    def function(self, node: XmlNode, what: str) -> Function:
        """A function definition."""
        parameters = tuple(self.typed(one) for one in children(node, "formalParameter"))
        return Function(what, "", parameters, self.only(node, what))

    def _type(self, node: XmlNode | None) -> str:
        return self._types.named(type_of(node))

    def _text(self, node: XmlNode, name: str = "") -> str:
        return self._spelling.text(text_of(node, name))

    def _literal(self, node: XmlNode, what: str) -> Literal:
        return Literal(what, self._type(node), Text(self._text(node), what, place_of(node)))

    def _context(self, node: XmlNode, what: str) -> Context:
        entries = children(node, "contextEntry")
        return Context(what, self._type(node), tuple(self._entry(one, what) for one in entries))

    def _entry(self, node: XmlNode, what: str) -> Entry:
        variable = child(node, "variable")
        if variable is None:
            return Entry(None, "", self.only(node, f"{what}的结果"))
        name = attribute(variable, "name")
        return Entry(plain_name(name), self._type(variable), self.only(node, name))

    def _invocation(self, node: XmlNode, what: str) -> Invocation:
        bindings = []
        for binding in children(node, "binding"):
            parameter = child(binding, "parameter")
            name = attribute(parameter, "name")
            value = self.only(binding, f"参数“{name}”")
            bindings.append(Binding(plain_name(name), self._type(parameter), value))
        called = self.only(node, f"{what}调用的函数")
        return Invocation(what, self._type(node), called, tuple(bindings))

    def _list(self, node: XmlNode, what: str) -> ListBox:
        items = enumerate(expressions(node), start=1)
        read = tuple(self.read(one, f"{what}第 {i} 项") for i, one in items)
        return ListBox(what, self._type(node), read)

    def _relation(self, node: XmlNode, what: str) -> Relation:
        rows = enumerate(children(node, "row"), start=1)
        return Relation(
            what,
            self._type(node),
            tuple(self.typed(column) for column in children(node, "column")),
            tuple(
                tuple(self.read(cell, f"{what}第 {i} 行") for cell in expressions(row))
                for i, row in rows
            ),
        )

    def _conditional(self, node: XmlNode, what: str) -> Conditional:
        return Conditional(
            what,
            self._type(node),
            self.only(node, f"{what}的条件", "if"),
            self.only(node, what, "then"),
            self.only(node, what, "else"),
        )

    def _filter(self, node: XmlNode, what: str) -> Filter:
        return Filter(
            what,
            self._type(node),
            self.only(node, f"{what}筛选的列表", "in"),
            self.only(node, f"{what}的筛选条件", "match"),
        )

    def _for(self, node: XmlNode, what: str) -> For:
        return For(
            what,
            self._type(node),
            plain_name(attribute(node, "iteratorVariable")),
            self.only(node, f"{what}逐个处理的列表", "in"),
            self.only(node, what, "return"),
        )

    def _quantified(self, node: XmlNode, what: str) -> Quantified:
        return Quantified(
            local_name(node),
            what,
            self._type(node),
            plain_name(attribute(node, "iteratorVariable")),
            self.only(node, f"{what}逐个检查的列表", "in"),
            self.only(node, f"{what}的条件", "satisfies"),
        )

    def table(self, node: XmlNode, what: str) -> DecisionTable:
        """A decision table."""
        policy = attribute(node, "hitPolicy") or UNIQUE
        rules = enumerate(children(node, "rule"), start=1)
        return DecisionTable(
            label=what,
            type=self._type(node),
            policy=f"{policy} {attribute(node, 'aggregation')}".strip(),
            inputs=tuple(self._input(one) for one in children(node, "input")),
            outputs=tuple(self._output(one) for one in children(node, "output")),
            rules=tuple(self._rule(one, i) for i, one in rules),
        )

    def _input(self, node: XmlNode) -> Input:
        text = text_of(node, "inputExpression")
        return Input(
            id=node.get("id", ""),
            label=" ".join(node.get("label", "").split()) or text,
            text=self._spelling.text(text),
            type=self._type(child(node, "inputExpression")),
            allowed=self._text(node, "inputValues"),
            place=place_of(node),
        )

    def _output(self, node: XmlNode) -> Output:
        allowed = self._text(node, "outputValues")
        return Output(
            id=node.get("id", ""),
            label=" ".join(node.get("label", "").split()) or label(node),
            name=plain_name(attribute(node, "name")),
            type=self._type(node),
            allowed=allowed,
            order=allowed or self._types.allowed(type_of(node)),
            default=self._text(node, "defaultOutputEntry"),
            place=place_of(node),
        )

    def _rule(self, node: XmlNode, index: int) -> TableRule:
        tests = (self._text(cell) for cell in children(node, "inputEntry"))
        return TableRule(
            id=node.get("id") or str(index),
            index=index,
            tests=tuple("" if test in _ANY_CELL else test for test in tests),
            conclusions=tuple(self._text(cell) for cell in children(node, "outputEntry")),
            place=place_of(node),
        )


def _nothing(node: XmlNode, what: str) -> Literal:
    return Literal(what, "", Text("", what, place_of(node)))
