import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const stepUp = action("step-up-sso-change");
const changing = { requested_scopes: ["openid", "read:members", "update:sso"] };
const types = (factors) => factors.map(({ type }) => type);

test("who wants to change how a company signs in shows the second factor that they have", async () => {
  const user = { enrolledFactors: [{ type: "recovery-code" }, { type: "push-notification" }, { type: "otp" }] };
  const { challenges, enrollments } = await stepUp.run({ event: { transaction: changing, user } });
  assert.deepEqual(types(challenges), ["otp", "push-notification"]);
  assert.deepEqual(enrollments, []);
});

test("who has none sets one up first, and a recovery code alone is none", async () => {
  for (const enrolledFactors of [[], [{ type: "recovery-code" }]]) {
    const { challenges, enrollments } = await stepUp.run({ event: { transaction: changing, user: { enrolledFactors } } });
    assert.deepEqual(challenges, []);
    assert.deepEqual(types(enrollments), ["otp", "webauthn-roaming", "push-notification"]);
  }
});

test("who has shown one in this session is not asked again", async () => {
  const methods = [{ name: "pwd" }, { name: "mfa", type: "otp" }];
  const { commands } = await stepUp.run({ event: { transaction: changing, authentication: { methods } } });
  assert.deepEqual(commands, []);
});

test("a password alone is no second factor", async () => {
  const event = { transaction: changing, authentication: { methods: [{ name: "pwd" }] } };
  const { commands } = await stepUp.run({ event });
  assert.equal(commands.length, 1);
});

test("nothing else asks for one", async () => {
  const transaction = { requested_scopes: ["openid", "read:members", "invite:members"] };
  const { commands } = await stepUp.run({ event: { transaction } });
  assert.deepEqual(commands, []);
});
