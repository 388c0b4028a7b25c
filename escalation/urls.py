"""Escalations under /staff/, the supervisors' desk under /oversight/, promises in public."""

from escalation import audit_urls, ladder_urls, oversight_urls, promises_urls, whatif_urls

app_name = "escalation"

urlpatterns = [
    *ladder_urls.urlpatterns,
    *oversight_urls.urlpatterns,
    *promises_urls.urlpatterns,
    *audit_urls.urlpatterns,
    *whatif_urls.urlpatterns,
]
