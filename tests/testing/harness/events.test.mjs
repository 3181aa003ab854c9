// What Auth0's documentation says is always in an event, listed here by hand.
import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const CLIENT = "client.client_id client.metadata client.name";
const CONNECTION = "connection.id connection.name connection.strategy";
const REQUEST = "request.geoip request.ip request.method";
const USER = `user.app_metadata user.created_at user.email_verified user.updated_at user.user_id user.user_metadata
  user.identities`;
const ALWAYS = {
  "post-login": `${CLIENT} ${CONNECTION} ${REQUEST} request.body request.query stats.logins_count tenant.id ${USER}
    transaction.metadata secrets`,
  "credentials-exchange": `accessToken.customClaims accessToken.scope ${CLIENT} ${REQUEST} request.body
    resource_server.identifier tenant.id transaction.requested_scopes secrets`,
  "pre-user-registration": `${CONNECTION} ${REQUEST} request.body tenant.id user secrets`,
  "post-user-registration": `${CONNECTION} tenant.id ${USER} secrets`,
  "post-change-password": `${CONNECTION} ${REQUEST} tenant.id user secrets`,
  "send-phone-message": `message_options.action message_options.code message_options.message_type
    message_options.recipient message_options.text ${REQUEST} tenant.id ${USER} secrets`,
  "custom-email-provider": `${CLIENT} notification.from notification.html notification.locale
    notification.message_type notification.subject notification.text notification.to tenant.id user.user_id secrets`,
  "custom-phone-provider": `${CLIENT} notification.as_text notification.as_voice notification.delivery_method
    notification.message_type notification.recipient ${REQUEST} tenant.id ${USER} secrets`,
  "custom-token-exchange": `${CLIENT} ${REQUEST} request.body resource_server.identifier tenant.id
    transaction.requested_scopes transaction.subject_token transaction.subject_token_type secrets`,
  "event-stream": "message.id message.type message.source message.specversion secrets",
  "password-reset-post-challenge": `authentication.methods authorization.roles ${CLIENT} ${CONNECTION} ${REQUEST}
    request.body request.query stats.logins_count tenant.id transaction.locale transaction.ui_locales ${USER} secrets`,
};

const given = async (trigger, options = {}, how = "run") => (await action(trigger)[how]({ modules: { job() {} }, ...options })).event;

for (const [trigger, paths] of Object.entries(ALWAYS)) {
  test(`an event of ${trigger} has all that it always has`, async () => {
    const event = await given(trigger);
    for (const path of paths.split(/\s+/)) {
      const found = path.split(".").reduce((value, name) => value?.[name], event);
      assert.notEqual(found, undefined, path);
    }
  });
}

test("a test says over a part of the event, and leaves the rest as it is", async () => {
  const event = { user: { app_metadata: { plan: "gold" }, identities: [] }, organization: { id: "org_1" } };
  const found = await given("post-login", { event });
  assert.deepEqual(found.user.app_metadata, { plan: "gold" });
  assert.deepEqual(found.user.identities, []);
  assert.equal(found.user.email_verified, true);
  assert.equal(found.organization.id, "org_1");
});

test("what a test says is undefined is not there", async () => {
  const found = await given("post-login", { event: { user: { email: undefined }, session: undefined } });
  assert.equal("email" in found.user, false);
  assert.equal("session" in found, false);
});

test("one run leaves nothing in the event of the next", async () => {
  const job = (event) => {
    event.user.app_metadata.seen = true;
    event.authorization.roles.push("seen");
  };
  const mine = { user: { app_metadata: { a: 1 } }, authorization: { roles: ["clerk"] } };
  await action("post-login").run({ event: mine, modules: { job } });
  const { user, authorization } = await given("post-login");
  assert.deepEqual([user.app_metadata, authorization.roles], [{}, []]);
  assert.deepEqual(mine, { user: { app_metadata: { a: 1 } }, authorization: { roles: ["clerk"] } });
});

test("the tenant is that of the files", async () => {
  const { tenant, request } = await given("post-login");
  assert.deepEqual(tenant, { id: "shop" });
  assert.equal(request.hostname, "shop.eu.auth0.com");
});

test("secrets are what a test says, or values that are not real; those that are not declared are a mistake", async () => {
  assert.deepEqual((await given("post-login")).secrets, { KEY: "test-KEY", OTHER: "test-OTHER" });
  assert.deepEqual((await given("post-login", { secrets: { KEY: "k" } })).secrets.KEY, "k");
  assert.deepEqual((await given("post-login", { secrets: { KEY: undefined } })).secrets, { OTHER: "test-OTHER" });
  await assert.rejects(given("post-login", { secrets: { YEK: "k" } }), /declares no secret YEK; it has KEY, OTHER/);
});

test("an option that nobody knows is a mistake", async () => {
  await assert.rejects(given("post-login", { evnet: {} }), /knows no evnet; it knows event, secrets/);
});
