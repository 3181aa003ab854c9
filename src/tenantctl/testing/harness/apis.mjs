// The api objects, trigger by trigger: the methods of Auth0's documentation and no others. Each command is
// written down and takes effect on what a run gives back.
import { leftOut } from "./claims.mjs";
import { sign, verified } from "./tokens.mjs";

export const STATE = "state-of-the-redirect";
const FACTORS = ["push-notification", "phone", "email", "otp", "webauthn-roaming", "webauthn-platform", "recovery-code"];
const ENROLLABLE = [...FACTORS.filter((name) => name !== "email"), "push"];
const PROVIDERS = ["duo", "none", "guardian", "google-authenticator", "any"];
const DAY = 24 * 3600 * 1000;

function text(value, name) {
  if (typeof value !== "string" || !value) {
    throw new TypeError(`${name} must be text, not ${JSON.stringify(value)}`);
  }
}

function number(value, name) {
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new TypeError(`${name} must be a number of milliseconds, not ${JSON.stringify(value)}`);
  }
}

function oneOf(value, allowed, name) {
  if (!allowed.includes(value)) {
    throw new TypeError(`${name} must be one of ${allowed.join(", ")}, not ${JSON.stringify(value)}`);
  }
}

function object(value, name) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new TypeError(`${name} must be an object, not ${JSON.stringify(value)}`);
  }
}

function setOrDelete(target, key, value) {
  text(key, "key");
  if (value === null || value === undefined) {
    delete target[key];
  } else {
    target[key] = structuredClone(value);
  }
}

const access = (run) => ({
  deny: run.command("access.deny", (reason) => {
    text(reason, "reason");
    run.out.denied = { reason };
  }),
});

const user = (run) => {
  const change = (field, changes) => (key, value) => {
    text(key, "key");
    run.out[changes][key] = structuredClone(value ?? null);
    setOrDelete(((run.event.user ??= {})[field] ??= {}), key, value);
  };
  return {
    setAppMetadata: run.command("user.setAppMetadata", change("app_metadata", "appMetadata")),
    setUserMetadata: run.command("user.setUserMetadata", change("user_metadata", "userMetadata")),
  };
};

const claims = (run, token) =>
  run.command(`${token}.setCustomClaim`, (name, value) => {
    text(name, "key");
    const why = leftOut(name, token, run.event.resource_server?.identifier);
    if (why) {
      run.out.ignored.push({ token, claim: name, why });
    } else {
      setOrDelete(run.out[token], name, value);
    }
  });

const cache = (run) => ({
  get(key) {
    const found = run.cache.get(key);
    return found && found.expires_at > Date.now() ? { ...found } : undefined;
  },
  set(key, value, options = {}) {
    if (typeof key !== "string" || typeof value !== "string") {
      return { type: "error", code: "InvalidParameter" };
    }
    const ends = [options.expires_at, options.ttl && Date.now() + options.ttl].filter((each) => each !== undefined);
    const record = { value, expires_at: ends.length ? Math.min(...ends) : Date.now() + DAY };
    run.commands.push({ name: "cache.set", arguments: [key, value, options] });
    run.cache.set(key, record);
    return { type: "success", record };
  },
  delete(key) {
    run.commands.push({ name: "cache.delete", arguments: [key] });
    run.cache.delete(key);
    return { type: "success" };
  },
});

const factors = (run, name, allowed, out) => ({
  [`${name}With`]: run.command(`authentication.${name}With`, (factor, options = {}) => {
    object(factor, "factor");
    const additional = options.additionalFactors ?? [];
    [factor, ...additional].forEach((each) => oneOf(each.type, allowed, "the type of a factor"));
    run.out[out].push(factor, ...additional);
  }),
  [`${name}WithAny`]: run.command(`authentication.${name}WithAny`, (given) => {
    if (!Array.isArray(given)) {
      throw new TypeError("factors must be a list");
    }
    given.forEach((each) => oneOf(each.type, allowed, "the type of a factor"));
    run.out[out].push(...given);
  }),
});

