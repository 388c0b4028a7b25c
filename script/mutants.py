"""The ways in which a source file can be broken in one place: `mutants(source)` finds them, script/mutate tries them.

Left out, since no rule of the city stands in them: words for people and for the log, docstrings, annotations,
assertions for the type checker, `__str__`, and the declarations of fields and options that a class body makes.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten

Function = ast.FunctionDef | ast.AsyncFunctionDef
ORDER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
UNBROKEN = (ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr)  # Python 3.11 has no offsets inside f""
WORDS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
LOGS = {"logger", "logging"}
# Without one of these a call fails by itself, or only the words for people change.
KEPT_KEYWORDS = {"actor", "now", "at", "on", "verbose_name", "label", "help_text"}

KEYWORD = re.compile(r"\b(\w+)=(?!=)")
LINE = 100


@dataclass(frozen=True)
class Mutant:
    """One broken place: what stands between two offsets of the source (in bytes), and what stands there instead."""

    start: int
    end: int
    line: int
    lines: range  # from the first line of its statement on: where a test that runs it is seen
    old: str
    new: str

    def apply(self, source: bytes) -> bytes:
        return source[: self.start] + self.new.encode() + source[self.end :]

    @property
    def change(self) -> str:
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        return f"{old}  →  {new}"

    @property
    def shown(self) -> str:
        """`change` on one line of a terminal; of a long call, which argument it lost."""
        if len(self.change) <= LINE:
            return self.change
        lost = set(KEYWORD.findall(self.old)) - set(KEYWORD.findall(self.new))
        old, new = (shorten(" ".join(text.split()), LINE // 2) for text in (self.old, self.new))
        return f"{old}  without {', '.join(sorted(lost))}" if lost else f"{old}  →  {new}"


def mutants(source: str) -> list[Mutant]:
    """Every mutant of this source that can still be compiled, in the order of the lines."""
    return _Finder(source).find()


class _Finder:
    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        self.raw = source.encode()
        self.starts = [0]
        for line in self.raw.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def find(self) -> list[Mutant]:
        made = {self._mutant(*found) for found in self._visit(self.tree, 1, in_class=False)}
        kept = [
            mutant for mutant in made if mutant.old.split() != mutant.new.split() and self._compiles(mutant)
        ]
        return sorted(kept, key=lambda mutant: (mutant.start, mutant.end, mutant.new))

    def _mutant(self, node: ast.expr | ast.stmt, new: str, statement: int) -> Mutant:
        start = self.starts[node.lineno - 1] + node.col_offset
        last = node.end_lineno or node.lineno
        end = self.starts[last - 1] + (node.end_col_offset or 0)
        lines = range(statement, last + 1)
        return Mutant(start, end, node.lineno, lines, self.raw[start:end].decode(), new)

    def _compiles(self, mutant: Mutant) -> bool:
        try:
            compile(mutant.apply(self.raw), "mutant", "exec")
        except SyntaxError:
            return False
        return True

    def _visit(
        self, node: ast.AST, line: int, *, in_class: bool
    ) -> Iterator[tuple[ast.expr | ast.stmt, str, int]]:
        """Each node to be replaced, by what, and where its statement begins."""
        if isinstance(node, ast.stmt):
            line = node.lineno
        if isinstance(node, ast.expr) and not in_class:
            yield from ((node, f"({ast.unparse(new)})", line) for new in _expressions(node))
        elif isinstance(node, ast.stmt) and not in_class:
            yield from ((node, new, line) for new in _statements(node))
        inside = isinstance(node, ast.ClassDef) or (in_class and not isinstance(node, Function))
        for child in _children(node):
            if not _is_left_out(child):
                yield from self._visit(child, line, in_class=inside)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Without annotations, decorators and what a class is made from."""
    for name, value in ast.iter_fields(node):
        if name not in {"annotation", "returns", "decorator_list", "bases"}:
            parts = value if isinstance(value, list) else [value]
            yield from (part for part in parts if isinstance(part, ast.AST))


def _is_left_out(node: ast.AST) -> bool:
    if isinstance(node, UNBROKEN):
        return True
    if isinstance(node, Function | ast.ClassDef):
        return node.name in ("__str__", "Meta")
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return _root(node.value.func) in LOGS
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _says_words(node.left)
    return _says_words(node) or (isinstance(node, ast.If) and _root(node.test) == "TYPE_CHECKING")


def _says_words(node: ast.AST) -> bool:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text or (isinstance(node, ast.Call) and _root(node.func) in WORDS)


def _root(node: ast.AST) -> str:
    """`logger` of `logger.error`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _statements(node: ast.stmt) -> Iterator[str]:
    """A call that nothing happens in its place, a value that is not set, a result that is not given back."""
    match node:
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break():
            yield "pass"
        case ast.Assign(targets=targets) if not any(_binds_a_name(target) for target in targets):
            yield "pass"
        case ast.Return(value=ast.Constant(value=None) | None):
            return
        case ast.Return():
            yield "return None"


def _binds_a_name(target: ast.expr) -> bool:
    """Whether later lines would not even find the name."""
    return any(isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) for node in ast.walk(target))


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp():
            yield from _conditions(node)
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield node.operand
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(operator)](), right)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Constant(value=value):
            yield from _constants(value)
        case ast.Call():
            yield from _calls(node)


def _comparisons(node: ast.Compare) -> Iterator[ast.expr]:
    for at, op in enumerate(node.ops):
        yield ast.Compare(
            node.left, [*node.ops[:at], ORDER[type(op)](), *node.ops[at + 1 :]], node.comparators
        )


def _conditions(node: ast.BoolOp) -> Iterator[ast.expr]:
    """The other conjunction, and each condition left away."""
    yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    for at in range(len(node.values)):
        left = [*node.values[:at], *node.values[at + 1 :]]
        yield ast.BoolOp(node.op, left) if len(left) > 1 else left[0]


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    """The same with each keyword left away."""
    for at, keyword in enumerate(node.keywords):
        if keyword.arg not in {None, *KEPT_KEYWORDS}:
            yield ast.Call(node.func, node.args, [*node.keywords[:at], *node.keywords[at + 1 :]])


def _constants(value: object) -> Iterator[ast.expr]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1) if value else ast.UnaryOp(ast.USub(), ast.Constant(1))
