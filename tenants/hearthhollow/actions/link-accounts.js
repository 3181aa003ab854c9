/**
 * Asks who comes from Google, Apple or Facebook for the first time whether there is an account already.
 *
 * The page, which is ours, has the customer sign in to the other account, and lets the Account
 * Linking Service join the two. It sends back a signed token that names the account to go on with.
 * An equal address alone never joins anything: the page is only offered to addresses that the
 * provider has verified (`email_verified`), and the customer proves the other account there.
 */
const PROVIDERS = ["google-oauth2", "apple", "facebook"];
const MESSAGES = {
  en: "Your accounts could not be linked. Please sign in again.",
  de: "Ihre Konten konnten nicht verbunden werden. Bitte melden Sie sich erneut an.",
  fr: "Vos comptes n’ont pas pu être associés. Reconnectez-vous, s’il vous plaît.",
};

exports.onExecutePostLogin = async (event, api) => {
  const asked = event.user.app_metadata?.linking_offered === true;
  const social = PROVIDERS.includes(event.connection.strategy);
  const alone = (event.user.identities ?? []).length <= 1;
  if (asked || !social || !alone || !event.user.email_verified || unseen(event)) {
    return;
  }
  const token = api.redirect.encodeToken({
    secret: event.secrets.LINKING_TOKEN_KEY,
    expiresInSeconds: 600,
    payload: { email: event.user.email, provider: event.connection.strategy },
  });
  api.redirect.sendUserTo(event.secrets.LINKING_PAGE_URL, { query: { session_token: token } });
};

exports.onContinuePostLogin = async (event, api) => {
  let answer;
  try {
    answer = api.redirect.validateToken({
      secret: event.secrets.LINKING_TOKEN_KEY,
      tokenParameterName: "session_token",
    });
  } catch {
    api.access.deny(MESSAGES[event.user.user_metadata?.locale] ?? MESSAGES.en);
    return;
  }
  if (answer.linked_to) {
    api.authentication.setPrimaryUser(answer.linked_to);
  } else {
    api.user.setAppMetadata("linking_offered", true);
  }
};

/** Whether nobody would see a page: a token is renewed in the background. */
function unseen(event) {
  return event.transaction?.protocol === "oauth2-refresh-token" || event.request.query?.prompt === "none";
}
