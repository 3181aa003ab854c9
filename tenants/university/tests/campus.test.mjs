import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const campus = action("add-campus-claim");
const secrets = { CLAIM_NAMESPACE: "https://tallowbridge.example" };
const event = { connection: { name: "north-campus", strategy: "samlp" }, user: { email: "somebody@med.example" } };

test("Tallowbridge learns the campus by the connection, not by the address", async () => {
  const { idToken } = await campus.run({ event, secrets });
  assert.deepEqual(idToken, { "https://tallowbridge.example/campus": "north-campus" });
});

test("without a namespace there is no claim rather than an unsafe name", async () => {
  const { commands } = await campus.run({ event, secrets: { CLAIM_NAMESPACE: "" } });
  assert.deepEqual(commands, []);
});
