"""The forms of the import by page: the file, what its columns mean, what the words in them mean."""

import tomllib
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.clock.city_time import zone
from complaints.form_fields import LineField
from complaints.importing.guessing import (
    guess_columns,
    guess_dates,
    guess_state,
    known_for,
    known_mappings,
)
from complaints.importing.looking import Look
from complaints.importing.mapping import MOMENTS, REJECT, MappingError, read_mapping
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel, StateChoice

LARGEST_MAPPING = 100_000  # bytes
EMPTY = "-, n/a, tidak ada, null"
ZONES = (
    ("", gettext_lazy("the city's")),
    ("Asia/Jakarta", "WIB"),
    ("Asia/Makassar", "WITA"),
    ("Asia/Jayapura", "WIT"),
)
# What is asked for, in the order of the page. A second column is put behind the first one.
LABELS: dict[str, Any] = {
    "id": gettext_lazy("Its number over there"),
    "received_at": gettext_lazy("Received on"),
    "received_at_2": gettext_lazy("Received at (time), where it stands apart"),
    "subject": gettext_lazy("Subject"),
    "description": gettext_lazy("What happened"),
    "state": gettext_lazy("State"),
    "target_at": gettext_lazy("Promised by"),
    "ended_at": gettext_lazy("Ended on"),
    "agency": gettext_lazy("Agency"),
    "category": gettext_lazy("Category"),
    "location": gettext_lazy("Place"),
    "area": gettext_lazy("Ward"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "channel": gettext_lazy("How it came in"),
    "kind": gettext_lazy("Kind"),
    "remark": gettext_lazy("Answer or remark"),
}
READ_BY = ("source", "sheet", "encoding", "delimiter", "header_row")
NEEDED = ("id", "received_at")
WORDED = ("state", "channel", "kind")  # fields whose words have to be given a meaning
CHOICES: dict[str, Any] = {"state": StateChoice.choices, "channel": Channel.choices, "kind": Kind.choices}
OTHERWISE = {"state": REJECT, "channel": Channel.OTHER.value, "kind": Kind.COMPLAINT.value}


class UploadForm(forms.Form):
    """`mapping` is what a mapping file holds, or only the name of the source."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Excel, OpenDocument, CSV or JSON lines, packed or not, up to 20 MB."),
    )
    source = LineField(
        label=gettext_lazy("Name of the other system"),
        max_length=20,
        required=False,
        help_text=gettext_lazy(
            "Letters, digits and underscores, as old_desk. The same name next time brings cases up to date."
        ),
    )
    mapping_file = forms.FileField(
        label=gettext_lazy("Mapping"),
        required=False,
        help_text=gettext_lazy("A mapping file (TOML), if you have one. Otherwise the next page asks."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mapping_file"):
            data["mapping"] = self._written(data["mapping_file"])
        elif not data.get("source", "").isidentifier() or not data["source"].isascii():
            self.add_error("source", _("Give a short name of letters, digits and underscores."))
        return data

    def _written(self, file: Any) -> dict[str, Any]:
        try:
            if file.size > LARGEST_MAPPING:
                raise MappingError(_("This is no mapping."))
            raw = tomllib.loads(file.read().decode("utf-8-sig"))
            read_mapping(raw)
        except (MappingError, ValueError) as error:
            self.add_error("mapping_file", str(error) or _("This is no mapping."))
            return {}
        return raw


class ColumnsForm(forms.Form):
    """Which column holds what, and how the file is read. `raw()` is the mapping so far."""

    def __init__(self, data: Any, look: Look, mapping: dict[str, Any]) -> None:
        super().__init__(data)
        self._mapping = mapping
        guessed = _chosen(mapping) or guess_columns(look.headings)
        choices = [("", "—"), *((name, _shown(name, look)) for name in look.headings)]
        for field, label in LABELS.items():
            self.fields[field] = forms.ChoiceField(
                label=label, choices=choices, required=field in NEEDED, initial=guessed.get(field, "")
            )
        self.fields["state_of_all"] = forms.ChoiceField(
            label=_("State of all, where no column says it"),
            choices=[("", "—"), *CHOICES["state"]],
            required=False,
            initial=mapping.get("constants", {}).get("state", ""),
        )
        self.fields["empty"] = LineField(
            label=_("Words that mean that nothing is known"),
            required=False,
            max_length=300,
            initial=", ".join(mapping["empty"]) if "empty" in mapping else EMPTY,
        )
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=ZONES, required=False, initial=mapping.get("time_zone", "")
        )
        self.fields["city_agencies"] = forms.BooleanField(
            label=_("Look for agencies among our own first"),
            required=False,
            initial=mapping.get("lookup", {}).get("agency", "city") == "city",
        )
        self._texts = look.texts

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("subject") and not data.get("description"):
            self.add_error("subject", _("A subject or a description is needed."))
        if not data.get("state") and not data.get("state_of_all"):
            self.add_error("state", _("Choose the column of the state, or one state for all."))
        return data

    def raw(self) -> dict[str, Any]:
        data = self.cleaned_data
        columns = {field: data[field] for field in LABELS if data[field] and not field.endswith("_2")}
        if data["received_at_2"]:
            columns["received_at"] = [data["received_at"], data["received_at_2"]]
        kept = {
            name: self._mapping[name]
            for name in ("source", "sheet", "encoding", "delimiter", "header_row")
            if name in self._mapping
        }
        raw = kept | {
            "columns": columns,
            "dates": self._dates(columns, data["time_zone"]),
            "values": {n: w for n, w in self._mapping.get("values", {}).items() if n in columns},
            "lookup": {"agency": "city" if data["city_agencies"] else "source"},
        }
        if not data["state"]:
            raw["constants"] = {"state": data["state_of_all"]}
        if empty := [word.strip() for word in data["empty"].split(",") if word.strip()]:
            raw["empty"] = empty
        if data["time_zone"]:
            raw["time_zone"] = data["time_zone"]
        return raw

    def _dates(self, columns: dict[str, Any], zone_name: str) -> list[str]:
        """Columns that are put together are tried by their first, with the time of the second."""
        texts: list[str] = []
        for field in MOMENTS:
            names = columns.get(field, [])
            if isinstance(names, list) and names:
                day, time = (self._texts.get(name, []) for name in names)
                texts += [f"{each} {time[0]}" for each in day] if time else day
            elif names:
                texts += self._texts.get(names, [])
        empty = {word.strip().casefold() for word in self.cleaned_data["empty"].split(",")}
        known = [text for text in texts if text.casefold() not in empty]
        return guess_dates(known, ZoneInfo(zone_name) if zone_name else zone())


class ReadingForm(forms.Form):
    """How the file is read, where what was found is wrong."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_row = forms.IntegerField(label=gettext_lazy("Row of the headings"), required=False, min_value=0)
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("as found")), *((name, name) for name in ("utf-8", "cp1252", "utf-16"))],
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Separator"),
        required=False,
        choices=[
            ("", gettext_lazy("as found")),
            (",", gettext_lazy("comma")),
            (";", gettext_lazy("semicolon")),
            ("\t", gettext_lazy("tab")),
            ("|", gettext_lazy("bar")),
        ],
    )

    def __init__(self, data: Any, look: Look, mapping: dict[str, Any]) -> None:
        super().__init__(data, initial=mapping | {"header_row": mapping.get("header_row") or look.header_row})
        sheets: Any = self.fields["sheet"]
        sheets.choices = [("", _("all that have the columns")), *((name, name) for name in look.sheets)]
        if not look.sheets:
            del self.fields["sheet"]
        else:
            del self.fields["encoding"], self.fields["delimiter"]
        self._found = look.header_row

    def raw(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if value}
        if said.get("header_row") == self._found:
            del said["header_row"]  # found, and so in each sheet
        return said


