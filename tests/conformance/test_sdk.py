"""auth0-python's typed methods send every operation and understand every answer."""

import asyncio
import functools
import inspect
from dataclasses import dataclass
from typing import Any

import httpx
import pydantic
import pytest
from auth0.management import AsyncManagementClient
from auth0.management.core import ApiError
from auth0.management.core.pagination import AsyncPager
from auth0.management.core.parse_error import ParsingError
from tools import sdk_source

from conformance.examples import Course, Request, begin, operations
from tenantctl.sandbox import Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"
STAGES = ("creates", "reads", "writes", "reads", "deletes")
# Answers the SDK cannot read, although they are Auth0's.
UNREADABLE = {
    "connections.keys.rotate": "Auth0 answers kid and cert (recorded); the SDK wants thumbprints",
}
# Fields that Auth0 answers and the SDK has no name for: recorded unless it says otherwise.
UNNAMED = {
    "callback_url_template": "clients; recorders drop what their types do not know",
    "cannot_change_enforce_client_authentication_on_passwordless_start": "a flag of tenants",
    "code": "the test of a phone template",
    "connection": "jobs of a connection name it",
    "created_at": "custom domains and phone templates",
    "credentials": "phone providers, empty: the SDK knows the field when it writes",
    "cross_origin_auth": "clients: an old name beside the new one",
    "current_version": "actions",
    "deleted_at": "network ACLs",
    "grant_id": "a client grant that was given to an organization",
    "is_default": "custom domains; the answer to a verification, too",
    "nickname": "profiles of linked identities; the OpenAPI document names them",
    "origin_domain_name": "custom domains whose certificate is Auth0's",
    "picture": "as nickname",
    "provisioning_ticket_url": "connections of some strategies",
    "sources": "permissions of users; the OpenAPI document names them",
    "subject_type": "client grants of an organization",
    "tenant_id": "network ACLs",
    "universal_login": "a flag of tenants",
    "updated_at": "phone templates",
}


@dataclass(frozen=True)
class Called:
    """What became of a call: `problem` is what the SDK says, `unnamed` fields it does not know."""

    sdk: str
    problem: str
    unnamed: tuple[str, ...]


@pytest.fixture(scope="module")
def calls():
    return asyncio.run(go_through())


async def go_through():
    box, answers = Sandbox(DOMAIN), []

    async def keep(response):
        await response.aread()
        answers.append(response)

    async with httpx.AsyncClient(
        transport=box.transport(), event_hooks={"response": [keep]}
    ) as http:
        auth0 = AsyncManagementClient(domain=DOMAIN, token=box.token(), httpx_client=http)
        course, found = begin(box), []
        for stage in STAGES:
            for request in course.requests(stage):
                found.append(await call(auth0, request))
                learn(course, request, answers)
    box.close()
    return found


def learn(course: Course, request: Request, answers: list[httpx.Response]) -> None:
    first = next(iter(answers), None)
    if first is not None and first.is_success and first.content:
        course.learn(request, first.json())
    answers.clear()


async def call(auth0: AsyncManagementClient, request: Request) -> Called:
    sdk = request.operation.sdk
    method = functools.reduce(getattr, sdk.split("."), auth0)
    try:
        answer = method(*request.arguments, **request.query, **body_arguments(request))
        answer = await answer if inspect.isawaitable(answer) else answer
        items = [item async for item in answer] if isinstance(answer, AsyncPager) else answer
    except ApiError as error:
        return Called(sdk, f"{error.status_code} {error.body}", ())
    except ParsingError as error:
        return Called(sdk, f"ParsingError: {error.__cause__}", ())
    return Called(sdk, "", tuple(sorted(set(unnamed(items)))))


def body_arguments(request: Request) -> dict[str, Any]:
    known = sdk_source.operation(request.operation.sdk)
    if request.body is None or known.body is None:
        return {}
    if known.whole:
        return {"request": request.body}
    return {known.body[name]: value for name, value in request.body.items()}


def unnamed(value: Any, path: str = ""):
    """Paths of fields that a model has only because it keeps whatever comes."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from unnamed(item, f"{path}[]")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from unnamed(item, f"{path}.{name}")
    elif isinstance(value, pydantic.BaseModel):
        yield from (f"{path}.{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from unnamed(getattr(value, name), f"{path}.{name}")


@pytest.mark.thorough
def test_every_operation_that_is_answered_is_called(calls):
    assert {each.sdk for each in calls} == set(operations())


@pytest.mark.thorough
def test_every_call_succeeds_and_its_answer_has_the_fields_and_types_of_its_model(calls):
    problems = {each.sdk: each.problem for each in calls if each.problem}
    unexpected = {sdk: told for sdk, told in problems.items() if sdk not in UNREADABLE}
    assert unexpected == {}
    assert {told.partition(":")[0] for told in problems.values()} == {"ParsingError"}
    assert set(problems) == set(UNREADABLE)


@pytest.mark.thorough
def test_every_field_of_an_answer_is_one_the_sdk_knows_or_is_known_to_lack(calls):
    paths = {path for each in calls for path in each.unnamed}
    assert {path.rpartition(".")[2] for path in paths} == set(UNNAMED)
