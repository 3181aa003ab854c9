"""auth0-python's typed methods understand what organizations, users, roles and groups answer."""

import asyncio

import httpx
import pytest
from auth0.management import AsyncManagementClient
from auth0.management.core.api_error import ApiError

from tenantctl.sandbox import Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"
DATABASE = "Username-Password-Authentication"
GROUP = "grp_aaaaaaaaaaaaaaaaaaaaaa"
NOW = "2026-01-01T00:00:00.000Z"
STAFF = {"name": "staff", "tenant_name": "a", "created_at": NOW, "updated_at": NOW}


async def every(pager):
    return [item async for item in await pager]


async def person(auth0, email="ann@acme.example"):
    made = await auth0.users.create(connection=DATABASE, email=email, password="Correct-horse-1")
    return made.user_id


async def organizations(auth0, _sandbox):
    made = await auth0.organizations.create(name="acme", metadata={"plan": "gold"})
    assert (await auth0.organizations.get(made.id)).third_party_client_access == "block"
    assert (await auth0.organizations.get_by_name("acme")).id == made.id
    await auth0.organizations.update(made.id, display_name="Acme")
    assert [item.display_name for item in await every(auth0.organizations.list())] == ["Acme"]
    found = await every(auth0.organizations.search(q="name:ac*"))
    assert [item.id for item in found] == [made.id]
    domains = auth0.organizations.discovery_domains
    domain = await domains.create(made.id, domain="acme.example")
    assert (await domains.update(made.id, domain.id, status="verified")).status == "verified"
    assert (await domains.get_by_name(made.id, "acme.example")).id == domain.id
    assert [item.id for item in await every(domains.list(made.id))] == [domain.id]
    await domains.delete(made.id, domain.id)
    await auth0.organizations.delete(made.id)
    with pytest.raises(ApiError) as refused:
        await auth0.organizations.get(made.id)
    assert refused.value.status_code == 404


async def connections_of_an_organization(auth0, _sandbox):
    organization = (await auth0.organizations.create(name="acme")).id
    connection = (await auth0.connections.create(name="staff", strategy="auth0")).id
    enabled = auth0.organizations.enabled_connections
    await enabled.add(organization, connection_id=connection)
    assert (await enabled.get(organization, connection)).connection.name == "staff"
    await enabled.update(organization, connection, show_as_button=False)
    assert [item.connection_id for item in await every(enabled.list(organization))] == [connection]
    newer = auth0.organizations.connections
    assert (await newer.get(organization, connection)).show_as_button is False
    await newer.update(organization, connection, is_enabled=False)
    assert [item.is_enabled for item in await every(newer.list(organization))] == [False]
    await newer.delete(organization, connection)
    assert await every(newer.list(organization)) == []


async def clients_and_grants_of_an_organization(auth0, _sandbox):
    organization = (await auth0.organizations.create(name="acme")).id
    client = (await auth0.clients.create(name="shop")).client_id
    await auth0.resource_servers.create(identifier="https://stock", scopes=[{"value": "read"}])
    grant = await auth0.client_grants.create(
        client_id=client, audience="https://stock", scope=["read"]
    )
    grants = auth0.organizations.client_grants
    await grants.create(organization, grant_id=grant.id)
    assert [item.id for item in await every(grants.list(organization))] == [grant.id]
    of_grant = await every(auth0.client_grants.organizations.list(grant.id))
    assert [item.id for item in of_grant] == [organization]
    assert len(await every(auth0.client_grants.search(q='audience:"https://stock"'))) == 1
    assert len(await every(auth0.resource_servers.search(q='identifier:"https://stock"'))) == 1
    clients = auth0.organizations.clients
    given = [{"client_id": client, "use_for_member_access": True}]
    await clients.create(organization, clients=given)
    await clients.update(organization, client, use_for_member_access=False)
    assert (await clients.get(organization, client)).use_for_member_access is False
    assert [item.client.name for item in await every(clients.list(organization))] == ["shop"]
    await clients.delete(organization, clients=[client])
    await auth0.clients.update(client, initiate_login_uri="https://shop.example/")
    invitations = auth0.organizations.invitations
    invited = await invitations.create(
        organization,
        inviter={"name": "Ann"},
        invitee={"email": "bob@acme.example"},
        client_id=client,
    )
    assert [item.id for item in await every(invitations.list(organization))] == [invited.id]
    assert (await invitations.get(organization, invited.id)).invitee.email == "bob@acme.example"
    await invitations.delete(organization, invited.id)
    await grants.delete(organization, grant.id)


