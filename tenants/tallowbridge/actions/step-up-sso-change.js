/**
 * Asks for a second factor before anybody changes how a whole company signs in.
 *
 * The portal asks for a token with `update:sso` only when an administrator opens that page; whoever
 * has used a second factor in this session already is not asked again.
 */
const SENSITIVE = "update:sso";

exports.onExecutePostLogin = async (event, api) => {
  const wanted = event.transaction?.requested_scopes ?? [];
  if (!wanted.includes(SENSITIVE)) {
    return;
  }
  const methods = event.authentication?.methods ?? [];
  if (methods.some((method) => method.name === "mfa")) {
    return;
  }
  api.authentication.challengeWithAny([{ type: "otp" }, { type: "webauthn-roaming" }, { type: "push-notification" }]);
};
