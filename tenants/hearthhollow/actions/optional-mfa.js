/**
 * Asks for a second factor where a customer has wished for one in the account centre.
 *
 * Who has set one up already confirms with it; who has not yet is shown how, once. Any of ours will
 * do; a recovery code is accepted by Auth0 for whoever has lost theirs.
 */
const OFFERED = ["otp", "webauthn-roaming", "phone"];

exports.onExecutePostLogin = async (event, api) => {
  const wished = event.user.user_metadata?.second_factor === true;
  if (!wished || event.transaction?.protocol === "oauth2-refresh-token") {
    return; // a refreshed token comes from a sign-in that was confirmed already
  }
  const enrolled = (event.user.enrolledFactors ?? [])
    .map((factor) => factor.type)
    .filter((type) => OFFERED.includes(type));
  if (enrolled.length > 0) {
    api.authentication.challengeWithAny(enrolled.map((type) => ({ type })));
  } else {
    api.authentication.enrollWithAny(OFFERED.map((type) => ({ type })));
  }
};
