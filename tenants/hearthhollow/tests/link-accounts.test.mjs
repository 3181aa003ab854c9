import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const link = action("link-accounts");
const secrets = { LINKING_PAGE_URL: "https://account.example/link", LINKING_TOKEN_KEY: "key-of-the-page" };
const google = { strategy: "google-oauth2", name: "google-oauth2" };

function claims(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
}

test("who comes from a provider for the first time is sent to the page, with a token that says who", async () => {
  for (const strategy of ["google-oauth2", "apple", "facebook"]) {
    const { redirect, denied, primaryUser } = await link.run({ event: { connection: { strategy } }, secrets });
    assert.match(redirect.url, /^https:\/\/account\.example\/link\?/);
    const { sub, email, provider, iat, exp } = claims(redirect.query.session_token);
    assert.equal(sub, "auth0|000000000000000000000001");
    assert.deepEqual({ email, provider }, { email: "customer@example.com", provider: strategy });
    assert.equal(exp - iat, 600);
    assert.deepEqual([denied, primaryUser], [undefined, undefined]);
  }
});

test("everybody else goes on undisturbed", async () => {
  const identity = { provider: "google-oauth2", user_id: "1", connection: "google-oauth2", isSocial: true };
  const cases = {
    "a password": {},
    "staff": { connection: { strategy: "waad" } },
    "an address that nobody has verified": { connection: google, user: { email_verified: false } },
    "asked before": { connection: google, user: { app_metadata: { linking_offered: true } } },
    "linked already": { connection: google, user: { identities: [identity, { ...identity, provider: "auth0" }] } },
    "a refreshed token": { connection: google, transaction: { protocol: "oauth2-refresh-token" } },
    "a look in the background": { connection: google, request: { query: { prompt: "none" } } },
  };
  for (const [name, event] of Object.entries(cases)) {
    assert.deepEqual((await link.run({ event, secrets })).commands, [], name);
  }
});

test("the page names the account that the sign-in goes on with", async () => {
  const token = { secret: secrets.LINKING_TOKEN_KEY, payload: { linked_to: "auth0|42" } };
  const { primaryUser, denied } = await link.resume({ event: { connection: google }, secrets, token });
  assert.equal(primaryUser, "auth0|42");
  assert.equal(denied, undefined);
});

test("who has no other account is not asked again", async () => {
  const token = { secret: secrets.LINKING_TOKEN_KEY, payload: {} };
  const { primaryUser, appMetadata } = await link.resume({ event: { connection: google }, secrets, token });
  assert.deepEqual(appMetadata, { linking_offered: true });
  assert.equal(primaryUser, undefined);
});

test("an answer that the page has not signed links nothing and ends the sign-in", async () => {
  const payload = { linked_to: "auth0|of-somebody-else" };
  const past = Math.floor(Date.now() / 1000) - 1;
  const tokens = [
    undefined,
    { secret: "another key", payload },
    { secret: secrets.LINKING_TOKEN_KEY, payload: { ...payload, exp: past } },
    { secret: secrets.LINKING_TOKEN_KEY, payload: { ...payload, state: "of another sign-in" } },
  ];
  for (const token of tokens) {
    const { primaryUser, denied } = await link.resume({ event: { connection: google }, secrets, token });
    assert.equal(primaryUser, undefined);
    assert.match(denied.reason, /sign in again/);
  }
});

test("a denial is in the customer's language", async () => {
  const said = { de: /erneut an/, fr: /Reconnectez-vous/, en: /sign in again/, xx: /sign in again/ };
  for (const [locale, expected] of Object.entries(said)) {
    const event = { connection: google, user: { user_metadata: { locale } } };
    assert.match((await link.resume({ event, secrets })).denied.reason, expected);
  }
});
