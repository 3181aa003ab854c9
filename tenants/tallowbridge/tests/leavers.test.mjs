import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "tenantctl:test";

const leavers = action("block-deprovisioned");
const suspended = { id: "org_0000000000000001", name: "inkwell-press", metadata: { status: "suspended" } };

test("a member who was let go does not get in", async () => {
  const { denied } = await leavers.run({ event: { user: { app_metadata: { deprovisioned_at: "2026-08-01" } } } });
  assert.match(denied.reason, /administrator of your company/);
});

test("nobody of a customer whose contract has ended gets in", async () => {
  const { denied } = await leavers.run({ event: { organization: suspended } });
  assert.match(denied.reason, /suspended/);
});

for (const [locale, word] of [["de", "Zugang"], ["fr", "accès"], ["pl", "access"]]) {
  test(`who reads ${locale} is told so that they understand it`, async () => {
    const user = { user_metadata: { locale } };
    const member = await leavers.run({ event: { user: { ...user, app_metadata: { deprovisioned_at: "2026-08-01" } } } });
    const customer = await leavers.run({ event: { user, organization: suspended } });
    assert.match(member.denied.reason, new RegExp(word));
    assert.match(customer.denied.reason, new RegExp(word));
  });
}

test("what members say of themselves lets nobody out", async () => {
  const { denied } = await leavers.run({ event: { user: { user_metadata: { deprovisioned_at: "2026-08-01" } } } });
  assert.equal(denied, undefined);
});

test("everybody else gets in", async () => {
  const organization = { ...suspended, metadata: { plan: "business" } };
  const { commands } = await leavers.run({ event: { organization } });
  assert.deepEqual(commands, []);
});
