/**
 * Tells Tallowbridge which campus somebody came through: the connection's own name, in the ID token.
 *
 * It is never read off the address, which a campus may hand out as it likes.
 */
exports.onExecutePostLogin = async (event, api) => {
  const namespace = event.secrets.CLAIM_NAMESPACE;
  if (namespace) {
    api.idToken.setCustomClaim(`${namespace}/campus`, event.connection.name);
  }
};
