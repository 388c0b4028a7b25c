"""Fails where a file or a function has grown past what one can keep in mind.

Files stay under 400 lines (migrations and tests apart), functions under 40, docstrings not counted.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {".venv", "var", "migrations"}
FILE_LINES = 400
FUNCTION_LINES = 40


def python_files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*.py")):
        folders = path.relative_to(ROOT).parts[:-1]
        if not NOT_OURS.intersection(folders) and not any(name.startswith(".") for name in folders):
            yield path


def function_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def too_large(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT)
    count = len(source.splitlines())
    if count >= FILE_LINES and name.parts[0] != "tests":
        yield f"{name}: {count} lines, not fewer than {FILE_LINES}"
    for node in ast.walk(ast.parse(source, str(name))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = function_lines(node)
            if lines >= FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name}: {lines} lines, not fewer than {FUNCTION_LINES}"


def main() -> int:
    found = [message for path in python_files() for message in too_large(path)]
    print("\n".join(found) or "All files and functions are short enough")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
