"""The views and templates of the bare site (bare_site.py), which the least site serves behind our middleware."""

import json
import secrets
from typing import Any

from django import forms
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import path

TEMPLATES = {
    "form.html": """<!doctype html><title>Report</title><form method="post">{% csrf_token %}{{ form.as_p }}
<button>Send</button></form>""",
    "receipt.html": "<!doctype html><title>Receipt</title><p>{{ number }} {{ code }}",
    "queue.html": """<!doctype html><title>Cases</title><h1>Cases</h1><table>
{% for row in rows %}<tr><td>{{ row.due_at|date:"j F Y H:i" }}<td><a href="/case/{{ row.number }}/">{{ row.number }}</a>
{{ row.subject }}<td>{{ row.category }}<td>{{ row.area }}<td>{{ row.agency }}<td>{{ row.handler }}<td>{{ row.state }}
{% endfor %}</table>""",
    "case.html": """<!doctype html><title>{{ case.number }}</title><h1>{{ case.subject }}</h1>
<p>{{ case.state }} {{ case.due_at|date:"j F Y H:i" }}</p>{{ case.description|linebreaks }}
<dl><dt>Category<dd>{{ case.category }}<dt>Ward<dd>{{ case.area }}<dt>Place<dd>{{ case.location }}<dt>Agency
<dd>{{ case.agency }}<dt>Handled by<dd>{{ case.handler }}<dt>Received<dd>{{ case.received_at|date:"j F Y H:i" }}
<dt>Promised<dd>{{ case.target_at|date:"j F Y H:i" }}</dl><ol>
{% for event in events %}<li>{{ event.at|date:"j F Y H:i" }} {{ event.kind }} {{ event.role }}
{% if event.words.text %}{{ event.words.text|linebreaks }}{% endif %}{% endfor %}</ol>""",
    "page.html": """<!doctype html><title>Page</title>{% for block in blocks %}{% if block.0 == "tr" %}<tr>
{% for cell in block.1 %}<td>{{ cell }}{% endfor %}{% else %}<p>{{ block.1.0 }}</p>{% endif %}{% endfor %}""",
}

JOINS = """LEFT JOIN complaints_category k ON k.id = c.category_id LEFT JOIN complaints_area w ON w.id = c.area_id
  LEFT JOIN accounts_agency a ON a.id = c.agency_id LEFT JOIN accounts_user u ON u.id = c.handler_id"""
NAMES = "k.name_id AS category, w.name AS area, a.short_name AS agency, u.name AS handler"
QUEUE = f"""SELECT c.number, c.subject, c.due_at, c.state, {NAMES} FROM complaints_complaint c {JOINS}
  WHERE c.agency_id = %s AND c.state IN ('assigned', 'in_progress') ORDER BY c.due_at, c.id LIMIT 25"""
CASE = f"""SELECT c.id, c.number, c.subject, c.description, c.location, c.due_at, c.state, c.received_at, c.target_at,
  {NAMES} FROM complaints_complaint c {JOINS} WHERE c.number = %s"""
EVENTS = """SELECT e.at, e.kind, e.role, t.words FROM complaints_event e
  LEFT JOIN complaints_eventcontent t ON t.event_id = e.id WHERE e.complaint_id = %s ORDER BY e.seq"""
INSERT = """INSERT INTO bare_case (number, receipt, subject, description, category, place)
  VALUES (%s, %s, %s, %s, %s, %s) RETURNING id"""


class CaseForm(forms.Form):
    subject = forms.CharField(max_length=150)
    description = forms.CharField(widget=forms.Textarea)
    category = forms.ChoiceField(choices=[(str(n), f"Category {n}") for n in range(30)])
    place = forms.CharField(max_length=200, required=False)
    name = forms.CharField(max_length=100, required=False)
    email = forms.EmailField(required=False)


def report(request: HttpRequest) -> HttpResponse:
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, code = _store(form.cleaned_data)
        return _shown("receipt.html", {"number": number, "code": code}, request)
    return _shown("form.html", {"form": form}, request)


def _store(said: dict[str, Any]) -> tuple[str, str]:
    number, code = secrets.token_hex(8), secrets.token_hex(10)
    with transaction.atomic(), connection.cursor() as cursor:
        words = [said[name] for name in ("subject", "description", "category", "place")]
        cursor.execute(INSERT, [number, code, *words])
        pk = cursor.fetchone()[0]
        cursor.execute("INSERT INTO bare_contact VALUES (%s, %s, %s)", [pk, said["name"], said["email"]])
        cursor.execute("INSERT INTO bare_event (case_id, kind) VALUES (%s, 'submitted')", [pk])
        cursor.execute("INSERT INTO bare_outbox (case_id, kind) VALUES (%s, 'receipt')", [pk])
    return number, code


def queue(request: HttpRequest, agency: int) -> HttpResponse:
    return _shown("queue.html", {"rows": _rows(QUEUE, agency)}, request)


def case(request: HttpRequest, number: str) -> HttpResponse:
    found = _rows(CASE, number)
    if not found:
        raise Http404
    events = _rows(EVENTS, found[0]["id"])
    for event in events:
        event["words"] = json.loads(event["words"] or "{}")
    return _shown("case.html", {"case": found[0], "events": events}, request)


def page(request: HttpRequest, code: str) -> HttpResponse:
    found = _rows("SELECT blocks FROM bare_page WHERE code = %s", code)
    if not found:
        raise Http404
    return _shown("page.html", {"blocks": json.loads(found[0]["blocks"])}, request)


def _rows(statement: str, *parameters: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _shown(name: str, context: dict[str, Any], request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_template(name).render(context, request))


urlpatterns = [
    path("", report),
    path("queue/<int:agency>/", queue),
    path("case/<str:number>/", case),
    path("page/<str:code>/", page),
]
