"""`aws:SECRET-ID[#FIELD]`: values of AWS Secrets Manager, by AWS's own client.

Credentials, region and endpoint are what its default chain finds: variables, profiles, the role of
a runner or of an instance. A secret that is a JSON object gives one field of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

from tenantctl.files.unresolved import Unresolved

CONNECT, ANSWER = 5, 10
"""Seconds until there is a connection, and until an answer."""
PASSING = re.compile(r"Throttl|TooManyRequests|RequestLimit|InternalService|ServiceUnavailable")
WHO = re.compile(r"Expired|UnrecognizedClient|InvalidSignature|InvalidClientToken|AuthFailure")


def aws_value(name: str, environ: Mapping[str, str]) -> str:
    """The value at *name*, `SECRET-ID` or `SECRET-ID#FIELD`. Raises Unresolved."""
    id, _, field = name.partition("#")
    text = _secret(id, _region(id, environ))
    return _field(text, id, field) if field else text


def _region(id: str, environ: Mapping[str, str]) -> str:
    """The region that the full name of a secret says, or that the environment does."""
    parts = id.split(":")
    told = parts[3] if parts[0] == "arn" and len(parts) > 3 else ""
    return told or environ.get("AWS_REGION", "") or environ.get("AWS_DEFAULT_REGION", "")


@lru_cache(maxsize=8)
def _client(region: str) -> Any:
    try:
        boto3, config = import_module("boto3"), import_module("botocore.config")
    except ImportError:
        help = "pip install 'tenantctl[aws]'"
        raise Unresolved("the client of AWS is not installed", help) from None
    return boto3.session.Session().client(
        "secretsmanager",
        region_name=region or None,
        config=config.Config(
            connect_timeout=CONNECT, read_timeout=ANSWER, retries={"total_max_attempts": 2}
        ),
    )


def _secret(id: str, region: str) -> str:
    """The text of a secret; errors of AWS by their code, without their text."""
    try:
        exceptions = import_module("botocore.exceptions")
    except ImportError:
        help = "pip install 'tenantctl[aws]'"
        raise Unresolved("the client of AWS is not installed", help) from None
    try:
        found = _client(region).get_secret_value(SecretId=id)
    except exceptions.ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "an error"))[:80]
        raise Unresolved(f"AWS answers {code} for {id}", _help(code, id)) from None
    except exceptions.NoRegionError:
        raise Unresolved(f"no region is set for {id}", "set AWS_REGION") from None
    except exceptions.BotoCoreError as error:
        help = "check AWS's credentials, the region and the network"
        raise Unresolved(f"AWS gave no {id}: {type(error).__name__}", help) from None
    text = found.get("SecretString")
    if not isinstance(text, str) or not text:
        raise Unresolved(f"{id} holds no text", "keep the value as text, not as bytes")
    return text


def _help(code: str, id: str) -> str:
    """What to do about an error, by its code."""
    if PASSING.search(code):
        return "run it again in a while"
    if WHO.search(code):
        return "sign in to AWS again: its credentials are wrong, or good no longer"
    return f"check that {id} is there and that the role may secretsmanager:GetSecretValue it"


def _field(text: str, id: str, field: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unresolved(f"{id} is no JSON object, so it has no {field}", f"write aws:{id}")
    value = found.get(field)
    if not isinstance(value, str) or not value:
        raise Unresolved(f"{id} has no text {field}", f"put {field} there")
    return value
