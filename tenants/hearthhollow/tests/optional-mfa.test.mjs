import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const mfa = action("optional-mfa");
const wished = { user_metadata: { second_factor: true } };

test("nobody is asked who has not wished for a second factor", async () => {
  for (const user_metadata of [undefined, {}, { second_factor: false }, { second_factor: "true" }]) {
    const { commands } = await mfa.run({ event: { user: { user_metadata } } });
    assert.deepEqual(commands, []);
  }
});

test("who has set a factor up confirms with it, and with nothing else", async () => {
  const enrolledFactors = [{ type: "otp" }, { type: "phone" }, { type: "email" }];
  const { challenges, enrollments } = await mfa.run({ event: { user: { ...wished, enrolledFactors } } });
  assert.deepEqual(challenges, [{ type: "otp" }, { type: "phone" }]);
  assert.deepEqual(enrollments, []);
});

test("who has none yet is offered every factor that we have", async () => {
  for (const enrolledFactors of [undefined, [], [{ type: "email" }]]) {
    const { challenges, enrollments } = await mfa.run({ event: { user: { ...wished, enrolledFactors } } });
    assert.deepEqual(challenges, []);
    assert.deepEqual(enrollments.map((factor) => factor.type), ["otp", "webauthn-roaming", "phone"]);
  }
});

test("a refreshed token asks for nothing", async () => {
  const event = { user: wished, transaction: { protocol: "oauth2-refresh-token" } };
  assert.deepEqual((await mfa.run({ event })).commands, []);
});
