"""A server that speaks S3, over HTTP, and its owner's view of a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

REGION = {"region_name": "us-east-1"}


@contextmanager
def object_store() -> Iterator[str]:
    """Its address, as long as it runs."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    try:
        yield f"http://127.0.0.1:{running.get_host_and_port()[1]}"
    finally:
        running.stop()


@contextmanager
def bucket(address: str, name: str) -> Iterator[Any]:
    """A client of its owner; the bucket is empty at the beginning and at the end."""
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    client = boto3.client("s3", endpoint_url=address, **REGION, **keys)
    client.create_bucket(Bucket=name)
    yield client
    for key in names_in(client, name):
        client.delete_object(Bucket=name, Key=key)


def names_in(client: Any, name: str) -> list[str]:
    return [each["Key"] for each in client.list_objects_v2(Bucket=name).get("Contents", [])]
