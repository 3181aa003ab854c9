"""A real socket with a certificate of our own: trusted where we say so, and nowhere else."""

import asyncio
import datetime as dt
import ipaddress
import json
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.world import QUICK, VAULT, resource, scope_of
from tenantctl.errors import Unreachable
from tenantctl.gateway import Access, limits_of, open_gateway

CLERK = resource("roles.clerk", name="clerk")
ANSWERS = {
    b"POST": {"access_token": "t", "expires_in": 60},
    b"GET ": {"roles": [{"id": "rol_1", "name": "clerk"}], "total": 1, "start": 0, "limit": 100},
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A PEM file with a key and a certificate for 127.0.0.1 that nobody knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def read_roles(certificate, ca, lines):
    async def answer(reader, writer):
        lines.append(await reader.readuntil(b"\r\n\r\n"))
        body = json.dumps(ANSWERS[lines[-1][:4]]).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n%s" % (len(body), body)
        )
        await writer.drain()
        writer.close()

    async def run():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        access = Access(f"127.0.0.1:{port}", "client", client_secret="secret")
        async with (
            server,
            open_gateway(
                access, vault=VAULT, limits=limits_of("unlimited"), patience=QUICK, ca=ca
            ) as gateway,
        ):
            return await gateway.read(scope_of([CLERK]))

    return asyncio.run(run())


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_request(certificate):
    lines = []
    with pytest.raises(Unreachable, match="gave no token: ConnectError"):
        read_roles(certificate, None, lines)
    assert lines == []


def test_a_server_is_trusted_where_its_certificate_is_given(certificate):
    lines = []
    live = read_roles(certificate, certificate, lines)
    assert CLERK.address in live.resources
    assert [line.split(b"?")[0][:18] for line in lines] == [
        b"POST /oauth/token ",
        b"GET /api/v2/roles",
    ]
