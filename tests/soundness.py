"""Whether what is stored agrees with itself, in cities that have only the people of their story."""

from complaints.integrity import check_integrity


def what_is_broken() -> dict[str, list[str]]:
    """As the command finds it, but that nobody may be there to watch (tests/oversight/test_watching.py)."""
    broken = check_integrity()
    broken.pop("open_case_nobody_watches")
    return {name: examples for name, examples in broken.items() if examples}
