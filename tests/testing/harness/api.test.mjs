// The api objects have the methods of Auth0's documentation, listed here by hand, and no others.
import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const CACHE = ["cache.delete", "cache.get", "cache.set"];
const USER = ["user.setAppMetadata", "user.setUserMetadata"];
const LIFE = ["revoke", "setExpiresAt", "setIdleExpiresAt", "setMetadata", "deleteMetadata", "evictMetadata"];
const REDIRECT = ["redirect.encodeToken", "redirect.sendUserTo", "redirect.validateToken"];
const CHALLENGE = ["authentication.challengeWith", "authentication.challengeWithAny"];
const SAML = [
  "Attribute", "Audience", "Recipient", "CreateUpnClaim", "PassthroughClaimsWithNoMapping", "MapUnknownClaimsAsIs",
  "MapIdentities", "SignatureAlgorithm", "DigestAlgorithm", "Destination", "LifetimeInSeconds", "SignResponse",
  "NameIdentifierFormat", "NameIdentifierProbes", "AuthnContextClassRef", "SigningCert",
  "IncludeAttributeNameFormat", "TypedAttributes", "EncryptionCert", "EncryptionPublicKey", "Cert", "Key",
  "RelayState", "Issuer", "EncryptionAlgorithm",
];
const LOGIN = [
  "access.deny", "accessToken.setCustomClaim", "accessToken.addScope", "accessToken.removeScope", ...CHALLENGE,
  "authentication.enrollWith", "authentication.enrollWithAny", "authentication.setPrimaryUser", ...CACHE,
  "idToken.setCustomClaim", "multifactor.enable", "prompt.render", ...REDIRECT,
  ...LIFE.map((name) => `refreshToken.${name}`), ...LIFE.map((name) => `session.${name}`), "session.setCookieMode",
  "rules.wasExecuted", ...SAML.map((name) => `samlResponse.set${name}`), "transaction.setMetadata", ...USER,
  "validation.error",
];
const NOTIFICATION = [...CACHE, "notification.drop", "notification.retry"];

const DOCUMENTED = {
  "post-login": LOGIN,
  "credentials-exchange": ["access.deny", "accessToken.setCustomClaim", ...CACHE],
  "pre-user-registration": ["access.deny", ...CACHE, ...USER, "validation.error"],
  "post-user-registration": CACHE,
  "post-change-password": CACHE,
  "send-phone-message": CACHE,
  "event-stream": CACHE,
  "custom-email-provider": NOTIFICATION,
  "custom-phone-provider": NOTIFICATION,
  "custom-token-exchange": [
    "access.deny", "access.rejectInvalidSubjectToken", "authentication.setOrganization",
    "authentication.setUserByConnection", "authentication.setUserById", ...CACHE, ...USER,
  ],
  "password-reset-post-challenge": [
    "access.deny", ...CHALLENGE, ...CACHE, "prompt.render", ...REDIRECT, "transaction.setResultUrl",
  ],
};

const methods = (api) =>
  Object.entries(api).flatMap(([owner, names]) => Object.keys(names).map((name) => `${owner}.${name}`)).sort();
const seen = async (trigger, how = "run") => {
  let found;
  const job = (_, api) => {
    found = methods(api);
  };
  await action(trigger)[how]({ modules: { job } });
  return found;
};

for (const [trigger, names] of Object.entries(DOCUMENTED)) {
  test(`${trigger} has exactly the documented methods`, async () => {
    assert.deepEqual(await seen(trigger), [...names].sort());
  });
}

test("a method of its own completes a sign-in that goes on after a redirect", async () => {
  assert.deepEqual(await seen("post-login", "resume"), [...LOGIN, "authentication.recordMethod"].sort());
});

test("a method that a trigger does not have is no function", async () => {
  const job = (_, api) => api.access.allow();
  await assert.rejects(action("post-login").run({ modules: { job } }), /api.access.allow is not a function/);
});

for (const trigger of ["login-post-identifier", "signup-post-identifier", "password-hash-migration", "post-credential-validation"]) {
  test(`${trigger}, which nobody documents, takes event and api from the test`, async () => {
    const job = (event, api) => api.hash.check(event.password.value);
    const calls = [];
    const api = { hash: { check: (value) => calls.push(value) } };
    await action(trigger).run({ event: { password: { value: "x" } }, api, modules: { job } });
    assert.deepEqual(calls, ["x"]);
    await assert.rejects(action(trigger).run({ modules: { job } }), /documents no event and no api/);
  });
}
