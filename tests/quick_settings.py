"""An installation's own settings, for the commands of one that a test runs: its migrations take a third of the time."""

from config.settings import *  # noqa: F403
from tests.quick_states import quick_states

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # six people's took two seconds
_kept = quick_states()  # to the end of the process
_kept.__enter__()
