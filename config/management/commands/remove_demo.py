"""manage.py remove_demo: takes a demo city away whole, or says why not."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from accounts.demo import is_demo
from accounts.models import User
from complaints.files import keeping
from complaints.files.folders import places
from complaints.files.object_store import StoreAway
from complaints.ledger.outside import erased_file, heads_file, numbers_file
from complaints.models import Complaint, Message
from config.demo.reality import against_removing
from config.emptying import empty_database


class Command(BaseCommand):
    help = (
        "Takes a demo city away whole: people, reports, settings, mails, files and signed heads; the database is as "
        "after migrate. Without --yes it says what would go. Refuses where anything is of real people. Stop the site "
        "and the worker first. Copies in BACKUP_DIR stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do it; it cannot be taken back")

    def handle(self, *args: Any, **options: Any) -> None:
        cache.clear()
        if not is_demo():
            raise CommandError("nothing was removed: nobody of a demo city is here")
        if reasons := list(against_removing()):
            raise CommandError(f"nothing was removed: {'; '.join(reasons)}")
        try:
            self._remove(yes=options["yes"])
        except StoreAway as error:
            raise CommandError(f"people, reports and settings stay: {error}") from None

    def _remove(self, *, yes: bool) -> None:
        media, heads = Path(settings.MEDIA_ROOT), heads_file()
        told = (
            f"{Complaint.objects.count()} cases, {User.objects.count()} people, {Message.objects.count()} mails, "
            f"{sum(1 for place in places() for _each in place.listed())} files and {heads.name}"
        )
        if not yes:
            newest = Complaint.objects.order_by("-received_at").values_list("received_at", flat=True).first()
            last = f", the last report of {newest:%Y-%m-%d %H:%M} UTC" if newest else ""
            raise CommandError(f"nothing was removed yet. With --yes go: {told}{last}")
        if settings.FILES_S3_BUCKET:
            _empty_store()
        empty_database()
        for each in media.iterdir() if media.exists() else ():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        for path in (heads, numbers_file(heads), erased_file(heads)):
            path.unlink(missing_ok=True)
        cache.clear()
        self.stdout.write(
            f"gone: {told}. Next: load_city, createsuperuser, and start the site and the worker"
        )


def _empty_store() -> None:
    place = keeping.place()
    for each in place.listed():
        place.remove(each.name)
