"""Escalations under /staff/, the supervisors' desk under /oversight/, promises in public."""

from escalation.audits import urls as audits
from escalation.callbacks import urls as callbacks
from escalation.ladder import urls as ladder
from escalation.months import urls as months
from escalation.oversight import urls as oversight
from escalation.promises import urls as promises
from escalation.signals import urls as signals
from escalation.voices import urls as voices
from escalation.whatif import urls as whatif

app_name = "escalation"

urlpatterns = [
    *ladder.urlpatterns,
    *oversight.urlpatterns,
    *promises.urlpatterns,
    *audits.urlpatterns,
    *callbacks.urlpatterns,
    *months.urlpatterns,
    *signals.urlpatterns,
    *voices.urlpatterns,
    *whatif.urlpatterns,
]
