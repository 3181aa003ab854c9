"""One SQLite file a tenant: it survives, it is checked, it can be looked into."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing

import pytest

from tenantctl.sandbox import Sandbox, SandboxError

DOMAIN = "hearthhollow-dev.sandbox.invalid"


def test_a_tenant_is_the_same_when_its_file_is_opened_again(tmp_path, connect):
    path = tmp_path / "dev.sqlite"
    first = connect(Sandbox(DOMAIN, path))
    role = first.post("/roles", {"name": "admin"})
    credentials = first.sandbox.credentials()
    second = connect(Sandbox(DOMAIN, path))
    assert second.sandbox.credentials() == credentials
    assert second.get(f"/roles/{role['id']}")["name"] == "admin"
    second.token = first.token
    assert second.call("GET", "/roles").status_code == 200


def test_the_file_is_for_its_owner_only(tmp_path):
    path = tmp_path / "deep" / "dev.sqlite"
    sandbox = Sandbox(DOMAIN, path)
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    sandbox.close()
    assert set(modes.values()) == {0o600}
    assert "dev.sqlite-wal" in modes


def test_status_counts_documents_and_requests_over_the_life_of_the_file(tmp_path, connect):
    path = tmp_path / "dev.sqlite"
    api = connect(Sandbox(DOMAIN, path))
    api.post("/roles", {"name": "admin"})
    api.call("POST", "/roles", {"colour": "red"})
    api.get("/roles")
    again = Sandbox(DOMAIN, path)
    status = again.status()
    again.close()
    assert status["domain"] == DOMAIN
    assert status["path"] == str(path)
    assert status["resources"]["roles"] == 1
    assert status["requests"] == {"GET": 1, "POST": 2, "TOKEN": 1, "writes": 1}


def test_reset_gives_a_fresh_tenant_to_the_same_credentials(api):
    credentials = api.sandbox.credentials()
    api.post("/roles", {"name": "admin"})
    api.sandbox.reset()
    assert api.sandbox.credentials() == credentials
    assert api.get("/roles") == []
    assert len(api.get("/clients")) == 3
    assert api.exchange(client_secret=credentials[1]).status_code == 200


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be read"])
def test_a_file_that_is_no_sandbox_is_refused_unless_it_is_empty(tmp_path, content):
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    if not content:
        Sandbox(DOMAIN, path).close()
        return
    with pytest.raises(SandboxError, match="cannot be used as a sandbox"):
        Sandbox(DOMAIN, path)


def test_a_file_of_another_version_is_refused_with_a_way_out(tmp_path):
    path = tmp_path / "x.sqlite"
    Sandbox(DOMAIN, path).close()
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.close()
    with pytest.raises(SandboxError, match=r"version 99.*Delete the file"):
        Sandbox(DOMAIN, path)


def test_a_file_of_another_tenant_is_refused(tmp_path):
    path = tmp_path / "x.sqlite"
    Sandbox(DOMAIN, path).close()
    with pytest.raises(SandboxError, match="holds the tenant"):
        Sandbox("other.sandbox.invalid", path)


@pytest.mark.thorough
def test_a_process_killed_after_a_write_leaves_it_and_before_a_write_does_not(tmp_path):
    script = """
        import asyncio, os, signal, sys
        from pathlib import Path
        import httpx
        from tenantctl.sandbox import Sandbox

        domain, phase = "hearthhollow-dev.sandbox.invalid", sys.argv[2]
        at = (3, phase)

        def hook(number, now):
            if (number, now) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        async def main():
            sandbox = Sandbox(domain, Path(sys.argv[1]), on_request=hook)
            client_id, secret = sandbox.credentials()
            base = f"https://{domain}"
            async with httpx.AsyncClient(transport=sandbox.transport(), base_url=base) as http:
                answer = await http.post("/oauth/token", json={
                    "grant_type": "client_credentials", "client_id": client_id,
                    "client_secret": secret, "audience": f"{base}/api/v2/"})
                http.headers["authorization"] = "Bearer " + answer.json()["access_token"]
                for name in ("one", "two", "three"):
                    await http.post("/api/v2/roles", json={"name": name})

        asyncio.run(main())
    """
    survivors = {}
    for phase in ("before", "after"):
        path = tmp_path / f"{phase}.sqlite"
        arguments = [sys.executable, "-c", textwrap.dedent(script), str(path), phase]
        ended = subprocess.run(arguments, env={**os.environ}, check=False, timeout=60)
        assert ended.returncode == -signal.SIGKILL
        sandbox = Sandbox(DOMAIN, path)
        survivors[phase] = sorted(r["name"] for r in sandbox.documents("roles").values())
        sandbox.close()
    assert survivors == {"before": ["one"], "after": ["one", "two"]}


def test_changes_in_the_dashboard_show_through_the_api(api):
    sandbox = api.sandbox
    sandbox.put("roles", "rol_dashboard", {"name": "made by hand"})
    assert api.get("/roles/rol_dashboard")["name"] == "made by hand"
    sandbox.edit("roles", "rol_dashboard", {"name": "renamed", "description": "d"})
    assert api.get("/roles/rol_dashboard")["name"] == "renamed"
    sandbox.edit("tenant_settings", "", {"friendly_name": "Shop"})
    assert api.get("/tenants/settings")["friendly_name"] == "Shop"
    assert sandbox.documents("tenant_settings")[""]["friendly_name"] == "Shop"
    sandbox.drop("roles", "rol_dashboard")
    assert api.call("GET", "/roles/rol_dashboard").status_code == 404


def test_a_change_to_what_is_not_there_is_an_error(sandbox, api):
    assert api.get("/roles") == []
    with pytest.raises(SandboxError, match="has no roles 'rol_x'"):
        sandbox.edit("roles", "rol_x", {"name": "a"})
    with pytest.raises(SandboxError, match="has no roles 'rol_x'"):
        sandbox.drop("roles", "rol_x")


def test_dropping_a_client_takes_its_links_with_it(api):
    (default,) = [c for c in api.get("/clients") if c["name"] == "Default App"]
    api.sandbox.drop("clients", default["client_id"])
    assert api.sandbox.documents("connection_clients") == {}


def test_a_singleton_nobody_wrote_shows_its_defaults_to_the_oracle(sandbox, api):
    assert api.get("/prompts")["identifier_first"] is False
    assert sandbox.documents("prompts_settings")[""]["identifier_first"] is False
    assert sandbox.documents("prompt_custom_text") == {}


def test_a_file_from_before_there_were_events_is_taken_over(tmp_path, connect):
    path = tmp_path / "tenant.sqlite"
    first = Sandbox(DOMAIN, path)
    made = first.credentials()
    first.close()
    with closing(sqlite3.connect(path)) as file:
        file.executescript("drop table events; pragma user_version = 1;")
    api = connect(Sandbox(DOMAIN, path))
    assert api.sandbox.credentials() == made
    api.post("/roles", {"name": "Editor"})
    assert [event["type"] for event in api.get("/logs", q="type:sapi")] == ["sapi"]
