import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const profile = action("progressive-profile");
const secrets = { FORM_ID: "ap_of-the-form" };
const often = { stats: { logins_count: 4 } };

test("a customer who keeps coming back is asked", async () => {
  assert.deepEqual((await profile.run({ event: often, secrets })).prompt, { id: "ap_of-the-form" });
});

test("nobody is asked too early, twice, at the till or in the background", async () => {
  const cases = {
    "the third sign-in": { stats: { logins_count: 3 } },
    "nothing is known of sign-ins": { stats: { logins_count: undefined } },
    "answered before": { ...often, user: { user_metadata: { interests: ["garden"] } } },
    "answered with nothing": { ...often, user: { user_metadata: { interests: [] } } },
    "at the till": { ...often, client: { name: "Checkout" } },
    "a refreshed token": { ...often, transaction: { protocol: "oauth2-refresh-token" } },
    "a look in the background": { ...often, request: { query: { prompt: "none" } } },
  };
  for (const [name, event] of Object.entries(cases)) {
    assert.deepEqual((await profile.run({ event, secrets })).commands, [], name);
  }
});
