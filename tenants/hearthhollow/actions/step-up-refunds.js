/**
 * Has a refund confirmed with a second factor, whoever asks for it and however they signed in.
 *
 * An application asks by requesting the scope, or the multi-factor context class by itself.
 */
const SENSITIVE = ["refund:orders"];
const MULTI_FACTOR = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

exports.onExecutePostLogin = async (event, api) => {
  const { requested_scopes = [], acr_values = [], protocol } = event.transaction ?? {};
  const wanted =
    acr_values.includes(MULTI_FACTOR) || requested_scopes.some((scope) => SENSITIVE.includes(scope));
  if (!wanted || protocol === "oauth2-refresh-token") {
    return; // a refreshed token can say no more than the one it came with
  }
  const confirmed = (event.authentication?.methods ?? []).some((method) => method.name === "mfa");
  if (!confirmed) {
    api.authentication.challengeWith(
      { type: "otp" },
      { additionalFactors: [{ type: "webauthn-roaming" }] },
    );
  }
};
