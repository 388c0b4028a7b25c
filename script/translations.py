"""The texts that people read, and their translations in locale/<language>/LC_MESSAGES/django.po.

script/translations.py update    brings new texts in and drops those that nothing uses any more
script/translations.py check     fails on a text without a translation, or with one that lost a placeholder, and on
                                 a text that is not found, or not by every version of Python

Texts are found as Django's makemessages finds them, but without GNU gettext on the machine.
"""

import ast
import re
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ["config", "reports", "escalation", "surveys", "complaints", "accounts"]
LANGUAGES = ["id"]  # English is what the code says
NEW_CATALOG = """\
# Translations of Tuntas. AGPL-3.0-or-later, as the rest.
msgid ""
msgstr ""
"Project-Id-Version: Tuntas\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""  # Indonesian has one form for one and for many
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(({_STRING}(?:, {_STRING})*)(?:, ?count)?\)", re.DOTALL)

Found = tuple[str, int, str | tuple[str, ...], str | None]


def texts_in_python(path: Path) -> Iterator[Found]:
    with path.open("rb") as file:
        for line, text, _comments, context in extract("python", file, keywords=KEYWORDS):
            yield str(path.relative_to(ROOT)), line, text, context


def texts_in_template(path: Path) -> Iterator[Found]:
    """Django turns the template into something like Python, in which the calls of gettext are found again."""
    likeness = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in _CALL.finditer(likeness):
        name = call[1]
        strings = list(ast.literal_eval(f"({call[2]},)"))
        context = strings.pop(0) if "p" in name else None
        line = likeness.count("\n", 0, call.start()) + 1
        text = tuple(strings) if name.startswith("n") else strings[0]
        yield str(path.relative_to(ROOT)), line, text, context


def python_files() -> Iterator[Path]:
    for app in APPS:
        yield from sorted((ROOT / app).rglob("*.py"))


def hiding_places(source: str) -> Iterator[tuple[int, str]]:
    """The lines whose texts the collector does not see, and why."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):  # Python shows what is inside from 3.12 on
            for part in ast.walk(node):
                if isinstance(part, ast.Call) and ast.unparse(part.func).rpartition(".")[2] in KEYWORDS:
                    yield part.lineno, "gettext inside an f-string"
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for name in node.names:
                if name.name in KEYWORDS and (name.asname or name.name) not in KEYWORDS:
                    yield node.lineno, f"gettext under the name {name.asname}"


def texts() -> Iterator[Found]:
    for path in python_files():
        yield from texts_in_python(path)
    for folder in [ROOT / "templates", *(ROOT / app / "templates" for app in APPS)]:
        for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.txt")]):
            yield from texts_in_template(path)


def template_catalog() -> Catalog:
    catalog = Catalog(project="Tuntas", charset="utf-8")
    for file, line, text, context in texts():
        catalog.add(text, None, [(file, line)], context=context)
    return catalog


def po_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalog(language: str) -> Catalog:
    path = po_path(language)
    source = path.read_text(encoding="utf-8") if path.exists() else NEW_CATALOG
    return read_po(StringIO(source), locale=language)


def update() -> int:
    """Writes the catalogs anew: every text of the code, in the order of the files, and its translation."""
    template = template_catalog()
    for language in LANGUAGES:
        catalog = read_catalog(language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, include_lineno=False, ignore_obsolete=True, sort_by_file=True)
        missing = sum(not is_translated(message) for message in catalog if message.id)
        print(f"{path.relative_to(ROOT)}: {len(catalog)} texts, {missing} without a translation")
    return 0


def as_strings(text: Any) -> list[str]:
    """A message's text: one string, or one for each plural form."""
    return [text] if isinstance(text, str) else list(text or [])


def is_translated(message: Message) -> bool:
    strings = as_strings(message.string)
    return bool(strings) and all(strings) and not message.fuzzy


def placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def fault(wanted: Message, message: Message | None) -> str | None:
    if message is None or not is_translated(message):
        return "no translation"
    needed = placeholders(as_strings(wanted.id)[-1])
    for string in as_strings(message.string):
        if placeholders(string) != needed:
            return f"placeholders differ, {string!r}"
    return None


def hidden() -> Iterator[str]:
    for path in python_files():
        for line, why in sorted(set(hiding_places(path.read_text(encoding="utf-8")))):
            yield f"{path.relative_to(ROOT)}:{line}: {why}"


def faults(language: str, template: Catalog) -> Iterator[str]:
    catalog = read_catalog(language)
    for wanted in template:
        problem = fault(wanted, catalog.get(wanted.id, wanted.context)) if wanted.id else None
        if problem:
            file, line = wanted.locations[0]
            yield f"{file}:{line}: {problem} ({language}): {as_strings(wanted.id)[0]!r}"


def check() -> int:
    template = template_catalog()
    found = [*hidden(), *(problem for language in LANGUAGES for problem in faults(language, template))]
    print("\n".join(found) or f"All {len(template)} texts are translated")
    if found:
        print(
            f"{len(found)} faults; script/translations.py update writes the missing texts into the catalogs"
        )
    return 1 if found else 0


if __name__ == "__main__":
    commands = {"check": check, "update": update}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(commands[sys.argv[1]]())
