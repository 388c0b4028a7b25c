"""The limit for a Django journey: a form of four fields, and one transaction with the essential SQL.

A site of its own in one file, served by the same gunicorn as ours. No sessions, no translations, no styles.
"""

import os
import secrets
from typing import Any

import environ
from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="bare",
    ROOT_URLCONF=__name__,
    DATABASES={"default": environ.Env.db_url_config(os.environ["DATABASE_URL"]) | {"CONN_MAX_AGE": 60}},
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)

TABLES = """
CREATE TABLE IF NOT EXISTS bare_case (id bigserial PRIMARY KEY, number text UNIQUE, receipt text UNIQUE,
  subject text, description text, category text, place text, received_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bare_event (id bigserial PRIMARY KEY, case_id bigint REFERENCES bare_case,
  kind text, at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bare_outbox (id bigserial PRIMARY KEY, case_id bigint REFERENCES bare_case,
  kind text, due_at timestamptz DEFAULT now());
"""
PAGE = """<!doctype html><title>Report</title><form method="post">{% csrf_token %}{{ form.as_p }}
<button>Send</button></form>"""


class CaseForm(forms.Form):
    subject = forms.CharField(max_length=150)
    description = forms.CharField(widget=forms.Textarea)
    category = forms.ChoiceField(choices=[(str(n), f"Category {n}") for n in range(30)])
    place = forms.CharField(max_length=200, required=False)


def report(request: HttpRequest) -> HttpResponse:
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, code = _store(form.cleaned_data)
        return HttpResponse(f"<title>Receipt</title><p>{number} {code}")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


def _store(said: dict[str, Any]) -> tuple[str, str]:
    number, code = secrets.token_hex(8), secrets.token_hex(10)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_case (number, receipt, subject, description, category, place) "
            "VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
            [number, code, said["subject"], said["description"], said["category"], said["place"]],
        )
        pk = cursor.fetchone()[0]
        cursor.execute("INSERT INTO bare_event (case_id, kind) VALUES (%s, 'submitted')", [pk])
        cursor.execute("INSERT INTO bare_outbox (case_id, kind) VALUES (%s, 'receipt')", [pk])
    return number, code


def make_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)


urlpatterns = [path("", report)]
application = get_wsgi_application()
