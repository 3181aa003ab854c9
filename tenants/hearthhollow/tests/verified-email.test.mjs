import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const gate = action("require-verified-email");
const asking = { metadata: { requires_verified_email: "true" } };
const signIn = (client, user) => gate.run({ event: { client, user: { email_verified: false, ...user } } });

test("an application that asks for a confirmed address lets nobody in without one", async () => {
  const { denied } = await signIn(asking, {});
  assert.match(denied.reason, /open the link in our e-mail/);
});

test("the reason is in the customer's language, or in English", async () => {
  const said = { de: /Bitte bestätigen/, fr: /Confirmez/, en: /Please open/, nl: /Please open/ };
  for (const [locale, words] of Object.entries(said)) {
    const { denied } = await signIn(asking, { user_metadata: { locale } });
    assert.match(denied.reason, words);
  }
});

test("who has confirmed an address comes in", async () => {
  assert.equal((await signIn(asking, { email_verified: true })).denied, undefined);
});

test("an application that does not ask lets everybody in", async () => {
  const others = [{ metadata: {} }, { metadata: undefined }, { metadata: { requires_verified_email: "false" } }];
  for (const client of others) {
    assert.deepEqual((await signIn(client, {})).commands, []);
  }
});
