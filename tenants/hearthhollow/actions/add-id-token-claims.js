/**
 * Tells the applications how to serve a customer: segment and loyalty tier, in the ID token.
 *
 * Both come from app_metadata, which only our own services write; the language is the
 * customer's own choice. Without a namespace there are no claims rather than unsafe names.
 */
const DEFAULTS = { segment: "standard", loyalty_tier: "none" };

exports.onExecutePostLogin = async (event, api) => {
  const namespace = event.secrets.CLAIM_NAMESPACE;
  if (!namespace) {
    return;
  }
  const facts = event.user.app_metadata ?? {};
  for (const [name, fallback] of Object.entries(DEFAULTS)) {
    api.idToken.setCustomClaim(`${namespace}/${name}`, facts[name] ?? fallback);
  }
  api.idToken.setCustomClaim(`${namespace}/locale`, event.user.user_metadata?.locale ?? "en");
};
