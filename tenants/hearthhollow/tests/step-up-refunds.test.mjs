import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const stepUp = action("step-up-refunds");
const refund = { requested_scopes: ["openid", "read:orders", "refund:orders"] };

test("asking for refunds is confirmed with a second factor", async () => {
  const { challenges, denied } = await stepUp.run({ event: { transaction: refund } });
  assert.deepEqual(challenges, [{ type: "otp" }, { type: "webauthn-roaming" }]);
  assert.equal(denied, undefined);
});

test("an application may ask for a second factor by itself", async () => {
  const acr_values = ["http://schemas.openid.net/pape/policies/2007/06/multi-factor"];
  const { challenges } = await stepUp.run({ event: { transaction: { acr_values } } });
  assert.equal(challenges.length, 2);
});

test("what is not sensitive needs no confirmation", async () => {
  for (const requested_scopes of [undefined, [], ["openid"], ["read:orders", "cancel:orders"]]) {
    const { commands } = await stepUp.run({ event: { transaction: { requested_scopes } } });
    assert.deepEqual(commands, []);
  }
});

test("who has confirmed in this sign-in is not asked twice", async () => {
  const methods = [{ name: "pwd" }, { name: "mfa", type: "otp" }];
  const { commands } = await stepUp.run({ event: { transaction: refund, authentication: { methods } } });
  assert.deepEqual(commands, []);
});

test("a refreshed token asks for nothing: it can say no more than the one before", async () => {
  const event = { transaction: { ...refund, protocol: "oauth2-refresh-token" } };
  assert.deepEqual((await stepUp.run({ event })).commands, []);
});
