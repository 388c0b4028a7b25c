"""JSON without what Python does anew for each text."""

import json
from collections.abc import Callable
from typing import Any


def encoder_of(encoder: json.JSONEncoder) -> Callable[[Any], str]:
    """Its `encode` for dicts and lists. Python makes the C encoder anew for each call, which takes as long again."""
    try:
        made = json.encoder.c_make_encoder(  # type: ignore[attr-defined]
            None,
            encoder.default,
            json.encoder.encode_basestring_ascii if encoder.ensure_ascii else json.encoder.encode_basestring,
            None,
            encoder.key_separator,
            encoder.item_separator,
            encoder.sort_keys,
            encoder.skipkeys,
            encoder.allow_nan,
        )
    except TypeError:  # a Python without it, or with another
        return encoder.encode
    return lambda data: "".join(made(data, 0))


class Spelled(str):
    """JSON that was spelled already, to be stored as it is."""

    __slots__ = ()


_as_django = encoder_of(json.JSONEncoder())


def as_django(data: Any) -> str:
    """As a JSONField spells it."""
    return data if type(data) is Spelled else _as_django(data)