const redirect = (run) => ({
  encodeToken: ({ secret, payload = {}, expiresInSeconds = 900 }) => {
    const now = Math.floor(Date.now() / 1000);
    const { request, user: subject } = run.event;
    const own = { sub: subject?.user_id, iss: request?.hostname, ip: request?.ip, iat: now, exp: now + expiresInSeconds };
    return sign({ ...own, ...payload }, secret);
  },
  sendUserTo: run.command("redirect.sendUserTo", (url, { query = {} } = {}) => {
    const target = new URL(url);
    for (const [name, value] of Object.entries(query)) {
      target.searchParams.set(name, value);
    }
    const told = Object.fromEntries(target.searchParams);
    target.searchParams.set("state", STATE);
    run.out.redirect = { url: target.href, query: told };
  }),
  validateToken: ({ secret, tokenParameterName = "session_token" }) => {
    const { body = {}, query = {} } = run.event.request ?? {};
    const token = body[tokenParameterName] ?? query[tokenParameterName];
    return verified(token, secret, body.state ?? query.state);
  },
});

const prompt = (run) => ({
  render: run.command("prompt.render", (id, options = {}) => {
    text(id, "promptId");
    run.out.prompt = { id, ...structuredClone(options) };
  }),
});

const validation = (run) => ({
  error: run.command("validation.error", (code, message) => {
    text(code, "errorCode");
    text(message, "errorMessage");
    run.out.invalid = { code, message };
  }),
});

const metadata = (run, owner, kept) => ({
  setMetadata: run.command(`${owner}.setMetadata`, (key, value) => setOrDelete(kept(), key, value)),
  deleteMetadata: run.command(`${owner}.deleteMetadata`, (key) => delete kept()[key]),
  evictMetadata: run.command(`${owner}.evictMetadata`, () => {
    Object.keys(kept()).forEach((key) => delete kept()[key]);
  }),
});

const lifetime = (run, owner, out) => {
  const earliest = (field) => (at) => {
    number(at, "the time of expiry");
    out[field] = Math.min(at, out[field] ?? Infinity);
  };
  return {
    revoke: run.command(`${owner}.revoke`, (reason, options) => {
      text(reason, "reason");
      out.revoked = { reason, ...options };
    }),
    setExpiresAt: run.command(`${owner}.setExpiresAt`, earliest("expiresAt")),
    setIdleExpiresAt: run.command(`${owner}.setIdleExpiresAt`, earliest("idleExpiresAt")),
  };
};

const SAML = `setAudience setRecipient setCreateUpnClaim setPassthroughClaimsWithNoMapping setMapUnknownClaimsAsIs
  setMapIdentities setSignatureAlgorithm setDigestAlgorithm setDestination setLifetimeInSeconds setSignResponse
  setNameIdentifierFormat setNameIdentifierProbes setAuthnContextClassRef setSigningCert
  setIncludeAttributeNameFormat setTypedAttributes setEncryptionCert setEncryptionPublicKey setCert setKey
  setRelayState setIssuer setEncryptionAlgorithm`.split(/\s+/);

const samlResponse = (run) => {
  const option = (name) => `${name[3].toLowerCase()}${name.slice(4)}`;
  const set = (name) => (value) => {
    run.out.saml[option(name)] = value;
  };
  return {
    setAttribute: run.command("samlResponse.setAttribute", (name, value) => setOrDelete(run.out.saml.attributes, name, value)),
    ...Object.fromEntries(SAML.map((name) => [name, run.command(`samlResponse.${name}`, set(name))])),
  };
};

