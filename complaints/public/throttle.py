"""Limits per address, kept in this process's memory: no address is stored, none outlives the day.

A bucket holds an allowance, mostly a minute's, and fills up again evenly, so that nobody waits longer than that.
Addresses count by their network (IPv4 /24, IPv6 /64) and are known only by a keyed digest whose key is
drawn anew every day. Behind several processes each has its share: WEB_CONCURRENCY says how many.
"""

import hmac
import ipaddress
import os
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from secrets import token_bytes
from threading import Lock

from django.http import HttpRequest

from accounts.addresses import client_address
from complaints.clock.city_time import day_of

MAX_BUCKETS = 20_000
EVERYBODY = "*"

_lock = Lock()
_buckets: OrderedDict[tuple[str, str], "_Bucket"] = OrderedDict()
_day_key: tuple[date | None, bytes] = (None, b"")


@dataclass
class _Bucket:
    left: float
    filled_at: float  # seconds since the epoch


def network_of(address: str) -> str:
    """The network an address counts with; text that is no address counts as one network of its own."""
    try:
        ip = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))


def visitor(request: HttpRequest, now: datetime) -> str:
    """Today's pseudonym of the request's network."""
    return pseudonym(network_of(client_address(request)), now)


def pseudonym(text: str, now: datetime) -> str:
    """Today's name for what must not be kept."""
    global _day_key
    today = day_of(now)
    with _lock:
        if _day_key[0] != today:
            _day_key = (today, token_bytes(32))
        key = _day_key[1]
    return hmac.new(key, text.encode(), "sha256").hexdigest()[:32]


def spend(name: str, who: str, limit: int, *, now: datetime, count: int = 1, seconds: int = 60) -> int:
    """Takes `count` from the bucket `name` of `who`, which holds `limit` and fills up in `seconds`. 0 when there were
    as many, else the seconds to wait for them."""
    share = max(1.0, limit / _processes())
    with _lock:
        bucket = _filled(name, who, share, seconds, now)
        if bucket.left >= count:
            bucket.left -= count
            return 0
        return max(1, ceil((count - bucket.left) * seconds / share))


def give_back(name: str, who: str) -> None:
    """Returns what `spend` took, where it turned out not to count."""
    with _lock:
        if bucket := _buckets.get((name, who)):
            bucket.left += 1


def forget() -> None:
    """Empties all buckets; tests begin with it."""
    with _lock:
        _buckets.clear()


def _filled(name: str, who: str, limit: float, seconds: int, now: datetime) -> _Bucket:
    at = now.timestamp()
    bucket = _buckets.pop((name, who), None) or _Bucket(limit, at)
    # A clock set back gives nothing and takes nothing.
    bucket.left = min(limit, bucket.left + max(0.0, at - bucket.filled_at) * limit / seconds)
    bucket.filled_at = at
    _buckets[name, who] = bucket  # the last one used stands last
    while len(_buckets) > MAX_BUCKETS:
        _buckets.popitem(last=False)
    return bucket


def _processes() -> int:
    text = os.environ.get("WEB_CONCURRENCY", "")
    return int(text) if text.isdigit() and int(text) else 1
