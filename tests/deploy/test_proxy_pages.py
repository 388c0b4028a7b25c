"""What nginx shows while the site is away: whole by itself, in both languages, in the city's name."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.management.commands.proxy_pages import PAGES
from tests.test_docs import ROOT

NGINX = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")


def test_pages_need_nothing_of_the_site_and_speak_both_languages(tmp_path: Path) -> None:
    call_command("proxy_pages", out=tmp_path)
    for name in PAGES:
        page = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        assert '<section lang="id">' in page and '<section lang="en">' in page
        assert "Pemerintah Kota Kupang" in page
        assert "src=" not in page and "href=" not in page
        assert (tmp_path / f"{name}.html").stat().st_mode & 0o777 == 0o644
        assert f"/{name}.html;" in NGINX
    assert "Situs ini sedang tidak dapat dibuka" in (tmp_path / "away.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="Not a directory"):
        call_command("proxy_pages", out=tmp_path / "file" / "below")
