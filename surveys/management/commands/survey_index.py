"""manage.py survey_index: the satisfaction index of a file of raw answers, with how sure it is."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.index.columns import ORDERS
from surveys.index.reading import NoAnswers, read_answers
from surveys.index.reported import Reported, read_weights, report_on


class Command(BaseCommand):
    help = str(gettext_lazy("Counts the satisfaction index of a file of answers. Changes nothing."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="ANSWERS.csv")
        parser.add_argument(
            "--order",
            choices=sorted(ORDERS),
            default="regulation",
            help="what U8 and U9 are: as the regulation numbers them, or as the printed questionnaire asks",
        )
        parser.add_argument(
            "--population", type=int, metavar="N", help="how many users there were, for sample and interval"
        )
        parser.add_argument(
            "--weights",
            default="",
            metavar="U1=1/8,U2=0.1,…",
            help="weights of your own, one for each element, that sum to exactly one; else all are the same",
        )
        parser.add_argument("--json", action="store_true", help="the figures as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        population: int | None = options["population"]
        if population is not None and population < 1:
            raise CommandError(_("The number of users is at least one."), returncode=2)
        try:
            order = options["order"]
            weights = read_weights(options["weights"], order)
            reported = report_on(read_answers(path), order=order, population=population, weights=weights)
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}, returncode=2
            ) from error
        except (NoAnswers, ValueError) as error:
            raise CommandError(f"{path}: {error}", returncode=2) from error
        if options["json"]:
            with translation.override("en"):  # for scripts, whatever the city speaks
                self.stdout.write(json.dumps(reported.as_json(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines(reported)))


def lines(reported: Reported) -> list[str]:
    index = reported.index
    said = [_("%(count)d respondents") % {"count": index.respondents}]
    if index.rounded is not None:
        margin = "" if index.margin is None else f" ± {index.margin:.2f}"
        words = (_("Index"), index.rounded, margin, _("grade"), _(" or ").join(index.grades))
        said.append("{} {}{}, {} {}".format(*words))
    said += [
        f"  {each.key:<14} {float(each.mean):.3f}" + (f" × {each.weight}" if reported.has_own_weights else "")
        for each in index.elements
        if each.mean is not None
    ]
    return [*said, *reported.warnings(), *reported.assumptions()]
