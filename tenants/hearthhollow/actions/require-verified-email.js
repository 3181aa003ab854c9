/**
 * Lets nobody into an application that asks for a confirmed e-mail address without one.
 *
 * An application asks by `requires_verified_email: "true"` in its metadata; the shop front does
 * not, so that people can look around before they have opened their mail.
 */
const MESSAGES = {
  en: "Please open the link in our e-mail to confirm your address, then sign in again.",
  de: "Bitte bestätigen Sie Ihre Adresse über den Link in unserer E-Mail und melden Sie sich erneut an.",
  fr: "Confirmez votre adresse avec le lien reçu par e-mail, puis reconnectez-vous.",
};

exports.onExecutePostLogin = async (event, api) => {
  const asked = event.client.metadata?.requires_verified_email === "true";
  if (!asked || event.user.email_verified) {
    return;
  }
  api.access.deny(MESSAGES[event.user.user_metadata?.locale] ?? MESSAGES.en);
};
