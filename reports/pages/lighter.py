"""WeasyPrint without what a process for one paper need not do; its pages come out the same.

To start it takes half a second of the processor, of which more than half is for nothing of ours: it looks for its
libraries by other systems' names first, with some fifty processes, and loads two tools for fonts that are for variable
ones and for where HarfBuzz is missing. And it reads HTML as browsers must read anybody's, in Python; our templates are
well-formed, so that Python's own parser, in C, reads them alike. What is not goes WeasyPrint's way.
"""

import ctypes.util
import re
import sys
from importlib import import_module
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

from reports.pages.columns import balance_sooner
from reports.pages.languages import tag_languages

VOID = re.compile(r"<((?:br|col|hr|img|meta)\b[^<>]*)(?<!/)>")  # elements without an end
PUT_OFF = {
    "fontTools.subset": ("Options", "Subsetter"),
    "fontTools.varLib.instancer": ("instantiateVariableFont",),
}


def load() -> Any:
    """The module `weasyprint`, quickly."""
    for name, functions in PUT_OFF.items():
        if name not in sys.modules:
            sys.modules[name] = stand_in(name, functions)
    looks = ctypes.util.find_library
    if sys.platform == "linux":  # there the last names are the right ones, and the loader finds them
        ctypes.util.find_library = _nothing_found
    try:
        weasyprint = import_module("weasyprint")
    finally:
        ctypes.util.find_library = looks
    _read_quickly(import_module("tinyhtml5"))
    balance_sooner(import_module("weasyprint.layout.block"))
    tag_languages(import_module("weasyprint.pdf.tags"))
    return weasyprint


def _nothing_found(name: str) -> str | None:
    return None


def stand_in(name: str, functions: tuple[str, ...]) -> ModuleType:
    """A module whose functions load the real one of that name when they are called."""
    module = ModuleType(name)

    def later(function: str) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            if sys.modules.get(name) is module:
                del sys.modules[name]
            return getattr(import_module(name), function)(*given, **named)

        return call

    for function in functions:
        setattr(module, function, later(function))
    return module


def _read_quickly(parser: Any) -> None:
    slowly = parser.parse

    def parse(source: Any, **named: Any) -> Any:
        text = source.read()
        tree = tree_of(text) if isinstance(text, str) else None
        if tree is not None:
            return tree
        source.seek(0)
        return slowly(source, **named)

    parser.parse = parse


def tree_of(html: str) -> ET.Element | None:
    """The page as a tree; None where it is not as well-formed as XML."""
    try:
        return ET.fromstring(VOID.sub(r"<\1/>", html))  # noqa: S314 - written by our own templates
    except ET.ParseError:
        return None
