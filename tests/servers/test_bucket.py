"""The S3 server of the tests answers everybody who speaks HTTP, and only with a signature."""

from __future__ import annotations

import urllib.error
import urllib.request

import fsspec
import pytest

from tests.servers.bucket import Bucket


def test_what_was_put_in_stands_at_its_address(bucket: Bucket) -> None:
    bucket.put("a/b", b"content")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{bucket.options['endpoint_url']}/{bucket.name}/evidence/a/b")
    signed = fsspec.filesystem("s3", **bucket.options).sign(f"{bucket.name}/evidence/a/b")
    with urllib.request.urlopen(signed) as answer:
        assert answer.read() == b"content"
