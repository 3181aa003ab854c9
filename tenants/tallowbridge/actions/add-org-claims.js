/**
 * Tells the applications for which customer somebody is here: the organization's name and plan and
 * the roles within it, in the ID token.
 *
 * The plan comes from the organization and the roles from Auth0, which no member can write. Without
 * a namespace there are no claims rather than unsafe names; our own staff belong to no organization.
 */
exports.onExecutePostLogin = async (event, api) => {
  const namespace = event.secrets.CLAIM_NAMESPACE;
  if (!namespace || !event.organization) {
    return;
  }
  api.idToken.setCustomClaim(`${namespace}/organization`, event.organization.name);
  api.idToken.setCustomClaim(`${namespace}/plan`, event.organization.metadata?.plan ?? "business");
  api.idToken.setCustomClaim(`${namespace}/roles`, event.authorization?.roles ?? []);
};
