import asyncio
import json
from collections.abc import Callable

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.world import DOMAIN, QUICK, SECRET, VAULT, World, resource, scope_of, step
from tenantctl.errors import ApiError, Denied, GatewayError, Limited, Unreachable, UsageError
from tenantctl.gateway import Access, Bucket, Limits, Patience, limits_of, open_gateway
from tenantctl.gateway.routes import Route
from tenantctl.model import Create
from tenantctl.sandbox import Bucket as SandboxBucket
from tenantctl.sandbox import Fault, Sandbox

ACCESS = Access(DOMAIN, "client", client_secret="the client's own secret")
ROLES = Route("GET", "/roles", "GET /roles")
POST = Route("POST", "/roles", "POST /roles")
TOKEN = {"access_token": "the access token", "expires_in": 3600, "token_type": "Bearer"}


class Tenant:
    """Answers from a script, one a request; remembers what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.tokens = 0
        self.token: Callable[[], httpx.Response] = lambda: httpx.Response(200, json=TOKEN)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            self.tokens += 1
            await asyncio.sleep(0.001)
            return self.token()
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def ask(tenant, *routes, access=ACCESS, patience=QUICK, clock=None, sleep=None, body=None):
    """The answers to *routes*, asked side by side."""

    async def run():
        options = {"clock": clock} if clock else {}
        async with open_gateway(
            access,
            vault=VAULT,
            limits=limits_of("unlimited"),
            transport=httpx.MockTransport(tenant),
            patience=patience,
            sleep=sleep or asyncio.sleep,
            **options,
        ) as gateway:
            session = gateway._live.session
            extra = {} if body is None else {"body": body}
            return await asyncio.gather(*(session.request(route, **extra) for route in routes))

    return asyncio.run(run())


def fault(status, message="no", code=None, **headers):
    body = {"statusCode": status, "error": "Error", "message": message}
    return httpx.Response(
        status, json=body | ({"errorCode": code} if code else {}), headers=headers
    )


OK = httpx.Response(200, json=[])


def test_requests_carry_a_token_and_go_to_the_domain():
    tenant = Tenant(OK)
    assert ask(tenant, ROLES) == [[]]
    (request,) = tenant.requests
    assert str(request.url) == f"https://{DOMAIN}/api/v2/roles"
    assert request.headers["authorization"] == "Bearer the access token"


def test_many_requests_share_one_token():
    tenant = Tenant(*[OK] * 20)
    ask(tenant, *[ROLES] * 20)
    assert (tenant.tokens, len(tenant.requests)) == (1, 20)


def test_no_more_than_eight_requests_are_in_flight():
    flying, most = 0, 0

    async def answer(request):
        nonlocal flying, most
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json=TOKEN)
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(0.001)
        flying -= 1
        return OK

    ask(answer, *[ROLES] * 40)
    assert most == 8


def test_a_token_is_renewed_before_it_ends():
    now = iter(range(0, 100_000, 1000))
    tenant = Tenant(*[OK] * 10)
    ask(tenant, *[ROLES] * 10, clock=lambda: next(now))
    assert tenant.tokens > 1


def test_a_refused_token_is_renewed_once():
    tenant = Tenant(fault(401, "Expired token received"), OK)
    assert ask(tenant, ROLES) == [[]]
    assert tenant.tokens == 2


def test_a_token_that_is_refused_twice_ends_in_denial():
    tenant = Tenant(fault(401, "Invalid token"), fault(401, "Invalid token"))
    with pytest.raises(Denied, match="GET /roles: 401 Invalid token"):
        ask(tenant, ROLES)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_read_that_fails_on_their_side_is_repeated(status):
    tenant = Tenant(fault(status), fault(status), OK)
    assert ask(tenant, ROLES) == [[]]
    assert len(tenant.requests) == 3


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("error", [httpx.ReadError, httpx.ConnectError, httpx.ReadTimeout])
def test_what_may_be_repeated_is_repeated_when_the_connection_breaks(method, error):
    tenant = Tenant(error("broken"), OK)
    assert ask(tenant, Route(method, "/roles/x", "label")) == [[]]


def test_repeating_ends():
    tenant = Tenant(*[fault(503, "later")] * 10)
    with pytest.raises(ApiError, match="GET /roles: 503 later"):
        ask(tenant, ROLES)
    assert len(tenant.requests) == 4


@pytest.mark.parametrize("answer", [fault(503), httpx.ReadError("broken"), httpx.ReadTimeout("x")])
def test_a_post_is_never_repeated_blindly(answer):
    tenant = Tenant(answer, OK)
    with pytest.raises(GatewayError) as raised:
        ask(tenant, POST, body={})
    assert len(tenant.requests) == 1
    assert raised.value.unknown if isinstance(raised.value, Unreachable) else True


def test_a_post_that_certainly_did_not_get_through_is_repeated():
    tenant = Tenant(httpx.ConnectError("refused"), OK)
    assert ask(tenant, POST, body={}) == [[]]


def test_a_refusal_for_rate_limits_is_waited_out_whatever_the_method():
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    reset = {"x-ratelimit-limit": "10", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1003"}
    tenant = Tenant(fault(429, "Global limit has been reached", "too_many_requests", **reset), OK)
    assert ask(tenant, POST, body={}, clock=lambda: 1000.0, sleep=sleep) == [[]]
    assert waits == [3.0]


def test_refusals_for_rate_limits_without_end_are_given_up():
    async def sleep(_):
        return None

    tenant = Tenant(*[fault(429)] * 20)
    with pytest.raises(Limited, match="again and again"):
        ask(tenant, ROLES, sleep=sleep)
    assert len(tenant.requests) < 10


def test_a_missing_scope_is_named():
    message = "Insufficient scope, expected any of: read:roles"
    with pytest.raises(Denied, match="read:roles"):
        ask(Tenant(fault(403, message, "insufficient_scope")), ROLES)


def test_a_missing_entitlement_says_the_way_out():
    with pytest.raises(ApiError) as raised:
        ask(Tenant(fault(403, "not in your plan", "insufficient_entitlement")), ROLES)
    assert "subscription" in raised.value.help
    assert (raised.value.status, raised.value.code) == (403, "insufficient_entitlement")


def test_an_answer_that_is_not_auth0s_is_not_taken_for_one():
    tenant = Tenant(httpx.Response(404, text="<html>a proxy</html>"))
    with pytest.raises(Unreachable, match="answered 404, not as Auth0 does"):
        ask(tenant, ROLES)
    with pytest.raises(Unreachable, match="without JSON"):
        ask(Tenant(httpx.Response(200, text="<html>")), ROLES)


def test_redirects_are_not_followed():
    tenant = Tenant(httpx.Response(302, headers={"location": "https://elsewhere.example/"}))
    with pytest.raises(Unreachable, match="302"):
        ask(tenant, ROLES)
    assert len(tenant.requests) == 1


def test_errors_carry_no_secret_no_body_and_no_token():
    tenant = Tenant(fault(400, f"Payload validation error: '{SECRET}' is not allowed"))
    with pytest.raises(ApiError) as raised:
        ask(tenant, POST, body={"value": "something sent"})
    text = repr(raised.value) + str(raised.value)
    assert "POST /roles: 400 Payload validation error: '(secret TOKEN)'" in text
    for hidden in (SECRET, "something sent", "the access token", "own secret"):
        assert hidden not in text


def test_nulls_and_empty_structures_arrive_as_they_are():
    tenant = Tenant(OK)
    body = {"a": None, "b": {}, "c": [], "d": {"e": None}}
    ask(tenant, Route("PATCH", "/x", "x"), body=body)
    assert json.loads(tenant.requests[0].content) == body


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (
            httpx.Response(
                401, json={"error": "access_denied", "error_description": "Unauthorized"}
            ),
            Denied,
            "refuses the credentials: Unauthorized",
        ),
        (httpx.Response(404, text="<html>"), Unreachable, "not as Auth0 does"),
        (httpx.Response(503, json={"error": "busy"}), Unreachable, "status 503"),
    ],
)
def test_no_token_no_request(answer, error, message):
    tenant = Tenant()
    tenant.token = lambda: answer
    with pytest.raises(error, match=message):
        ask(tenant, ROLES)
    assert tenant.requests == []


def test_a_domain_that_does_not_answer_is_unreachable():
    def silent(request):
        raise httpx.ConnectError("no route", request=request)

    with pytest.raises(Unreachable, match="gave no token: ConnectError") as raised:
        ask(silent, ROLES)
    assert raised.value.exit_code == 69


def test_a_private_key_signs_us_in():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    world = World()
    id, _ = world.sandbox.provision("signer", ["read:roles"], public.decode())
    access = Access(DOMAIN, id, private_key=private)
    role = resource("roles.clerk", name="clerk")
    assert (
        world.job(lambda gateway: gateway.read(scope_of([role])), access).get(role.address) is None
    )
    assert private not in repr(access)


def test_a_wrong_secret_is_denied():
    world = World()
    id, _ = world.sandbox.credentials()
    with pytest.raises(Denied, match="refuses the credentials"):
        world.job(
            lambda gateway: gateway.read(scope_of([resource("tenant")])),
            Access(DOMAIN, id, client_secret="wrong"),
        )


def test_something_else_than_a_key_is_denied_without_showing_it():
    access = Access(DOMAIN, "client", private_key="-----BEGIN NONSENSE-----")
    with pytest.raises(Denied, match="not an RSA key in PEM form") as raised:
        ask(Tenant(), ROLES, access=access)
    assert "NONSENSE" not in str(raised.value)


@pytest.mark.parametrize(
    "domain", ["https://x.auth0.com", "x", "x.auth0.com/y", "u@x.auth0.com", ""]
)
def test_a_domain_is_a_host_name(domain):
    with pytest.raises(UsageError, match="is not a tenant domain"):
        Access(domain, "client", client_secret="x")


def test_there_is_exactly_one_credential():
    with pytest.raises(UsageError, match="client_secret or a private_key"):
        Access(DOMAIN, "client")
    with pytest.raises(UsageError, match="not both"):
        Access(DOMAIN, "client", client_secret="x", private_key="y")


def test_an_access_does_not_show_its_secrets():
    assert "own secret" not in repr(ACCESS)


def test_an_unknown_subscription_is_named_with_the_known_ones():
    with pytest.raises(UsageError, match="'gold'") as raised:
        limits_of("gold")
    assert "enterprise-production" in raised.value.help


def test_a_read_of_a_limited_tenant_waits_instead_of_being_refused():
    sandbox = Sandbox(DOMAIN, buckets=[SandboxBucket(20, 40)])
    for n in range(40):
        sandbox.put("roles", f"rol_{n:016}", {"name": f"role {n}"})
    roles = [resource(f"roles.r{n}", name=f"role {n}") for n in range(40)]
    every = [resource(f"role_permissions.r{n}", permissions=[]) for n in range(40)]

    async def run():
        id, secret = sandbox.credentials()
        async with open_gateway(
            Access(DOMAIN, id, client_secret=secret),
            vault=VAULT,
            limits=Limits((Bucket(20, 40),)),
            transport=sandbox.transport(),
        ) as gateway:
            return await gateway.read(scope_of([*roles, *every])), gateway.stats

    live, stats = asyncio.run(run())
    assert len(live) == 80
    assert stats.limited == 0
    assert stats.requests == 41
    assert {request.status for request in sandbox.log} == {200}


def test_faults_of_every_sort_lose_no_write_and_make_no_duplicate():
    for seed in range(6):
        world = World()
        world.patience = Patience(
            retries=(0.0,) * 12, builds=(0.0,) * 5, verifies=(0.0,), settles=(0.0,) * 3
        )
        world.sandbox.faults = [
            Fault("status", "*", "/*", chance=0.15, seed=seed),
            Fault("before", "*", "/*", chance=0.1, seed=seed + 100),
            Fault("after", "*", "/*", chance=0.15, seed=seed + 200),
        ]
        roles = [resource(f"roles.r{n}", name=f"role {n}") for n in range(10)]

        async def work(gateway, roles=roles):
            outcomes = []
            for role in roles:
                outcome = await gateway.execute(step(Create(role)))
                outcomes.append(outcome.status)
            return outcomes

        outcomes = world.job(work)
        stored = [d["name"] for d in world.sandbox.documents("roles").values()]
        assert len(stored) == len(set(stored))
        for role, outcome in zip(roles, outcomes, strict=True):
            assert outcome == "failed" or role.fields["name"] in stored
        assert outcomes.count("applied") >= 8
