import assert from "node:assert/strict";
import { test } from "node:test";

import { action, stub } from "tenantctl:test";

const welcome = action("invitation-welcome");
const secrets = { SHOP_API_URL: "https://shop.example/api", SHOP_API_TOKEN: "bearer-of-the-shop" };
const invited = { user: { app_metadata: { invitation: "inv/7" } } };

test("the shop is told who has accepted an invitation", async () => {
  const accepted = stub("POST https://shop.example/api/invitations/*", { status: 204 });
  await welcome.run({ event: invited, secrets, http: [accepted] });
  const [call] = accepted.calls;
  assert.equal(call.url, "https://shop.example/api/invitations/inv%2F7/accepted");
  assert.equal(call.headers.authorization, "Bearer bearer-of-the-shop");
  assert.deepEqual(JSON.parse(call.body), { user_id: "auth0|000000000000000000000001" });
});

test("nobody is told of customers who came by themselves", async () => {
  for (const app_metadata of [undefined, {}, { segment: "standard" }]) {
    await welcome.run({ event: { user: { app_metadata } }, secrets });
  }
});

test("a shop that says no is an error in the logs, without its secrets", async () => {
  const refused = stub("POST https://shop.example/api/*", { status: 503 });
  await assert.rejects(welcome.run({ event: invited, secrets, http: [refused] }), (error) => {
    assert.match(error.message, /503/);
    assert.doesNotMatch(error.message, /bearer-of-the-shop/);
    return true;
  });
});
