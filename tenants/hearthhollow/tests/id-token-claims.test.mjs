import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const claims = action("add-id-token-claims");
const NAMESPACE = "https://claims.hearthhollow.example";
const secrets = { CLAIM_NAMESPACE: NAMESPACE };

test("an application reads segment, tier and language in the ID token, and nowhere else", async () => {
  const user = {
    app_metadata: { segment: "trade", loyalty_tier: "gold" },
    user_metadata: { locale: "fr" },
  };
  const { idToken, accessToken, ignored } = await claims.run({ event: { user }, secrets });
  assert.deepEqual(idToken, {
    [`${NAMESPACE}/segment`]: "trade",
    [`${NAMESPACE}/loyalty_tier`]: "gold",
    [`${NAMESPACE}/locale`]: "fr",
  });
  assert.deepEqual(accessToken, {});
  assert.deepEqual(ignored, []);
});

test("a customer of whom nothing is known is an ordinary one who reads English", async () => {
  for (const metadata of [{}, undefined]) {
    const user = { app_metadata: metadata, user_metadata: metadata };
    const { idToken } = await claims.run({ event: { user }, secrets });
    assert.deepEqual(Object.values(idToken), ["standard", "none", "en"]);
  }
});

test("what customers write about themselves makes nobody a gold customer", async () => {
  const user = { user_metadata: { segment: "trade", loyalty_tier: "gold" } };
  const { idToken } = await claims.run({ event: { user }, secrets });
  assert.equal(idToken[`${NAMESPACE}/loyalty_tier`], "none");
  assert.equal(idToken[`${NAMESPACE}/segment`], "standard");
});

test("there are no claims without a namespace", async () => {
  const { commands } = await claims.run({ secrets: { CLAIM_NAMESPACE: undefined } });
  assert.deepEqual(commands, []);
});
