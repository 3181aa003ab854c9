/**
 * Asks a customer who keeps coming back what they like, once, and in no hurry.
 *
 * The answers are the customer's own and end up in user_metadata; the form writes them.
 */
const SIGN_INS_BEFORE_ASKING = 3;

exports.onExecutePostLogin = async (event, api) => {
  const known = event.user.user_metadata?.interests !== undefined;
  const early = (event.stats?.logins_count ?? 0) <= SIGN_INS_BEFORE_ASKING;
  const buying = event.client.name === "Checkout"; // nobody is held up at the till
  if (known || early || buying || unseen(event)) {
    return;
  }
  api.prompt.render(event.secrets.FORM_ID);
};

/** Whether nobody would see a form: a token is renewed in the background. */
function unseen(event) {
  return event.transaction?.protocol === "oauth2-refresh-token" || event.request.query?.prompt === "none";
}
