"""Imports stand at the top, where the layers are checked; only what is heavy is loaded where it is needed."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("accounts", "complaints", "config", "escalation", "reports", "surveys")
HEAVY = {"imagehash", "pandas", "scipy", "weasyprint"}
FOR_A_FEW = {
    "boto3",
    "requests",
}  # cities: those whose people sign in elsewhere, or whose files lie elsewhere


def hidden_in(source: str) -> set[str]:
    """The packages that are imported inside a function."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    nodes = [node for function in functions for node in ast.walk(function)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def test_only_heavy_packages_are_imported_inside_a_function() -> None:
    sources = [path for app in OURS for path in (ROOT / app).rglob("*.py")]
    hidden = {
        str(path.relative_to(ROOT)): packages
        for path in sources
        if (packages := hidden_in(path.read_text(encoding="utf-8")))
    }
    assert hidden == {
        "complaints/files/likeness.py": {"imagehash"},
        "complaints/files/sanitise.py": {"pikepdf", "pillow_heif"},
        "reports/figures/arrays.py": {"numpy", "pandas"},
        "reports/figures/counting/places.py": {"pandas"},
        "reports/figures/counting/sums.py": {"numpy", "pandas"},
        "reports/figures/frames.py": {"numpy", "pandas"},
        "reports/pages/render.py": {"weasyprint"},
        "reports/suppression/systems.py": {"scipy"},
        "surveys/index/counting.py": {"pandas"},
        "surveys/index/reading.py": {"pandas"},
    }


def test_neither_site_nor_worker_loads_what_is_heavy_when_it_starts(tmp_path: Path) -> None:
    program = (
        "import sys, django; django.setup(); import config.urls, config.worker;"
        f"print(*sorted({HEAVY | FOR_A_FEW!r} & set(sys.modules)))"
    )
    started = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PATH": "/usr/bin:/bin",
            "DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert started.stdout.strip() == ""


def floors() -> list[dict[str, Any]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return [each for each in contracts if "containers" in each]


def modules_below(package: str) -> set[str]:
    root = ROOT / package.replace(".", "/")
    files = [path.relative_to(root) for path in root.rglob("*.py") if path.name != "__init__.py"]
    return {".".join(file.with_suffix("").parts) for file in files if file.parts[0] != "migrations"}


@pytest.mark.parametrize("contract", floors(), ids=lambda contract: contract["name"])
def test_every_module_stands_on_a_floor(contract: dict[str, Any]) -> None:
    layers = {name.strip(" ()") for layer in contract["layers"] for name in layer.split(":")}
    for container in contract["containers"]:
        known = {
            name
            for name in modules_below(container)
            if any(f"{name}.".startswith(f"{layer}.") for layer in layers)
        }
        assert modules_below(container) - known <= {"apps"}, container
