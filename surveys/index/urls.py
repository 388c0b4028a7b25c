"""Results of rounds and recounted indices: for everybody, and on the desk."""

from django.urls import URLPattern, path

from surveys.index.views import published, results

urlpatterns: list[URLPattern] = [
    path("surveys/results/", results.result_list, name="results"),
    path("surveys/rounds/<str:code>/", results.round_result, name="round-result"),
    path("surveys/rounds/<str:code>/figures.csv", results.figures_csv, name="round-figures"),
    path("surveys/rounds/<str:code>/answers.csv", results.answers_csv, name="round-answers"),
    path("surveys/published/", published.published_list, name="published"),
    path("staff/surveys/results/", results.desk_results, name="desk-results"),
    path("staff/surveys/rounds/<str:code>/results/", results.desk_result, name="desk-result"),
    path("staff/surveys/results/published/", published.desk_published, name="desk-published"),
    path(
        "staff/surveys/results/published/<str:number>/",
        published.desk_published_back,
        name="desk-published-back",
    ),
]
