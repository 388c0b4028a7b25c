"""How a test opens and fills in the citizen's form."""

import re
from html import unescape
from typing import Any

from django.test import Client

from complaints.models import Area, Category, Service
from tests.factories import make_agency, make_category, make_city

PATH = "/complaints/new/"
CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}\b")
NUMBER = re.compile(r"KPG-\d{4}-\d{6}-\d")


def open_city() -> None:
    """A city that can take complaints: policy, a category, a service, a ward."""
    make_city()
    make_category()
    Service.objects.get_or_create(
        code="ktp",
        defaults={
            "name_id": "KTP",
            "name_en": "Identity card",
            "agency": make_agency("DUKCAPIL"),
            "promised_days": 3,
        },
    )
    district, _made = Area.objects.get_or_create(
        code="53.71.04", defaults={"name": "Kelapa Lima", "level": Area.Level.DISTRICT}
    )
    Area.objects.get_or_create(
        code="53.71.04.1001", defaults={"name": "Oesapa", "level": Area.Level.WARD, "parent": district}
    )


def filled(**changes: Any) -> dict[str, Any]:
    """What a citizen types who fills in everything."""
    return {
        "subject": "Lampu jalan mati",
        "description": "Lampu di depan pasar mati sejak seminggu.",
        "category": "jalan-rusak",
        "service": "ktp",
        "area": "53.71.04.1001",
        "location": "Depan pasar",
        "happened_on": "2026-11-02",
        "name": "Ani",
        "email": "ani@example.com",
        "phone": "0812 3456 789",
    } | changes


def minimal(**changes: Any) -> dict[str, Any]:
    return {"description": "Jalan berlubang di depan pasar.", "category": "jalan-rusak"} | changes


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page, as a browser would send them."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] != "next":
            found[name[1]] = unescape(value[1])
    return found


def opened(client: Client) -> dict[str, str]:
    """Opens the form and returns its hidden fields."""
    return hidden(client.get(PATH).content.decode())


def walked(client: Client, data: dict[str, Any]) -> Any:
    """Sends a step of the page's own form and follows to the page that it leads to."""
    answer = client.post(PATH, data)
    assert answer.status_code == 302
    return client.get(answer["Location"])


def code_in(page: str) -> str:
    """The receipt code that the page shows."""
    found = re.search(r'id="receipt-code"[^>]*>([^<]*)<', page)
    assert found, "no receipt code on the page"
    assert CODE.fullmatch(found[1])
    return found[1]


def category_named(code: str, name: str) -> Category:
    return Category.objects.create(code=code, name_id=name)
