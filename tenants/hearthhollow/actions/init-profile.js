/**
 * Gives every new customer a language and a segment, so that no later code meets a profile
 * without them. Mail and claims rely on both.
 */
const LANGUAGES = ["en", "de", "fr"];

exports.onExecutePreUserRegistration = async (event, api) => {
  const wanted = (event.request.language ?? "").slice(0, 2).toLowerCase();
  api.user.setUserMetadata("locale", LANGUAGES.includes(wanted) ? wanted : "en");
  api.user.setAppMetadata("segment", "standard");
};
