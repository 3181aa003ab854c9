// What an event holds where a test says nothing of it: the properties that Auth0's documentation has for
// each trigger, with the values of an ordinary customer.
const AT = "2026-01-15T09:30:00.000Z";

const client = () => ({ client_id: "client0000000000000000000000test", name: "Test application", metadata: {} });

const connection = () => ({
  id: "con_0000000000000001",
  name: "Username-Password-Authentication",
  strategy: "auth0",
  metadata: {},
});

const request = (tenant, method, more = {}) => ({
  hostname: `${tenant}.eu.auth0.com`,
  ip: "203.0.113.7",
  language: "en",
  method,
  user_agent: "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0",
  geoip: {
    cityName: "Lyon",
    continentCode: "EU",
    countryCode: "FR",
    countryCode3: "FRA",
    countryName: "France",
    latitude: 45.75,
    longitude: 4.85,
    subdivisionCode: "ARA",
    subdivisionName: "Auvergne-Rhone-Alpes",
    timeZone: "Europe/Paris",
  },
  ...more,
});

const profile = () => ({
  email: "customer@example.com",
  family_name: "Person",
  given_name: "Test",
  name: "Test Person",
  nickname: "customer",
  picture: "https://cdn.example.com/customer.png",
});

const user = () => ({
  user_id: "auth0|000000000000000000000001",
  ...profile(),
  email_verified: true,
  created_at: AT,
  updated_at: AT,
  app_metadata: {},
  user_metadata: {},
  identities: [
    {
      connection: "Username-Password-Authentication",
      isSocial: false,
      provider: "auth0",
      user_id: "000000000000000000000001",
    },
  ],
});

const transaction = () => ({
  acr_values: [],
  locale: "en",
  protocol: "oidc-basic-profile",
  redirect_uri: "https://app.example.com/callback",
  requested_scopes: ["openid", "profile", "email"],
  response_mode: "query",
  response_type: ["code"],
  state: "state-of-the-application",
  ui_locales: [],
});

const login = (tenant) => ({
  authentication: { methods: [{ name: "pwd", timestamp: AT }] },
  authorization: { roles: [] },
  client: client(),
  connection: connection(),
  request: request(tenant, "GET", { asn: "64500", body: {}, query: {} }),
  resource_server: { identifier: `https://${tenant}.eu.auth0.com/userinfo` },
  session: { id: "session0000000000000000000000001", created_at: AT, updated_at: AT, authenticated_at: AT },
  stats: { logins_count: 1 },
  tenant: { id: tenant },
  transaction: { id: "txn_0000000000000001", ...transaction(), metadata: {} },
  user: { ...user(), enrolledFactors: [], multifactor: [] },
});

const exchange = (tenant) => ({
  accessToken: { customClaims: {}, scope: [] },
  client: client(),
  request: request(tenant, "POST", { body: { grant_type: "client_credentials" } }),
  resource_server: { identifier: "https://api.example.com" },
  tenant: { id: tenant },
  transaction: { requested_scopes: [] },
});

const signUp = (tenant) => ({
  client: client(),
  connection: connection(),
  request: request(tenant, "POST", { body: {} }),
  tenant: { id: tenant },
  transaction: transaction(),
  user: { ...profile(), app_metadata: {}, user_metadata: {} },
});

const signedUp = (tenant) => ({
  connection: connection(),
  request: request(tenant, "POST"),
  tenant: { id: tenant },
  transaction: transaction(),
  user: { ...user(), email_verified: false },
});

const changed = (tenant) => ({
  connection: connection(),
  request: request(tenant, "POST"),
  tenant: { id: tenant },
  transaction: {},
  user: {
    user_id: user().user_id,
    email: profile().email,
    email_verified: true,
    last_password_reset: AT,
  },
});

const challenged = (tenant) => ({
  authentication: { methods: [{ name: "email", timestamp: AT }] },
  authorization: { roles: [] },
  client: client(),
  connection: connection(),
  request: request(tenant, "GET", { body: {}, query: {} }),
  stats: { logins_count: 1 },
  tenant: { id: tenant },
  transaction: { locale: "en", state: "state-of-the-application", ui_locales: [] },
  user: { ...user(), enrolledFactors: [], multifactor: [] },
});

const message = (tenant) => ({
  client: client(),
  message_options: {
    action: "second-factor-authentication",
    code: "123456",
    message_type: "sms",
    recipient: "+33600000000",
    text: "123456 is your verification code",
  },
  request: request(tenant, "POST"),
  tenant: { id: tenant },
  transaction: {},
  user: user(),
});

const email = (tenant) => ({
  client: client(),
  connection: connection(),
  notification: {
    from: "noreply@example.com",
    html: "<p>Please confirm your address.</p>",
    locale: "en_US",
    message_type: "verify_email",
    subject: "Confirm your address",
    text: "Please confirm your address.",
    to: profile().email,
  },
  request: request(tenant, "POST", { query: {} }),
  tenant: { id: tenant, friendly_name: tenant },
  transaction: {},
  user: user(),
});

const phone = (tenant) => ({
  client: client(),
  connection: connection(),
  notification: {
    as_text: "123456 is your verification code",
    as_voice: "1 2 3 4 5 6 is your verification code",
    code: "123456",
    delivery_method: "text",
    from: "+33700000000",
    locale: "en_US",
    message_type: "otp_verify",
    recipient: "+33600000000",
  },
  request: request(tenant, "POST"),
  tenant: { id: tenant, friendly_name: tenant },
  transaction: {},
  user: user(),
});

const token = (tenant) => ({
  client: client(),
  request: request(tenant, "POST", { body: {} }),
  resource_server: { identifier: "https://api.example.com" },
  tenant: { id: tenant },
  transaction: {
    requested_scopes: [],
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    subject_token: "subject-token",
    subject_token_type: "urn:example:token-of-ours",
  },
});

const stream = (tenant) => ({
  message: {
    id: "evt_0000000000000001",
    type: "user.created",
    source: `urn:auth0:${tenant}`,
    specversion: "1.0",
    time: AT,
    data: { object: user() },
  },
});

export const EVENTS = {
  "post-login": login,
  "credentials-exchange": exchange,
  "pre-user-registration": signUp,
  "post-user-registration": signedUp,
  "post-change-password": changed,
  "password-reset-post-challenge": challenged,
  "send-phone-message": message,
  "custom-email-provider": email,
  "custom-phone-provider": phone,
  "custom-token-exchange": token,
  "event-stream": stream,
};

/** *base* with what *given* says over it: objects are joined, all else replaced, undefined left out. */
export function joined(base, given) {
  if (!isObject(base) || !isObject(given)) {
    return structuredClone(given);
  }
  const found = { ...base };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) {
      delete found[name];
    } else {
      found[name] = joined(base[name], value);
    }
  }
  return found;
}

function isObject(value) {
  return value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
}
