import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";

import { action } from "tenantctl:test";

const run = (trigger, job, options = {}) => action(trigger).run({ modules: { job }, ...options });
const login = (job, options) => run("post-login", job, options);

test("every command is written down in order, with what it was given", async () => {
  const { commands, denied } = await login((_, api) => {
    api.user.setAppMetadata("plan", { name: "gold" });
    api.access.deny("no");
  });
  assert.deepEqual(commands, [
    { name: "user.setAppMetadata", arguments: ["plan", { name: "gold" }] },
    { name: "access.deny", arguments: ["no"] },
  ]);
  assert.deepEqual(denied, { reason: "no" });
});

test("commands can be chained", async () => {
  const { denied, userMetadata } = await login((_, api) => api.user.setUserMetadata("a", 1).access.deny("no"));
  assert.deepEqual([denied.reason, userMetadata], ["no", { a: 1 }]);
});

test("metadata changes in the event as it will be; null takes a key away", async () => {
  const event = { user: { user_metadata: { old: 1, kept: 2 } } };
  const { userMetadata, event: after } = await login((_, api) => api.user.setUserMetadata("old", null), { event });
  assert.deepEqual(userMetadata, { old: null });
  assert.deepEqual(after.user.user_metadata, { kept: 2 });
});

describe("claims", () => {
  const set = (token, name, options) => login((_, api) => api[token].setCustomClaim(name, "x"), options);

  test("are in the token that they were set on", async () => {
    const { idToken, accessToken } = await login((_, api) => {
      api.idToken.setCustomClaim("https://shop.example/a", 1);
      api.accessToken.setCustomClaim("https://shop.example/b", [2]);
      api.idToken.setCustomClaim("plain", true);
    });
    assert.deepEqual(idToken, { "https://shop.example/a": 1, plain: true });
    assert.deepEqual(accessToken, { "https://shop.example/b": [2] });
  });

  for (const name of ["sub", "roles", "permissions", "org_id", "https://mine.auth0.com/a", "http://webtask.io/a", "urn:auth0:a"]) {
    test(`called ${name} are left out, as Auth0 leaves them out`, async () => {
      const { idToken, ignored, commands } = await set("idToken", name);
      assert.deepEqual(idToken, {});
      assert.deepEqual([ignored[0].token, ignored[0].claim], ["idToken", name]);
      assert.equal(commands.length, 1);
    });
  }

  test("with a name that only looks like Auth0's stay", async () => {
    assert.deepEqual((await set("idToken", "https://notauth0.com/a")).ignored, []);
  });

  test("without a namespace are not in access tokens for Auth0's own API", async () => {
    const management = { event: { resource_server: { identifier: "https://shop.eu.auth0.com/api/v2/" } } };
    assert.equal((await set("accessToken", "plan", management)).ignored.length, 1);
    assert.equal((await set("accessToken", "plan")).ignored.length, 0);
    assert.equal((await set("accessToken", "https://shop.example/plan", management)).ignored.length, 0);
  });

  test("that are too many end the login", async () => {
    const job = (_, api) => api.idToken.setCustomClaim("https://shop.example/all", "x".repeat(102_400));
    await assert.rejects(login(job), /Auth0 fails the login above 102400/);
  });
});

describe("redirects", () => {
  const send = (event, api) => {
    const token = api.redirect.encodeToken({ secret: event.secrets.KEY, payload: { plan: "gold" }, expiresInSeconds: 60 });
    api.redirect.sendUserTo("https://pages.example/terms?a=1", { query: { session_token: token } });
  };
  const back = (options, job = (event, api) => api.redirect.validateToken({ secret: event.secrets.KEY })) =>
    action("post-login").resume({ modules: { job }, ...options });

  test("lead to the page, with a token that it can verify", async () => {
    const { redirect } = await login(send, { secrets: { KEY: "k" } });
    assert.match(redirect.url, /^https:\/\/pages\.example\/terms\?a=1&session_token=.+&state=.+/);
    const [head, body, mark] = redirect.query.session_token.split(".");
    assert.equal(mark, createHmac("sha256", "k").update(`${head}.${body}`).digest("base64url"));
    const payload = JSON.parse(Buffer.from(body, "base64url"));
    assert.equal(payload.plan, "gold");
    assert.equal(payload.sub, "auth0|000000000000000000000001");
    assert.equal(payload.exp - payload.iat, 60);
  });

  test("come back with what the page has signed", async () => {
    const { returned } = await back({ token: { secret: "k", payload: { agreed: true } }, secrets: { KEY: "k" } });
    assert.equal(returned.agreed, true);
  });

  test("under another name, if the action asks for it", async () => {
    const job = (event, api) => api.redirect.validateToken({ secret: "k", tokenParameterName: "answer" });
    const { returned } = await back({ token: { name: "answer", secret: "k", payload: { a: 1 } } }, job);
    assert.equal(returned.a, 1);
  });

  for (const [what, payload, secret] of [
    ["signed with another secret", {}, "other"],
    ["too late", { exp: 1 }, "k"],
    ["of another sign-in", { state: "other" }, "k"],
  ]) {
    test(`that come back ${what} are refused`, async () => {
      await assert.rejects(back({ token: { secret, payload }, secrets: { KEY: "k" } }), /session token is invalid/);
    });
  }

  test("that come back with nothing are refused", async () => {
    await assert.rejects(back({}), /missing or malformed/);
  });

  test("that come back can record how somebody has signed in", async () => {
    const job = (_, api) => api.authentication.recordMethod("https://pages.example/proof");
    assert.deepEqual((await back({}, job)).methods, ["https://pages.example/proof"]);
  });
});

