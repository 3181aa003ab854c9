/**
 * Asks for a second factor before anybody changes how a whole company signs in.
 *
 * The portal asks for a token with `update:sso` only when an administrator opens that page. Whoever has
 * used a second factor in this session is not asked again; who has none yet sets one up first.
 */
const SENSITIVE = "update:sso";
const FACTORS = ["otp", "webauthn-roaming", "push-notification"];

exports.onExecutePostLogin = async (event, api) => {
  const wanted = event.transaction?.requested_scopes ?? [];
  const methods = event.authentication?.methods ?? [];
  if (!wanted.includes(SENSITIVE) || methods.some((method) => method.name === "mfa")) {
    return;
  }
  const enrolled = (event.user.enrolledFactors ?? []).map((factor) => factor.type);
  const usable = FACTORS.filter((type) => enrolled.includes(type)).map((type) => ({ type }));
  if (usable.length > 0) {
    api.authentication.challengeWithAny(usable);
  } else {
    api.authentication.enrollWithAny(FACTORS.map((type) => ({ type })));
  }
};
