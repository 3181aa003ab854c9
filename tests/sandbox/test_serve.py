"""The server in a process of its own: TLS, several tenants, connections that break, its end."""

import shlex
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest
from auth0.management import ManagementClient

from support.project import command as run
from support.project import copy_of_repository
from support.served import command, context, started

KEYS = ["tenant", "base_url", "ca_file", "token", "admin_url"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with started(tmp_path_factory.mktemp("server"), "--tenant", "a", "--tenant", "b:0") as found:
        yield found


@pytest.fixture
def a(server):
    """A client of tenant a, fresh and without faults."""
    server.tell("a", "POST", "reset")
    with server.client("a", timeout=10) as client:
        yield client


def test_each_tenant_is_one_line_with_what_a_client_needs(server):
    assert [list(line) for line in server.tenants.values()] == [KEYS, KEYS]
    for name in ("a", "b"):
        with server.client(name) as client:
            clients = client.get("/api/v2/clients").json()
        assert {each["tenant"] for each in clients} == {name}


def test_every_tenant_is_on_the_shared_port_by_prefix(server):
    shared = server.tenants["a"]["base_url"]
    with server.client("b") as client:
        assert client.get(f"{shared}/t/b/api/v2/roles").json() == []
        assert client.get(f"{shared}/api/v2/roles").status_code == 401


def test_two_tenants_do_not_see_each_other(server, a):
    made = a.post("/api/v2/roles", json={"name": "Editor"}).json()
    with server.client("b") as b:
        assert b.get("/api/v2/roles").json() == []
        assert b.get(f"/api/v2/roles/{made['id']}").status_code == 404
        assert b.get("/api/v2/logs?q=description:roles").json() == []
        assert b.delete(f"/api/v2/roles/{made['id']}").status_code == 404
    assert a.get(f"/api/v2/roles/{made['id']}").status_code == 200


def test_who_does_not_trust_the_authority_gets_no_answer(server):
    with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
        httpx.get(server.tenants["a"]["base_url"])


def test_the_server_listens_on_one_address_of_this_machine(server):
    port = httpx.URL(server.tenants["a"]["base_url"]).port
    socket.create_connection(("127.0.0.1", port), 5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), 5)


