from django.urls import URLPattern, path

from surveys.rounds import counter, desk, files_desk, paper, public, words_desk
from surveys.rounds.models import Channel

_DESK = "staff/surveys/rounds/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path("surveys/", public.round_list, name="round-list"),
    path("s/<slug:code>/", public.answer, name="answer"),
    path("s/<slug:code>/qr/", public.answer, {"channel": Channel.QR}, name="answer-qr"),
    path("s/<slug:code>/thanks/", public.thanks, name="answer-thanks"),
    path("surveys/counter/<slug:code>/", counter.counter, name="counter"),
    path("surveys/counter/<slug:code>/send/", counter.counter_send, name="counter-send"),
    path("surveys/counter/<slug:code>/worker.js", counter.counter_worker, name="counter-worker"),
    path("staff/surveys/rounds/", desk.desk_list, name="desk-rounds"),
    path("staff/surveys/rounds/new/", desk.desk_new, name="desk-round-new"),
    path(_DESK, desk.desk_round, name="desk-round"),
    path(f"{_DESK}paper/", paper.desk_paper, name="desk-paper"),
    path(f"{_DESK}import/", files_desk.desk_import, name="desk-import"),
    path(f"{_DESK}import/template.csv", files_desk.desk_import_template, name="desk-import-template"),
    path(f"{_DESK}words/", words_desk.desk_words, name="desk-words"),
    path(f"{_DESK}words/erase/", words_desk.desk_erase_text, name="desk-erase-text"),
    path(f"{_DESK}open/", desk.desk_open, name="desk-open"),
    path(f"{_DESK}close/", desk.desk_close, name="desk-close"),
    path(f"{_DESK}prolong/", desk.desk_prolong, name="desk-prolong"),
    path(f"{_DESK}annul/", desk.desk_annul, name="desk-annul"),
    path(f"{_DESK}codes/", desk.desk_codes, name="desk-codes"),
    path(f"{_DESK}tablets/", desk.desk_device, name="desk-device"),
    path(f"{_DESK}tablets/<int:pk>/withdraw/", desk.desk_withdraw, name="desk-withdraw"),
]
