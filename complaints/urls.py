"""Public pages, and the desk under /staff/."""

from complaints.desk import urls as desk
from complaints.public import urls as public

app_name = "complaints"

urlpatterns = [*public.urlpatterns, *desk.urlpatterns]
