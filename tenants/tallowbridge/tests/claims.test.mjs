import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const claims = action("add-org-claims");
const secrets = { CLAIM_NAMESPACE: "https://tallowbridge.example" };
const albion = { id: "org_0000000000000001", name: "albion-estates", metadata: { plan: "education" } };

test("the applications learn which customer somebody is here for, its plan and the roles", async () => {
  const event = { organization: albion, authorization: { roles: ["dispatcher", "org-admin"] } };
  const { idToken, accessToken } = await claims.run({ event, secrets });
  assert.deepEqual(idToken, {
    "https://tallowbridge.example/organization": "albion-estates",
    "https://tallowbridge.example/plan": "education",
    "https://tallowbridge.example/roles": ["dispatcher", "org-admin"],
  });
  assert.deepEqual(accessToken, {});
});

test("a customer without a plan has the usual one", async () => {
  const { idToken } = await claims.run({ event: { organization: { ...albion, metadata: {} } }, secrets });
  assert.equal(idToken["https://tallowbridge.example/plan"], "business");
});

test("what members may write themselves is told to nobody", async () => {
  const user = { user_metadata: { plan: "enterprise", roles: ["org-admin"] } };
  const { idToken } = await claims.run({ event: { organization: albion, user }, secrets });
  assert.equal(idToken["https://tallowbridge.example/plan"], "education");
  assert.deepEqual(idToken["https://tallowbridge.example/roles"], []);
});

test("our own staff belong to no customer", async () => {
  const { idToken } = await claims.run({ secrets });
  assert.deepEqual(idToken, {});
});

test("without a namespace there are no claims rather than unsafe names", async () => {
  const { commands } = await claims.run({ event: { organization: albion }, secrets: { CLAIM_NAMESPACE: "" } });
  assert.deepEqual(commands, []);
});
