/**
 * Signs a customer in against the old shop's store, once: Auth0 keeps the customer afterwards.
 */
async function login(email, password, callback) {
  try {
    const answer = await fetch(`${configuration.LEGACY_API_URL}/v1/sign-ins`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${configuration.LEGACY_API_TOKEN}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ email, password }),
      signal: AbortSignal.timeout(8000),
    });
    if (answer.status === 401 || answer.status === 404) {
      return callback(new WrongUsernameOrPasswordError(email));
    }
    if (!answer.ok) {
      return callback(new Error(`The old store answered ${answer.status}.`));
    }
    return callback(null, profile(await answer.json()));
  } catch (error) {
    return callback(new Error(`The old store could not be asked: ${error.message}`));
  }

  function profile(customer) {
    return {
      user_id: String(customer.number),
      email: customer.email,
      email_verified: customer.email_confirmed === true,
      given_name: customer.first_name,
      family_name: customer.last_name,
      user_metadata: { locale: customer.language ?? "en" },
      app_metadata: { segment: customer.segment ?? "standard", loyalty_tier: customer.tier ?? "none" },
    };
  }
}
