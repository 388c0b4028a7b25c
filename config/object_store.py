"""The object store of files (FILES_S3_…), for which pages wait. Loaded where a bucket is set: boto takes memory."""

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

# Seconds: a page waits for it. Checksums that only some stores know are left out; what arrived is read again.
PATIENCE: dict[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 20,
    "retries": {"total_max_attempts": 2, "mode": "standard"},
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class S3(S3Storage):  # type: ignore[misc]
    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "client_config": Config(**PATIENCE)}
