import pytest

from tests.conflict.people import City


@pytest.fixture
def city(db: None) -> City:
    return City()
