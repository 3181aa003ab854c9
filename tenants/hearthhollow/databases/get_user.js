/**
 * Looks a customer up in the old shop's store, so that sign-up and password reset know who is
 * already there. Nobody found is no error.
 */
async function getByEmail(email, callback) {
  try {
    const answer = await fetch(
      `${configuration.LEGACY_API_URL}/v1/customers?email=${encodeURIComponent(email)}`,
      {
        headers: { Authorization: `Bearer ${configuration.LEGACY_API_TOKEN}` },
        signal: AbortSignal.timeout(8000),
      },
    );
    if (answer.status === 404) {
      return callback(null);
    }
    if (!answer.ok) {
      return callback(new Error(`The old store answered ${answer.status}.`));
    }
    const customer = await answer.json();
    return callback(null, {
      user_id: String(customer.number),
      email: customer.email,
      email_verified: customer.email_confirmed === true,
      given_name: customer.first_name,
      family_name: customer.last_name,
      user_metadata: { locale: customer.language ?? "en" },
      app_metadata: { segment: customer.segment ?? "standard", loyalty_tier: customer.tier ?? "none" },
    });
  } catch (error) {
    return callback(new Error(`The old store could not be asked: ${error.message}`));
  }
}
