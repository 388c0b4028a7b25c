"""Parts of a page in another language say so in the PDF too; WeasyPrint 70 tells the language of the whole alone."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any


def tag_languages(tags: Any) -> None:
    """Changes the module `weasyprint.pdf.tags`: what has a `lang` in the page has it in the structure tree."""
    tags._build_box_tree = _with_language(tags._build_box_tree, tags.pydyf.String)


def _with_language(
    build: Callable[..., Iterator[Any]], spelled: Callable[[str], Any]
) -> Callable[..., Iterator[Any]]:
    @wraps(build)
    def built(box: Any, *given: Any) -> Iterator[Any]:
        element = getattr(box, "element", None)
        language = None if element is None or box.element_tag in ("html", "body") else element.get("lang")
        for node in build(box, *given):
            if language:
                node["Lang"] = spelled(language)
            yield node

    return built
