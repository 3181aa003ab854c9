"""Keys of clients: made, attached, detached and deleted in the order that the API insists on."""

from pathlib import Path

import pytest
import yaml

from kinds.converging import converge, held, nothing, planned
from kinds.laws.ground import ground_of
from kinds.laws.table import FOLDER, Loader, Tagged
from tenantctl.errors import FilesError

DOCUMENTS = list(yaml.load_all((FOLDER / "client_credentials.yaml").read_text(), Loader))
KEYS = DOCUMENTS[0]["files"]
WORKER = {"app_type": "non_interactive"}
ATTACH = "PATCH clients"


@pytest.fixture
def ground(tmp_path: Path):
    made = ground_of(nothing(files=KEYS), tmp_path)
    yield made
    made.sandbox.close()


def key(name, **more):
    return {"credential_type": "public_key", "pem": Tagged("file", f"keys/{name}.pem"), **more}


def worker(*attached, **credentials):
    methods = {"private_key_jwt": {"credentials": list(attached)}}
    return {**WORKER, "credentials": credentials, "client_authentication_methods": methods}


def attached(ground):
    (client,) = (c for c in held(ground, "clients") if c["name"] == "worker")
    ids = client["client_authentication_methods"]["private_key_jwt"]["credentials"]
    names = {each["id"]: each["name"] for each in held(ground, "client_credentials")}
    return sorted(names[each["id"]] for each in ids if each["id"] in names)


def test_a_new_client_gets_its_key_and_signs_with_it(ground):
    writes = converge(ground, clients={"worker": worker("main", main=key("one"))})
    assert writes == ["POST clients", "POST clients/credentials", ATTACH]
    assert attached(ground) == ["main"]


def test_a_key_is_rotated_without_a_moment_without_one(ground):
    converge(ground, clients={"worker": worker("main", main=key("one"))})
    writes = converge(ground, clients={"worker": worker("next", next=key("two"))})
    assert writes == ["POST clients/credentials", ATTACH, "DELETE clients/credentials"]
    assert attached(ground) == ["next"]


def test_a_key_with_other_contents_under_its_name_is_refused_with_the_way_to_do_it(ground):
    converge(ground, clients={"worker": worker("main", main=key("one"))})
    ground.sandbox.clear_log()
    plan = planned(ground, clients={"worker": worker("main", main=key("two"))})
    (violation,) = plan.blocking
    assert (violation.rule, str(violation.address)) == (
        "replacement",
        "client_credentials.worker/main",
    )
    assert "under another name" in violation.detail
    assert ground.writes() == []


def test_a_key_that_only_a_receipt_can_tell_is_refused_all_the_same(ground):
    named = {"kid": "a-key-of-mine"}
    converge(ground, clients={"worker": worker("main", main=key("one", **named))})
    plan = planned(ground, clients={"worker": worker("main", main=key("two", **named))})
    assert [violation.rule for violation in plan.blocking] == ["replacement"]


def test_a_key_with_other_line_breaks_is_the_same_key(ground):
    converge(ground, clients={"worker": worker("main", main=key("one"))})
    path = ground.root / "tenants" / "laws" / "keys" / "one.pem"
    path.write_text(path.read_text().replace("\n", "\r\n"), newline="")
    assert planned(ground, clients={"worker": worker("main", main=key("one"))}).steps == ()


def test_a_client_that_takes_to_keys_gives_up_its_secret_in_the_same_request(ground):
    secret = {**WORKER, "token_endpoint_auth_method": "client_secret_post"}
    converge(ground, clients={"worker": secret})
    writes = converge(ground, clients={"worker": worker("main", main=key("one"))})
    assert writes == ["POST clients/credentials", ATTACH]
    (client,) = (c for c in held(ground, "clients") if c["name"] == "worker")
    assert not client.get("token_endpoint_auth_method")


def test_a_client_that_goes_back_to_its_secret_lets_go_of_its_keys(ground):
    converge(ground, clients={"worker": worker("main", main=key("one"))})
    secret = {**WORKER, "token_endpoint_auth_method": "client_secret_post"}
    writes = converge(ground, clients={"worker": secret})
    assert writes == [ATTACH, "DELETE clients/credentials"]
    (client,) = (c for c in held(ground, "clients") if c["name"] == "worker")
    assert not client.get("client_authentication_methods")


def test_both_ways_to_sign_in_at_once_are_refused_where_they_are_written(ground):
    both = {**worker("main", main=key("one")), "token_endpoint_auth_method": "none"}
    with pytest.raises(FilesError, match="cannot stand beside"):
        planned(ground, clients={"worker": both})


def test_a_credential_that_nobody_made_is_refused_where_it_is_named(ground):
    with pytest.raises(FilesError, match=r"there is no client_credentials\.worker/other"):
        planned(ground, clients={"worker": worker("other", main=key("one"))})


def test_a_client_goes_with_its_keys_in_one_request(ground):
    other = {"other": WORKER}
    converge(ground, clients={"worker": worker("main", main=key("one")), **other})
    assert converge(ground, clients=other) == ["DELETE clients"]
    assert held(ground, "client_credentials") == []
