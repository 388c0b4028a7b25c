"""A mapping that cannot work is refused with the reason, before a row is read."""

from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from complaints.importing.mapping import MappingError, load_mapping, read_mapping
from tests.importing.files import MAPPING


def test_both_fixtures_can_be_used():
    for name in ("boston_311", "samarinda_lapor"):
        mapping = load_mapping(settings.BASE_DIR / "fixtures" / "mappings" / f"{name}.toml")
        assert mapping.source == name
        assert mapping.tz == settings.CITY.tz


def test_a_zone_of_its_own_replaces_the_citys():
    assert read_mapping(MAPPING | {"time_zone": "Europe/London"}).tz == ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"source": "two words"}, "source"),
        ({"colour": "red"}, "colour"),
        ({"columns": {"received_at": "opened", "subject": "title", "state": "status"}}, "id"),
        ({"columns": {"id": "no", "subject": "title", "state": "status"}}, "received_at"),
        ({"columns": {"id": "no", "received_at": "opened", "state": "status"}}, "subject"),
        ({"columns": MAPPING["columns"] | {"shoe": "size"}}, "shoe"),
        ({"columns": MAPPING["columns"] | {"subject": 3}}, "subject"),
        ({"values": {"channel": {"otherwise": "other"}}}, "values.state"),
        ({"values": MAPPING["values"] | {"state": {"open": "in_progress"}}}, "other words"),
        ({"values": MAPPING["values"] | {"state": {"otherwise": "finished"}}}, "finished"),
        ({"values": MAPPING["values"] | {"agency": {"otherwise": "x"}}}, "agency"),
        ({"constants": {"kind": "grumble"}}, "grumble"),
        ({"lookup": {"area": "source"}}, "source"),
        ({"time_zone": "Mars/Phobos"}, "Mars/Phobos"),
        ({"time_zone": "../../etc/passwd"}, "passwd"),
        ({"encoding": "utf-99"}, "utf-99"),
        ({"delimiter": ";;"}, "delimiter"),
        ({"reject": [{"column": "status"}]}, "reject"),
    ],
)
def test_a_mapping_that_cannot_work_says_why(change, told):
    with translation.override("en"), pytest.raises(MappingError, match=told):
        read_mapping(MAPPING | change)


def test_a_file_that_is_no_toml_says_so(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text("source = ", encoding="utf-8")
    with pytest.raises(MappingError):
        load_mapping(path)
    with pytest.raises(MappingError):
        load_mapping(tmp_path / "missing.toml")