async def members(auth0, sandbox):
    organization = (await auth0.organizations.create(name="acme")).id
    user, role = await person(auth0), (await auth0.roles.create(name="reader")).id
    sandbox.put("groups", GROUP, STAFF)
    of = auth0.organizations.members
    await of.create(organization, members=[user])
    await of.roles.assign(organization, user, roles=[role])
    assert [item.user_id for item in await every(of.list(organization))] == [user]
    assert [item.name for item in await every(of.roles.list(organization, user))] == ["reader"]
    effective = await every(of.effective_roles.list(organization, user))
    assert [item.sources for item in effective] == [["direct"]]
    assert len(await every(auth0.users.organizations.list(user))) == 1
    await of.roles.delete(organization, user, roles=[role])
    groups = auth0.organizations.groups
    await groups.roles.create(organization, GROUP, roles=[role])
    assert [item.id for item in await every(groups.list(organization))] == [GROUP]
    assert [item.id for item in await every(groups.roles.list(organization, GROUP))] == [role]
    await groups.roles.delete(organization, GROUP, roles=[role])
    await of.delete(organization, members=[user])
    assert await every(of.list(organization)) == []


async def roles_and_groups(auth0, sandbox):
    user, role = await person(auth0), (await auth0.roles.create(name="reader")).id
    sandbox.put("groups", GROUP, STAFF)
    await auth0.resource_servers.create(identifier="https://stock", scopes=[{"value": "read"}])
    read = [{"resource_server_identifier": "https://stock", "permission_name": "read"}]
    await auth0.roles.permissions.add(role, permissions=read)
    await auth0.roles.users.assign(role, users=[user])
    await auth0.roles.groups.create(role, groups=[GROUP])
    assert [item.user_id for item in await every(auth0.roles.users.list(role))] == [user]
    assert [item.id for item in await every(auth0.roles.groups.get(role))] == [GROUP]
    assert [item.id for item in await every(auth0.groups.roles.list(GROUP))] == [role]
    assert [item.name for item in await every(auth0.groups.list())] == ["staff"]
    assert (await auth0.groups.get(GROUP)).name == "staff"
    await auth0.users.permissions.create(user, permissions=read)
    granted = await every(auth0.users.permissions.list(user))
    assert [item.permission_name for item in granted] == ["read"]
    assert [item.id for item in await every(auth0.users.roles.list(user))] == [role]
    effective = await every(
        auth0.users.effective_permissions.list(user, resource_server_identifier="https://stock")
    )
    assert [item.sources for item in effective] == [["direct", "roles"]]
    await auth0.users.permissions.delete(user, permissions=read)
    await auth0.users.roles.delete(user, roles=[role])
    await auth0.roles.permissions.delete(role, permissions=read)
    await auth0.roles.delete(role)
    await auth0.groups.delete(GROUP)
    assert await every(auth0.users.roles.list(user)) == []


async def users(auth0, _sandbox):
    first, second = await person(auth0), await person(auth0, "bob@acme.example")
    await auth0.users.update(first, user_metadata={"a": 1})
    found = await every(auth0.users.list(q="user_metadata.a:1"))
    assert [item.user_id for item in found] == [first]
    assert (await auth0.users.list_users_by_email(email="bob@acme.example"))[0].user_id == second
    linked = await auth0.users.identities.link(first, provider="auth0", user_id=second)
    assert len(linked) == 2
    methods = auth0.users.authentication_methods
    made = await methods.create(first, type="phone", phone_number="+15550100")
    assert (await methods.get(first, made.id)).phone_number == "+15550100"
    assert [item.id for item in await every(methods.list(first))] == [made.id]
    await methods.delete_all(first)
    code = await auth0.users.regenerate_recovery_code(first)
    assert len(code.recovery_code) == 24
    assert (await auth0.user_blocks.list(first)).blocked_for == []
    assert await every(auth0.users.sessions.list(first)) == []
    assert await every(auth0.users.refresh_token.list(first)) == []
    await auth0.users.revoke_access(first)
    ticket = await auth0.tickets.change_password(user_id=first)
    assert "reset-password" in ticket.ticket
    job = await auth0.jobs.verification_email.create(user_id=first)
    assert (await auth0.jobs.get(job.id)).status == "completed"
    assert await auth0.stats.get_active_users_count() == 0
    await auth0.users.delete(first)


SCENARIOS = [
    organizations, connections_of_an_organization, clients_and_grants_of_an_organization,
    members, roles_and_groups, users,
]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_sdk_reads_what_the_sandbox_answers(scenario):
    async def run():
        sandbox = Sandbox(DOMAIN)
        client_id, secret = sandbox.credentials()
        asked = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
            "audience": f"https://{DOMAIN}/api/v2/",
        }
        try:
            async with httpx.AsyncClient(transport=sandbox.transport()) as http:
                answer = await http.post(f"https://{DOMAIN}/oauth/token", json=asked)
                token = answer.json()["access_token"]
                auth0 = AsyncManagementClient(domain=DOMAIN, token=token, httpx_client=http)
                await scenario(auth0, sandbox)
        finally:
            sandbox.close()

    asyncio.run(run())
