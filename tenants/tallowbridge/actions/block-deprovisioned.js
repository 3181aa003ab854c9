/**
 * Keeps out who was let go, even where a session at the customer's identity provider still lives,
 * and everybody of a customer whose contract has ended.
 *
 * The administration portal writes `deprovisioned_at` to app_metadata, operations writes
 * `status: suspended` to the organization.
 */
const MESSAGES = {
  member: {
    en: "Your access has ended. Please ask an administrator of your company.",
    de: "Ihr Zugang wurde beendet. Bitte wenden Sie sich an die Verwaltung Ihres Unternehmens.",
    fr: "Votre accès a pris fin. Adressez-vous à l’administrateur de votre entreprise.",
  },
  organization: {
    en: "Your company's access to Tallowbridge is suspended.",
    de: "Der Zugang Ihres Unternehmens zu Tallowbridge ruht.",
    fr: "L’accès de votre entreprise à Tallowbridge est suspendu.",
  },
};

exports.onExecutePostLogin = async (event, api) => {
  const language = event.user.user_metadata?.locale;
  if (event.user.app_metadata?.deprovisioned_at) {
    api.access.deny(MESSAGES.member[language] ?? MESSAGES.member.en);
  } else if (event.organization?.metadata?.status === "suspended") {
    api.access.deny(MESSAGES.organization[language] ?? MESSAGES.organization.en);
  }
};