const login = (run) => ({
  access: access(run),
  accessToken: {
    setCustomClaim: claims(run, "accessToken"),
    addScope: run.command("accessToken.addScope", (scope) => (text(scope, "scope"), run.out.scopes.added.push(scope))),
    removeScope: run.command("accessToken.removeScope", (scope) => (text(scope, "scope"), run.out.scopes.removed.push(scope))),
  },
  authentication: {
    ...factors(run, "challenge", FACTORS, "challenges"),
    ...factors(run, "enroll", ENROLLABLE, "enrollments"),
    setPrimaryUser: run.command("authentication.setPrimaryUser", (id) => {
      text(id, "primary_user_id");
      run.out.primaryUser = id;
    }),
    ...(run.resumed && {
      recordMethod: run.command("authentication.recordMethod", (url) => {
        text(url, "provider_url");
        run.out.methods.push(new URL(url).href);
      }),
    }),
  },
  cache: cache(run),
  idToken: { setCustomClaim: claims(run, "idToken") },
  multifactor: {
    enable: run.command("multifactor.enable", (provider, options = {}) => {
      oneOf(provider, PROVIDERS, "provider");
      run.out.multifactor = { provider, ...options };
    }),
  },
  prompt: prompt(run),
  redirect: redirect(run),
  refreshToken: {
    ...lifetime(run, "refreshToken", run.out.refreshToken),
    ...metadata(run, "refreshToken", () => ((run.event.refresh_token ??= {}).metadata ??= {})),
  },
  rules: { wasExecuted: (id) => run.rules.includes(id) },
  samlResponse: samlResponse(run),
  session: {
    ...lifetime(run, "session", run.out.session),
    ...metadata(run, "session", () => ((run.event.session ??= {}).metadata ??= {})),
    setCookieMode: run.command("session.setCookieMode", (mode) => {
      oneOf(mode, ["persistent", "non-persistent"], "mode");
      run.out.session.cookieMode = mode;
    }),
  },
  transaction: {
    setMetadata: run.command("transaction.setMetadata", (key, value) =>
      setOrDelete(((run.event.transaction ??= {}).metadata ??= {}), key, value),
    ),
  },
  user: user(run),
  validation: validation(run),
});

const exchange = (run) => ({
  access: {
    deny: run.command("access.deny", (code, reason) => {
      oneOf(code, ["invalid_scope", "invalid_request", "server_error"], "code");
      run.out.denied = { code, reason };
    }),
  },
  accessToken: { setCustomClaim: claims(run, "accessToken") },
  cache: cache(run),
});

const signUp = (run) => ({
  access: {
    deny: run.command("access.deny", (reason, message) => {
      text(reason, "reason");
      text(message, "userMessage");
      run.out.denied = { reason, message };
    }),
  },
  cache: cache(run),
  user: user(run),
  validation: validation(run),
});

const challenge = (run) => ({
  access: access(run),
  authentication: factors(run, "challenge", FACTORS, "challenges"),
  cache: cache(run),
  prompt: prompt(run),
  redirect: redirect(run),
  transaction: {
    setResultUrl: run.command("transaction.setResultUrl", (url, { query = {} } = {}) => {
      const target = new URL(url);
      Object.entries(query).forEach(([name, value]) => target.searchParams.set(name, value));
      run.out.resultUrl = target.href;
    }),
  },
});

const BY_CONNECTION = {
  creationBehavior: ["create_if_not_exists", "none"],
  updateBehavior: ["replace", "none"],
};

const token = (run) => ({
  access: {
    deny: run.command("access.deny", (code, reason) => {
      text(code, "code");
      text(reason, "reason");
      run.out.denied = { code, reason };
    }),
    rejectInvalidSubjectToken: run.command("access.rejectInvalidSubjectToken", (reason) => {
      text(reason, "reason");
      run.out.denied = { code: "invalid_request", reason };
    }),
  },
  authentication: {
    setUserById: run.command("authentication.setUserById", (id) => {
      text(id, "user_id");
      run.out.user = { user_id: id };
    }),
    setUserByConnection: run.command("authentication.setUserByConnection", (name, attributes, options) => {
      text(name, "connection_name");
      text(attributes?.user_id, "user_id of user_attributes");
      for (const [option, allowed] of Object.entries(BY_CONNECTION)) {
        oneOf(options?.[option], allowed, option);
      }
      run.out.user = { connection: name, ...structuredClone(attributes), ...options };
    }),
    setOrganization: run.command("authentication.setOrganization", (id) => {
      text(id, "organization_id_or_name");
      run.out.organization = id;
    }),
  },
  cache: cache(run),
  user: user(run),
});

const notification = (run) => ({
  cache: cache(run),
  notification: {
    drop: run.command("notification.drop", (reason) => (run.out.notification = { drop: true, reason })),
    retry: run.command("notification.retry", (reason) => (run.out.notification = { retry: true, reason })),
  },
});

const quiet = (run) => ({ cache: cache(run) });

export const APIS = {
  "post-login": login,
  "credentials-exchange": exchange,
  "pre-user-registration": signUp,
  "post-user-registration": quiet,
  "post-change-password": quiet,
  "password-reset-post-challenge": challenge,
  "send-phone-message": quiet,
  "custom-email-provider": notification,
  "custom-phone-provider": notification,
  "custom-token-exchange": token,
  "event-stream": quiet,
};
