"""manage.py proxy_pages --out FOLDER: what the reverse proxy shows when the site cannot."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

PAGES = ("away", "too-large")


class Command(BaseCommand):
    help = "Writes the proxy's own pages (site away, too much sent) in the city's name and both languages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="a folder that the proxy reads")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["out"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in PAGES:
                path = folder / f"{name}.html"
                path.write_text(page(name), encoding="utf-8")
                path.chmod(0o644)
        except OSError as error:
            raise CommandError(str(error)) from error


def page(name: str) -> str:
    """Whole and by itself: nothing else of the site may be there. Each language in a part of its own."""
    parts = []
    for code, _label in settings.LANGUAGES:
        with override(code):
            words = render_to_string(f"proxy/_{name}.html", {"city": settings.CITY})
            parts.append({"language": get_language(), "words": words, "title": settings.CITY.government})
    return render_to_string("proxy/page.html", {"city": settings.CITY, "parts": parts})
