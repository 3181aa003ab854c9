import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const profile = action("technician-profile");
const secrets = { PROFILE_FORM_ID: "ap_technician_profile" };
const app = { metadata: { asks_profile: "true" } };
const third = { client: app, stats: { logins_count: 3 } };

test("a technician is asked for certificates at the third sign-in", async () => {
  const { prompt } = await profile.run({ event: third, secrets });
  assert.deepEqual(prompt, { id: "ap_technician_profile" });
});

test("nobody is asked before that", async () => {
  const { commands } = await profile.run({ event: { ...third, stats: { logins_count: 2 } }, secrets });
  assert.deepEqual(commands, []);
});

test("who has answered is not asked again, whatever the answer was", async () => {
  for (const certificates of [["gas"], ["none"], []]) {
    const { commands } = await profile.run({ event: { ...third, user: { app_metadata: { certificates } } }, secrets });
    assert.deepEqual(commands, []);
  }
});

test("an application that does not ask for it is never interrupted", async () => {
  const { commands } = await profile.run({ event: { ...third, client: { metadata: {} } }, secrets });
  assert.deepEqual(commands, []);
});

test("the sign-in goes on after the form", async () => {
  const { commands } = await profile.resume({ event: third, secrets });
  assert.deepEqual(commands, []);
});
