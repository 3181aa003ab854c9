/**
 * Shows the form that confirms a new e-mail address, to who has asked for one.
 *
 * The Email Change Service puts the address into app_metadata after the customer has typed it in
 * the account centre; the flows behind the form send a code there and change the address.
 */
exports.onExecutePostLogin = async (event, api) => {
  const address = event.user.app_metadata?.new_email;
  const database = event.connection.strategy === "auth0"; // a provider's address is the provider's
  if (!address || !database || unseen(event)) {
    return;
  }
  api.prompt.render(event.secrets.FORM_ID, { vars: { new_email: address } });
};

/** Whether nobody would see a form: a token is renewed in the background. */
function unseen(event) {
  return event.transaction?.protocol === "oauth2-refresh-token" || event.request.query?.prompt === "none";
}