class WordsForm(forms.Form):
    """What the words of the chosen columns mean. ImportRefused is the caller's; `raw()` is the whole mapping."""

    def __init__(self, data: Any, look: Look, mapping: dict[str, Any]) -> None:
        super().__init__(data)
        self._mapping = mapping
        self._names: dict[
            str, tuple[str, str]
        ] = {}  # of the form's field → ours, and the other system's word
        self.too_many = [
            mapping["columns"][field]
            for field in WORDED
            if field in mapping["columns"] and not look.words(mapping["columns"][field])
        ]
        for field in WORDED:
            heading = mapping["columns"].get(field)
            for place, word in enumerate(look.words(heading) if heading else []):
                known = mapping.get("values", {}).get(field, {}).get(word)
                self._names[f"{field}-{place}"] = field, word
                self.fields[f"{field}-{place}"] = forms.ChoiceField(
                    label=f"{heading}: {word}",
                    choices=[(REJECT, _("do not take these rows over")), *CHOICES[field]],
                    initial=known or (guess_state(word) if field == "state" else _same(field, word)),
                )

    def raw(self) -> dict[str, Any]:
        values: dict[str, dict[str, str]] = {}
        for field in WORDED:
            if field in self._mapping["columns"]:
                values[field] = {"otherwise": OTHERWISE[field]}
        for name, (field, word) in self._names.items():
            values[field][word] = self.cleaned_data[name]
        return self._mapping | {"values": values}


def known_raw(look: Look) -> dict[str, Any]:
    """A mapping that comes with Tuntas and is for this file; {} where there is none."""
    name = known_for(look.headings)
    return tomllib.loads(known_mappings()[name].read_text(encoding="utf-8")) if name else {}


def _chosen(mapping: dict[str, Any]) -> dict[str, str]:
    found = {}
    for field, heading in mapping.get("columns", {}).items():
        if isinstance(heading, list):
            found[field], found[f"{field}_2"] = heading[0], heading[1]
        else:
            found[field] = heading
    return found


def _shown(heading: str, look: Look) -> str:
    sample = look.sample(heading)
    return f"{heading} ({sample[:30]}…)" if len(sample) > 30 else f"{heading} ({sample})"


def _same(field: str, word: str) -> str:
    by_label = {str(label).casefold(): value for value, label in CHOICES[field]}
    return str(by_label.get(word.casefold(), OTHERWISE[field]))
