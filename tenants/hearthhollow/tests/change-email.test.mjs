import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const change = action("change-email");
const secrets = { FORM_ID: "ap_of-the-form" };
const wished = { app_metadata: { new_email: "new@example.com" } };

test("who has asked for a new address is shown the form that confirms it", async () => {
  const { prompt } = await change.run({ event: { user: wished }, secrets });
  assert.deepEqual(prompt, { id: "ap_of-the-form", vars: { new_email: "new@example.com" } });
});

test("the address is taken from what only our service writes", async () => {
  const user = { user_metadata: { new_email: "new@example.com" } };
  assert.equal((await change.run({ event: { user }, secrets })).prompt, undefined);
});

test("nobody else sees the form", async () => {
  const cases = {
    "nothing asked for": {},
    "an address that belongs to a provider": { user: wished, connection: { strategy: "google-oauth2" } },
    "a refreshed token": { user: wished, transaction: { protocol: "oauth2-refresh-token" } },
    "a look in the background": { user: wished, request: { query: { prompt: "none" } } },
  };
  for (const [name, event] of Object.entries(cases)) {
    assert.deepEqual((await change.run({ event, secrets })).commands, [], name);
  }
});
