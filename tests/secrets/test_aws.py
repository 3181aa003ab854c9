"""AWS's own client against a server that answers as Secrets Manager does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from support.services import AwsService, serving
from tenantctl.files import aws
from tenantctl.files.unresolved import Unresolved
from tenantctl.files.values import value_of
from tenantctl.model import Source

CANARY = "canary-in-the-cloud-4711"
KEY = "aws-access-key-s3cret"


@pytest.fixture
def service(monkeypatch, tmp_path):
    aws._client.cache_clear()
    found = AwsService(
        secrets={"shop/crm": CANARY, "shop/all": json.dumps({"crm": CANARY, "n": 5})}
    )
    with serving(found):
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_ENDPOINT_URL", found.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        yield found
    aws._client.cache_clear()


def asked(name, **environ):
    return value_of(Source("aws", name), Path(), {"AWS_REGION": "eu-central-1", **environ})


def test_a_secret_is_its_whole_text_or_a_field_of_it(service):
    assert asked("shop/crm") == CANARY
    assert asked("shop/all#crm") == CANARY
    assert [body for _, _, body in service.asked] == [
        {"SecretId": "shop/crm"},
        {"SecretId": "shop/all"},
    ]


def test_the_full_name_of_a_secret_says_its_region(service):
    name = "arn:aws:secretsmanager:ap-south-1:123456789012:secret:shop/crm-AbCdEf"
    service.secrets[name] = CANARY
    assert asked(name, AWS_REGION="") == CANARY


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "environ", "said"),
    [
        ("nowhere", {}, "AWS answers ResourceNotFoundException for nowhere"),
        ("denied", {}, "AWS answers AccessDeniedException for denied"),
        ("shop/crm", {"AWS_REGION": ""}, "no region is set for shop/crm"),
        ("shop/crm#field", {}, "shop/crm is no JSON object, so it has no field"),
        ("shop/all#other", {}, "shop/all has no text other"),
        ("shop/all#n", {}, "shop/all has no text n"),
    ],
)
@pytest.mark.usefixtures("service")
def test_what_fails_is_said_without_a_value_or_a_key(name, environ, said):
    with pytest.raises(Unresolved) as caught:
        asked(name, **environ)
    assert caught.value.message == said
    text = f"{caught.value.message} {caught.value.help} {caught.value!r}"
    assert CANARY not in text
    assert KEY not in text
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("code", "help"),
    [
        ("ThrottlingException", "run it again"),
        ("ExpiredTokenException", "sign in to AWS again"),
        ("AccessDeniedException", "check that shop/crm is there"),
    ],
)
def test_each_error_of_the_service_has_its_own_way_out(service, code, help):
    service.refuses = code
    with pytest.raises(Unresolved, match=f"AWS answers {code}") as caught:
        asked("shop/crm")
    assert caught.value.help.startswith(help)


@pytest.mark.usefixtures("service")
def test_a_service_that_does_not_answer_is_said(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(Unresolved, match="AWS gave no shop/crm: EndpointConnectionError"):
        asked("shop/crm")


def test_without_its_extra_the_way_to_install_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    with pytest.raises(Unresolved) as caught:
        asked("shop/crm")
    assert caught.value.help == "pip install 'tenantctl[aws]'"
