"""Several cities on one host: what `docs/deploy/` sets up for each of them meets nothing of another's."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.city import load_city
from tests.test_docs import ROOT, settings_in_code

DEPLOY = ROOT / "docs" / "deploy"
PAGE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
EXAMPLE = (DEPLOY / "tuntas.env.example").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
UNITS = sorted(DEPLOY.glob("*.service"))
CITIES = sorted(path.stem for path in (ROOT / "fixtures" / "cities").glob("*.toml"))


def lines_of(unit: Path) -> dict[str, str]:
    lines = unit.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w+=", line))


def environment_of(unit: Path) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in lines_of(unit)["Environment"].split())


def example() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_of_the_city_in_its_name(unit: Path) -> None:
    said = lines_of(unit)
    assert unit.stem.endswith("@")
    assert environment_of(unit) == {"CITY": "%i", "DATA_DIR": "/var/lib/tuntas/%i"}
    assert set(environment_of(unit)) <= settings_in_code()
    assert environment_of(unit)["DATA_DIR"] == f"/var/lib/{said['StateDirectory']}"
    for key in ("User", "Group", "EnvironmentFile", "Description"):
        assert "%i" in said[key]


def test_the_environment_of_a_city_leaves_to_the_unit_what_the_unit_says() -> None:
    assert not {name for unit in UNITS for name in environment_of(unit)} & set(example())
    assert {"PORT", "DATABASE_URL", "BASE_URL", "SECRET_KEY", "LEDGER_KEY"} <= set(example())
    user = lines_of(UNITS[0])["User"].replace("%i", "kupang")
    assert re.fullmatch(rf"postgres://{user}@//run/postgresql/{user}", example()["DATABASE_URL"])


def test_names_that_nginx_shares_between_files_carry_the_city() -> None:
    shared = re.findall(r"(?:log_format|upstream|proxy_pass http://|shared:|log/nginx/)\s?([\w-]+)", NGINX)
    assert len(shared) >= 5
    assert set(shared) == {"tuntas-kupang"}
    assert f"server 127.0.0.1:{example()['PORT']};" in NGINX


def test_the_page_names_files_that_are_there() -> None:
    named = set(re.findall(r"docs/deploy/([\w.@-]+\w)", PAGE))
    assert named == {path.name for path in DEPLOY.iterdir()}


def cookies_of(city: str, base_url: str, data: Path) -> list[str]:
    program = "from config import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    environment = {"CITY": city, "BASE_URL": base_url, "DATA_DIR": str(data), "PATH": "/usr/bin:/bin"}
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return said.stdout.split()


def test_cities_on_one_host_name_keep_each_others_people_signed_in(tmp_path: Path) -> None:
    """A browser tells hosts apart, not ports: cookies of one name would overwrite each other."""
    names = [name for city in CITIES for name in cookies_of(city, "http://127.0.0.1:8000", tmp_path / city)]
    assert len(set(names)) == len(names) == 2 * len(CITIES)
    secure = cookies_of(CITIES[0], "https://lapor.example.go.id", tmp_path / CITIES[0])
    assert all(name.startswith("__Host-") and name.endswith(CITIES[0]) for name in secure)


def test_keys_are_made_for_each_city_anew(tmp_path: Path) -> None:
    for city in CITIES:
        cookies_of(city, "http://127.0.0.1:8000", tmp_path / city)
    kept = [path.read_text() for city in CITIES for path in sorted((tmp_path / city / "keys").iterdir())]
    assert len(set(kept)) == len(kept) == 4 * len(CITIES)


def test_a_citys_name_is_fit_for_a_user_a_database_and_a_unit() -> None:
    for city in CITIES:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,24}", load_city(ROOT / "fixtures" / "cities", city).slug)
