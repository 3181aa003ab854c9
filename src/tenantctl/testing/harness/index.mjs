// `import { action, script, stub } from "tenantctl:test"`: the code of a tenant, ready to be run by tests.
import { appendFileSync, readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { join, resolve } from "node:path";
import vm from "node:vm";

import { APIS, STATE } from "./apis.mjs";
import { weigh } from "./claims.mjs";
import { EVENTS, joined } from "./events.mjs";
import { running, stub } from "./network.mjs";
import { sign } from "./tokens.mjs";

export { stub };

const manifest = JSON.parse(readFileSync(process.env.TENANTCTL_TESTS, "utf8"));
const CURRENT = { "post-login": "v3", "custom-email-provider": "v1", "custom-phone-provider": "v1",
  "custom-token-exchange": "v1", "event-stream": "v1", "login-post-identifier": "v1",
  "password-hash-migration": "v1", "password-reset-post-challenge": "v1", "post-credential-validation": "v1",
  "signup-post-identifier": "v1" };
const LONGEST = 20_000;

/** The action of this key: `run` calls its handler, `resume` the one that goes on after a redirect. */
export function action(key) {
  const unit = unitOf("action", key);
  const { trigger, version } = unit;
  const current = CURRENT[trigger] ?? "v2";
  if (version !== current) {
    throw new Error(`action("${key}") is for ${trigger} ${version}; what can be run here is ${current}`);
  }
  const name = trigger.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("");
  return {
    unit,
    run: (given = {}) => execute(unit, `onExecute${name}`, given, false),
    resume: (given = {}) => execute(unit, `onContinue${name}`, given, true),
  };
}

/** The script of a database connection, such as `script("customers", "login")`. */
export function script(connection, name) {
  const unit = unitOf("script", `${connection}/${name}`);
  return {
    unit,
    run: (parameters = [], given = {}) => interpret(unit, name, parameters, given),
  };
}

function unitOf(sort, key) {
  const found = manifest.units.find((each) => each.sort === sort && each.key === key);
  if (!found) {
    const known = manifest.units.filter((each) => each.sort === sort).map((each) => each.key);
    throw new Error(`${manifest.tenant} has no ${sort} ${key}; it has ${known.join(", ") || "none"}`);
  }
  return found;
}

async function execute(unit, handler, given, resumed) {
  known(given, ["event", "secrets", "http", "modules", "cache", "rules", "api", ...(resumed ? ["token"] : [])], handler);
  if (!EVENTS[unit.trigger] && !given.event) {
    throw new Error(`Auth0 documents no event and no api of ${unit.trigger}: give event: {...} and api: {...}`);
  }
  const event = eventOf(unit, given, resumed);
  const run = recorder(event, given, resumed);
  const api = joinedApi((APIS[unit.trigger] ?? APIS["event-stream"])(run), given.api);
  run.api = api;
  const ended = await guarded(run, handler, async () => {
    const { exports } = load(unit, {}, given, run);
    record(unit, handler, exports);
    if (typeof exports[handler] !== "function") {
      throw new Error(`${unit.key} exports no ${handler}; it exports ${Object.keys(exports).join(", ") || "nothing"}`);
    }
    return exports[handler](event, api);
  });
  weigh(run.out.idToken, "the ID token");
  weigh(run.out.accessToken, "the access token");
  return { ...run.out, commands: run.commands, logs: run.logs, cache: run.cache, event, returned: ended };
}

function eventOf(unit, given, resumed) {
  const event = joined(EVENTS[unit.trigger]?.(manifest.tenant) ?? {}, given.event ?? {});
  event.secrets = valuesOf(unit.secrets, given.secrets, `action ${unit.key} declares no secret`);
  if (resumed) {
    const request = (event.request ??= {});
    request.method = "POST";
    request.query = { state: STATE, ...request.query };
    if (given.token) {
      const { name = "session_token", secret, payload } = given.token;
      const now = Math.floor(Date.now() / 1000);
      const own = { sub: event.user?.user_id, iss: "https://app.example.com", iat: now, exp: now + 60, state: STATE };
      request.body = { [name]: sign({ ...own, ...payload }, secret), ...request.body };
    }
  }
  return event;
}

// Real values never get here: where a test gives none, a value that says what it stands for.
function valuesOf(names, given = {}, complaint) {
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      throw new Error(`${complaint} ${name}; it has ${names.join(", ") || "none"}`);
    }
  }
  const values = names.map((name) => [name, name in given ? given[name] : `test-${name}`]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function recorder(event, given, resumed) {
  const commands = [];
  const out = {
    denied: undefined,
    invalid: undefined,
    redirect: undefined,
    prompt: undefined,
    multifactor: undefined,
    primaryUser: undefined,
    notification: undefined,
    resultUrl: undefined,
    user: undefined,
    organization: undefined,
    idToken: {},
    accessToken: {},
    scopes: { added: [], removed: [] },
    appMetadata: {},
    userMetadata: {},
    challenges: [],
    enrollments: [],
    methods: [],
    session: {},
    refreshToken: {},
    saml: { attributes: {} },
    ignored: [],
  };
  const { http = [], rules = [], cache = new Map() } = given;
  const run = { event, commands, out, resumed, http, rules, cache, logs: [] };
  run.command = (name, effect) => (...parameters) => {
    commands.push({ name, arguments: copied(parameters) });
    effect(...parameters);
    return run.api;
  };
  return run;
}

function copied(parameters) {
  return JSON.parse(JSON.stringify(parameters, (_, value) => (typeof value === "function" ? `${value}` : value)) ?? "[]");
}

function joinedApi(api, given = {}) {
  const found = { ...api };
  for (const [name, methods] of Object.entries(given)) {
    found[name] = { ...api[name], ...methods };
  }
  return found;
}

// Runs code with its stubs and its clock, and makes sure that it did nothing behind the test's back.
async function guarded(run, name, job, longest = LONGEST) {
  const store = { http: run.http ?? [], unanswered: [] };
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} took longer than ${longest / 1000} s; Auth0 stops it then`)), longest);
  });
  try {
    return await Promise.race([running.run(store, async () => job()), late]);
  } finally {
    clearTimeout(timer);
    await settled();
    complain(store.unanswered);
  }
}

function complain(unanswered) {
  if (unanswered.length > 0) {
    const [first] = unanswered;
    throw new Error(`asked for ${[...new Set(unanswered)].join(" and ")} without a stub: http: [stub("${first}", {...})]`);
  }
}

// What was started and not waited for gets its turn, so that it is told, too.
async function settled() {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((next) => setImmediate(next));
  }
}

function load(unit, globals, given, run) {
  const module = { exports: {} };
  const file = resolve(unit.file);
  const names = {
    exports: module.exports,
    require: requirer(unit, given, run),
    module,
    __filename: file,
    __dirname: join(file, ".."),
    console: listener(run),
    ...globals,
  };
  const compiled = compile(unit, file, Object.keys(names));
  const returned = compiled(...Object.values(names));
  return { exports: module.exports, returned };
}

function compile(unit, filename, names) {
  if (unit.sort !== "script") {
    return vm.compileFunction(unit.code, names, { filename });
  }
  try {
    return vm.compileFunction(`return (${unit.code}\n)`, names, { filename });
  } catch (error) {
    const [, name] = /^(?:async\s+)?function\s+([\w$]+)/m.exec(unit.code) ?? [];
    if (!name) {
      throw error;
    }
    return vm.compileFunction(`${unit.code}\n;return ${name};`, names, { filename });
  }
}

function listener(run) {
  const hear = (level) => (...words) => run.logs.push({ level, text: words.map(String).join(" ") });
  return Object.fromEntries(["debug", "error", "info", "log", "trace", "warn"].map((level) => [level, hear(level)]));
}

function requirer(unit, given, run) {
  const modules = given.modules ?? {};
  return (name) => {
    if (name in modules) {
      return modules[name];
    }
    if (name.startsWith("actions:")) {
      return shared(name, given, run);
    }
    return isBuiltin(name) ? createRequire(import.meta.url)(name) : installed(unit, name);
  };
}

function shared(name, given, run) {
  const unit = unitOf("module", name.slice("actions:".length));
  const values = Object.fromEntries(unit.secrets.map((each) => [each, given.secrets?.[each] ?? `test-${each}`]));
  return load(unit, { actions: { secrets: values } }, given, run).exports;
}

function installed(unit, name) {
  const own = name.split("/").slice(0, name.startsWith("@") ? 2 : 1).join("/");
  const declared = unit.dependencies[own];
  if (declared === undefined && unit.sort !== "script") {
    throw new Error(`Cannot find module '${name}': ${unit.key} declares no dependency ${own}`);
  }
  const wanted = declared && declared !== "latest" ? `${own}@${declared}` : own;
  for (const folder of manifest.folders) {
    const require = createRequire(join(resolve(folder), "package.json"));
    let found;
    try {
      found = require.resolve(name);
    } catch {
      continue;
    }
    check(require, own, declared, wanted);
    return require(found);
  }
  throw new Error(
    `${unit.key} requires ${wanted}, which is not installed here: npm install --no-save ${wanted}, or give modules: {"${name}": ...}`,
  );
}

function check(require, own, declared, wanted) {
  if (!/^\d/.test(declared ?? "")) {
    return;
  }
  const folders = require.resolve.paths(own) ?? [];
  for (const folder of folders) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, own, "package.json"), "utf8"));
      if (version !== declared) {
        throw new Error(`${own} ${version} is installed, ${declared} is declared: npm install --no-save ${wanted}`);
      }
      return;
    } catch (error) {
      if (error.code !== "ENOENT") {
        throw error;
      }
    }
  }
}

class WrongUsernameOrPasswordError extends Error {
  constructor(identifier, message = "Wrong username or password") {
    super(message);
    this.name = "WrongUsernameOrPasswordError";
    this.identifier = identifier;
  }
}

class ValidationError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "ValidationError";
    this.code = code;
  }
}

class UnauthorizedError extends Error {
  constructor(message) {
    super(message);
    this.name = "UnauthorizedError";
  }
}

const ERRORS = { WrongUsernameOrPasswordError, ValidationError, UnauthorizedError };
const PROFILES = ["login", "get_user"];

async function interpret(unit, name, parameters, given) {
  known(given, ["configuration", "http", "modules"], "run");
  const complaint = `script ${unit.key} has no configuration`;
  const configuration = valuesOf(unit.configuration, given.configuration, complaint);
  const run = { http: given.http, logs: [] };
  const found = await guarded(run, unit.key, async () => {
    const { returned } = load(unit, { configuration, ...ERRORS }, given, run);
    record(unit, name, { [name]: returned });
    if (typeof returned !== "function") {
      throw new Error(`${unit.key} is no function`);
    }
    return called(unit, returned, parameters);
  });
  if (PROFILES.includes(name) && found !== undefined && found !== null) {
    identified(unit, found);
  }
  return found;
}

// With a callback, as scripts are documented, or without: then what the promise brings.
function called(unit, code, parameters) {
  if (code.length <= parameters.length) {
    return code(...parameters);
  }
  return new Promise((resolved, reject) => {
    const callback = (error, value) => (error ? reject(error) : resolved(value));
    const returned = code(...parameters, callback);
    returned?.then?.(undefined, reject);
  });
}

function identified(unit, profile) {
  if (typeof profile !== "object" || !(profile.user_id ?? profile.id)) {
    throw new Error(`${unit.key} gives a profile without user_id; Auth0 cannot tell whose it is`);
  }
}

function known(given, names, what) {
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      throw new TypeError(`${what} knows no ${name}; it knows ${names.join(", ")}`);
    }
  }
}

function record(unit, handler, exports) {
  const handlers = Object.keys(exports).filter((name) => typeof exports[name] === "function");
  const line = { unit: unit.name, handler, handlers, file: process.argv[1] };
  appendFileSync(process.env.TENANTCTL_RECORD, `${JSON.stringify(line)}\n`);
}
