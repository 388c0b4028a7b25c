"""Public pages, and the desk under /staff/."""

from complaints import desk_urls, public_urls

app_name = "complaints"

urlpatterns = [*public_urls.urlpatterns, *desk_urls.urlpatterns]
