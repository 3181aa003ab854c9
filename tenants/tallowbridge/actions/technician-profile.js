/**
 * Asks a technician, from the third sign-in on, which certificates they hold: jobs with gas or high
 * voltage go only to people who may do them.
 *
 * An application asks by `asks_profile: "true"` in its metadata, which only the technicians' app has.
 * The form saves the answer itself; what is answered once is not asked again.
 */
const FIRST_ASKED_AT = 3;

exports.onExecutePostLogin = async (event, api) => {
  const asks = event.client.metadata?.asks_profile === "true";
  const often = (event.stats?.logins_count ?? 0) >= FIRST_ASKED_AT;
  const answered = event.user.app_metadata?.certificates !== undefined;
  if (asks && often && !answered) {
    api.prompt.render(event.secrets.PROFILE_FORM_ID);
  }
};

exports.onContinuePostLogin = async () => {};
