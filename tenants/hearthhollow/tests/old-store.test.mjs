import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { script, stub } from "tenantctl:test";

const configuration = { LEGACY_API_URL: "https://old.hearthhollow.test", LEGACY_API_TOKEN: "made-up" };
const EMAIL = "ines@example.com";
const CUSTOMER = {
  number: 4711,
  email: EMAIL,
  email_confirmed: true,
  first_name: "Ines",
  last_name: "Berg",
  language: "de",
  segment: "trade",
  tier: "silver",
};
const PROFILE = {
  user_id: "4711",
  email: EMAIL,
  email_verified: true,
  given_name: "Ines",
  family_name: "Berg",
  user_metadata: { locale: "de" },
  app_metadata: { segment: "trade", loyalty_tier: "silver" },
};
const BROKEN = [
  [{ status: 500 }, /answered 500/],
  [{ fail: "ECONNRESET" }, /could not be asked/],
  [{ status: 200, body: "no JSON" }, /could not be asked/],
];

describe("a customer who signs in and is still in the old store", () => {
  const login = script("customers", "login");
  const asked = (reply) => stub("POST https://old.hearthhollow.test/v1/sign-ins", reply);
  const signIn = (http) => login.run([EMAIL, "correct horse"], { configuration, http: [http] });

  test("comes over with everything that the old store knows", async () => {
    const old = asked({ json: CUSTOMER });
    assert.deepEqual(await signIn(old), PROFILE);
    const [{ headers, body }] = old.calls;
    assert.equal(headers.authorization, "Bearer made-up");
    assert.deepEqual(JSON.parse(body), { email: EMAIL, password: "correct horse" });
  });

  test("is unverified, ordinary and English where the old store says nothing of it", async () => {
    const user = await signIn(asked({ json: { number: 7, email: EMAIL } }));
    assert.equal(user.email_verified, false);
    assert.deepEqual(user.user_metadata, { locale: "en" });
    assert.deepEqual(user.app_metadata, { segment: "standard", loyalty_tier: "none" });
  });

  test("is not told which of address and password was wrong", async () => {
    for (const status of [401, 404]) {
      await assert.rejects(signIn(asked({ status })), { name: "WrongUsernameOrPasswordError" });
    }
  });

  test("is not blamed for an old store that does not work", async () => {
    for (const [reply, message] of BROKEN) {
      await assert.rejects(signIn(asked(reply)), (error) => error.name === "Error" && message.test(error.message));
    }
  });
});

describe("an address that somebody signs up with, or wants a new password for", () => {
  const getUser = script("customers", "get_user");
  const asked = (reply) => stub("GET https://old.hearthhollow.test/v1/customers?email=ines%40example.com", reply);
  const look = (http) => getUser.run([EMAIL], { configuration, http: [http] });

  test("is found in the old store, under its own name", async () => {
    const old = asked({ json: CUSTOMER });
    assert.deepEqual(await look(old), PROFILE);
    assert.equal(old.calls[0].headers.authorization, "Bearer made-up");
  });

  test("is free where the old store does not know it", async () => {
    assert.equal(await look(asked({ status: 404 })), undefined);
  });

  test("is not taken for free where the old store does not work", async () => {
    for (const [reply, message] of BROKEN) {
      await assert.rejects(look(asked(reply)), { message });
    }
  });
});