def test_only_the_certificate_of_the_authority_is_on_disk_and_only_its_owner_reads_it(server):
    ca_file = Path(server.tenants["a"]["ca_file"])
    assert (ca_file.stat().st_mode & 0o777, ca_file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [path.name for path in ca_file.parent.iterdir()] == [ca_file.name]
    assert "PRIVATE" not in ca_file.read_text()


def test_auth0_python_needs_nothing_but_the_domain_and_the_authority(server):
    told = server.tenants["b"]
    domain = server.tenants["a"]["base_url"].removeprefix("https://") + "/t/b"
    with httpx.Client(verify=context(told["ca_file"])) as client:
        management = ManagementClient(domain=domain, token=told["token"], httpx_client=client)
        created = management.roles.create(name="from the SDK")
        assert management.roles.get(created.id).name == "from the SDK"


@pytest.mark.parametrize(("kind", "written"), [("before", 0), ("after", 1)])
def test_a_connection_breaks_without_an_answer(server, a, kind, written):
    server.tell("a", "PUT", "faults", [{"kind": kind, "method": "POST", "nth": [1]}])
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        a.post("/api/v2/roles", json={"name": "r"})
    assert len(a.get("/api/v2/roles").json()) == written


def test_a_truncated_answer_promises_more_than_it_brings(server, a):
    server.tell("a", "PUT", "faults", [{"kind": "truncated", "path": "/clients", "nth": [1]}])
    received = []
    with a.stream("GET", "/api/v2/clients") as answer, pytest.raises(httpx.RemoteProtocolError):
        received.extend(answer.iter_raw())
    assert 0 < len(b"".join(received)) < int(answer.headers["content-length"])
    assert a.get("/api/v2/clients").status_code == 200


@pytest.mark.thorough
def test_a_slow_answer_holds_up_nobody_else(server, a):
    fault = {"kind": "slow", "path": "/clients", "nth": [1], "seconds": 1.5}
    server.tell("a", "PUT", "faults", [fault])
    took = {}

    def slow():
        begun = time.monotonic()
        with server.client("a", timeout=10) as client:
            took["status"] = client.get("/api/v2/clients").status_code
        took["seconds"] = time.monotonic() - begun

    waiting = threading.Thread(target=slow)
    waiting.start()
    while server.tell("a", "GET", "faults")[0]["matched"] == 0:
        time.sleep(0.01)
    assert a.get("/api/v2/roles").status_code == 200
    assert waiting.is_alive()
    waiting.join(20)
    assert took["status"] == 200
    assert took["seconds"] >= 1.5


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(a):
    answer = a.post("/api/v2/roles", content=b" " * (11 * 2**20))
    assert answer.status_code == 413
    assert a.get("/api/v2/roles").status_code == 200


def test_what_is_no_http_does_not_end_the_server(server, a):
    told = httpx.URL(server.tenants["a"]["base_url"])
    with socket.create_connection(("127.0.0.1", told.port), 5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        plain.settimeout(10)
        assert b"200 OK" not in plain.recv(100)
    assert a.get("/api/v2/roles").status_code == 200


@pytest.mark.thorough
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_the_file_holds_every_write(tmp_path, by):
    arguments = ("--folder", str(tmp_path), "--tenant", "kept")
    with started(tmp_path, *arguments) as server, server.client("kept") as client:
        client.post("/api/v2/roles", json={"name": "r"})
        assert server.end(by) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.sqlite"]
    with started(tmp_path, *arguments, "--no-tls") as again, again.client("kept") as client:
        assert again.tenants["kept"]["ca_file"] is None
        assert [role["name"] for role in client.get("/api/v2/roles").json()] == ["r"]


@pytest.mark.thorough
def test_an_environment_of_the_project_is_served_from_its_own_file(tmp_path):
    project = copy_of_repository(tmp_path)
    with started(tmp_path, "--tenant", "dev", "--tenant", "hearthhollow/qa") as server:
        assert list(server.tenants) == ["dev", "hearthhollow-qa"]
        with server.client("dev") as client:
            client.post("/api/v2/roles", json={"name": "served"})
        assert server.end() == 0
    with project.sandbox() as sandbox:
        assert [role["name"] for role in sandbox.documents("roles").values()] == ["served"]


@pytest.mark.thorough
def test_the_text_is_a_shell_script_that_a_client_can_live_by(tmp_path):
    with subprocess.Popen(
        command("--memory", "--port", "0"), cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            lines = []
            while not lines or not lines[-1].startswith("# curl"):
                lines.append(process.stdout.readline())
                assert lines[-1], "it ended early"
            pairs = [shlex.split(line)[1].split("=", 1) for line in lines if line[0] != "#"]
            found = dict(pairs)
            asked = {
                "grant_type": "client_credentials",
                "client_id": found["AUTH0_CLIENT_ID"],
                "client_secret": found["AUTH0_CLIENT_SECRET"],
                "audience": found["AUTH0_AUDIENCE"],
            }
            url = f"https://{found['AUTH0_DOMAIN']}/oauth/token"
            answer = httpx.post(url, data=asked, verify=context(found["NODE_EXTRA_CA_CERTS"]))
            assert "read:clients" in answer.json()["scope"]
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--tenant", "a/b/c"], "is no NAME"),
        (["--tenant", "../x"], "is no NAME"),
        (["--tenant", "a:x"], "is no NAME"),
        (["--tenant", "a:70000"], "is no NAME"),
        (["--tenant", "a", "--tenant", "a"], "named twice"),
        (["--memory", "--folder", "x"], "exclude each other"),
        (["--port", "{taken}"], "cannot listen"),
    ],
)
def test_what_cannot_be_served_is_said(tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        given = [each.replace("{taken}", port) for each in arguments]
        ran = run("sandbox", "serve", "--json", *given)
    assert ran.code == 64
    assert told in ran.json["message"]