describe("what an action decides", () => {
  for (const [what, trigger, job, member, expected] of [
    ["scopes", "post-login", (_, api) => api.accessToken.addScope("a").accessToken.removeScope("b"), "scopes", { added: ["a"], removed: ["b"] }],
    ["a second factor", "post-login", (_, api) => api.multifactor.enable("any", { allowRememberBrowser: false }), "multifactor", { provider: "any", allowRememberBrowser: false }],
    ["challenges", "post-login", (_, api) => api.authentication.challengeWith({ type: "otp" }, { additionalFactors: [{ type: "phone" }] }), "challenges", [{ type: "otp" }, { type: "phone" }]],
    ["any of some factors", "password-reset-post-challenge", (_, api) => api.authentication.challengeWithAny([{ type: "email" }]), "challenges", [{ type: "email" }]],
    ["enrollments", "post-login", (_, api) => api.authentication.enrollWithAny([{ type: "otp" }]), "enrollments", [{ type: "otp" }]],
    ["another account", "post-login", (_, api) => api.authentication.setPrimaryUser("auth0|2"), "primaryUser", "auth0|2"],
    ["a form", "post-login", (_, api) => api.prompt.render("ap_1", { vars: { a: 1 } }), "prompt", { id: "ap_1", vars: { a: 1 } }],
    ["a validation error", "pre-user-registration", (_, api) => api.validation.error("code", "said"), "invalid", { code: "code", message: "said" }],
    ["a sign-up that is refused", "pre-user-registration", (_, api) => api.access.deny("log", "said"), "denied", { reason: "log", message: "said" }],
    ["a token that is refused", "credentials-exchange", (_, api) => api.access.deny("invalid_scope", "no"), "denied", { code: "invalid_scope", reason: "no" }],
    ["a subject token that is refused", "custom-token-exchange", (_, api) => api.access.rejectInvalidSubjectToken("no"), "denied", { code: "invalid_request", reason: "no" }],
    ["whom a token is for", "custom-token-exchange", (_, api) => api.authentication.setUserById("auth0|1"), "user", { user_id: "auth0|1" }],
    ["an organization", "custom-token-exchange", (_, api) => api.authentication.setOrganization("org_1"), "organization", "org_1"],
    ["a message that is tried again", "custom-email-provider", (_, api) => api.notification.retry("busy"), "notification", { retry: true, reason: "busy" }],
    ["where people go", "password-reset-post-challenge", (_, api) => api.transaction.setResultUrl("https://a.example/", { query: { b: "1" } }), "resultUrl", "https://a.example/?b=1"],
    ["the earliest end of a session", "post-login", (_, api) => api.session.setExpiresAt(3).session.setExpiresAt(2), "session", { expiresAt: 2 }],
    ["the end of a refresh token", "post-login", (_, api) => api.refreshToken.revoke("no"), "refreshToken", { revoked: { reason: "no" } }],
    ["an assertion", "post-login", (_, api) => api.samlResponse.setAttribute("a", 1).samlResponse.setAudience("b"), "saml", { attributes: { a: 1 }, audience: "b" }],
  ]) {
    test(`is told: ${what}`, async () => {
      assert.deepEqual((await run(trigger, job))[member], expected);
    });
  }
});

describe("what Auth0 documents no value for is refused", () => {
  for (const [what, trigger, job] of [
    ["a reason that is no text", "post-login", (_, api) => api.access.deny()],
    ["a sign-up refused without words", "pre-user-registration", (_, api) => api.access.deny("log")],
    ["an error code of one's own", "credentials-exchange", (_, api) => api.access.deny("nope")],
    ["a provider that nobody knows", "post-login", (_, api) => api.multifactor.enable("pigeon")],
    ["a factor that nobody knows", "post-login", (_, api) => api.authentication.challengeWith({ type: "pigeon" })],
    ["enrolling an e-mail address", "post-login", (_, api) => api.authentication.enrollWith({ type: "email" })],
    ["a cookie mode that nobody knows", "post-login", (_, api) => api.session.setCookieMode("x")],
    ["an end that is no number", "post-login", (_, api) => api.session.setExpiresAt("soon")],
    ["a user without an id", "custom-token-exchange", (_, api) => api.authentication.setUserByConnection("c", {}, {})],
    ["no behavior", "custom-token-exchange", (_, api) => api.authentication.setUserByConnection("c", { user_id: "1" })],
  ]) {
    test(what, async () => {
      await assert.rejects(run(trigger, job), TypeError);
    });
  }
});

test("the cache lasts from run to run where a test keeps it, and values end", async () => {
  const cache = new Map();
  await login((_, api) => api.cache.set("a", "1", { ttl: 60_000 }), { cache });
  const { returned } = await login((_, api) => api.cache.get("a")?.value, { cache });
  assert.equal(returned, "1");
  const late = await login((_, api) => (api.cache.set("b", "1", { expires_at: 1 }), api.cache.get("b")));
  assert.equal(late.returned, undefined);
  assert.equal((await login((_, api) => api.cache.set("c", 1).type)).returned, "error");
  assert.equal((await login((_, api) => api.cache.get("a"))).returned, undefined);
});

test("transaction metadata is in the event at once", async () => {
  const { returned } = await login((event, api) => (api.transaction.setMetadata("a", 1), event.transaction.metadata.a));
  assert.equal(returned, 1);
});

test("rules that a test says have run are those that have", async () => {
  const job = (_, api) => [api.rules.wasExecuted("rul_1"), api.rules.wasExecuted("rul_2")];
  assert.deepEqual((await login(job, { rules: ["rul_1"] })).returned, [true, false]);
});
