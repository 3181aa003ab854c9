import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const profile = action("init-profile");
const signUp = (language) => profile.run({ event: { request: { language } } });

test("a new customer is written to in the language of the browser, if it is one of ours", async () => {
  for (const [language, locale] of [["de", "de"], ["fr-CA", "fr"], ["EN", "en"], ["de-DE,de;q=0.9", "de"]]) {
    assert.deepEqual((await signUp(language)).userMetadata, { locale });
  }
});

test("everybody else is written to in English", async () => {
  for (const language of ["nl", "", undefined, "x"]) {
    assert.deepEqual((await signUp(language)).userMetadata, { locale: "en" });
  }
});

test("a new customer is an ordinary one, and nobody is turned away", async () => {
  const { appMetadata, denied, invalid } = await signUp("fr");
  assert.deepEqual(appMetadata, { segment: "standard" });
  assert.deepEqual([denied, invalid], [undefined, undefined]);
});
