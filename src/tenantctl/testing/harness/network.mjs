// What code asks of the network: answered by the stubs of the run that asks, refused otherwise.
import { AsyncLocalStorage } from "node:async_hooks";
import dgram from "node:dgram";
import dns from "node:dns";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { Readable, Writable } from "node:stream";

export const running = new AsyncLocalStorage();

/**
 * Answers requests for `[METHOD ]URL`, in which `*` is anything. A URL without a query answers any.
 *
 * *reply* is `{status, headers, json | body}`, `{fail: "ECONNREFUSED"}`, `{hang: true}`, a function
 * of the request that gives one, or a list of them: each answers once, the last one from then on.
 * `calls` of what comes back are the requests it has answered.
 */
export function stub(request, reply = {}) {
  const [, method, url] = /^(?:([A-Z]+) )?(\S+)$/.exec(request) ?? [];
  if (!url || !/^https?:\/\//.test(url)) {
    throw new TypeError(`stub(${JSON.stringify(request)}): write "https://..." or "POST https://..."`);
  }
  const replies = Array.isArray(reply) ? [...reply] : [reply];
  const pattern = new RegExp(`^${url.split("*").map(escaped).join(".*")}$`, "s");
  const calls = [];
  return {
    request,
    calls,
    answers: (asked) =>
      (!method || method === asked.method) &&
      (pattern.test(asked.url) || (!url.includes("?") && pattern.test(asked.url.split("?")[0]))),
    async reply(asked) {
      calls.push(asked);
      const next = replies.length > 1 ? replies.shift() : replies[0];
      return typeof next === "function" ? await next(asked) : next;
    },
  };
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

async function answer(asked) {
  const run = running.getStore();
  const found = run?.http.find((each) => each.answers(asked));
  if (!found) {
    run?.unanswered.push(`${asked.method} ${asked.url}`);
    throw refusal(`${asked.method} ${asked.url}`);
  }
  const { status = 200, headers = {}, json, body, ...rest } = (await found.reply(asked)) ?? {};
  if (rest.fail) {
    throw Object.assign(new Error(`${rest.fail} ${asked.url}`), { code: rest.fail });
  }
  if (rest.hang) {
    return undefined;
  }
  if (json === undefined) {
    return { status, headers, body: body ?? "" };
  }
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(json) };
}

function refusal(what) {
  return Object.assign(new Error(`the network is refused in tests: ${what} has no stub`), { code: "ECONNREFUSED" });
}

const BODILESS = new Set([101, 204, 205, 304]);

async function fetched(input, init) {
  const request = new Request(input, init);
  request.signal.throwIfAborted();
  const body = await request.text();
  const asked = { method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body };
  let found;
  try {
    found = await answer(asked);
  } catch (cause) {
    throw new TypeError("fetch failed", { cause });
  }
  if (found === undefined) {
    return aborted(request.signal);
  }
  const { status, headers } = found;
  const response = new Response(BODILESS.has(status) ? null : found.body, { status, headers });
  Object.defineProperty(response, "url", { value: request.url });
  return response;
}

function aborted(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

// As much of http.ClientRequest as clients written on top of it use.
class Sent extends Writable {
  #parts = [];
  #headers = new Map();

  constructor(scheme, given) {
    super();
    const [options, callback] = settled(given);
    const protocol = options.protocol ?? `${scheme}:`;
    const host = options.hostname ?? (options.host ?? "localhost").split(":")[0];
    const usual = options.port === undefined || options.port === null || options.port === "";
    const port = usual || Number(options.port) === { "http:": 80, "https:": 443 }[protocol] ? "" : `:${options.port}`;
    this.method = (options.method ?? "GET").toUpperCase();
    this.path = options.path ?? "/";
    this.host = host;
    this.protocol = protocol;
    this.url = `${protocol}//${host}${port}${this.path}`;
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      this.setHeader(name, value);
    }
    if (callback) {
      this.once("response", callback);
    }
    options.signal?.addEventListener("abort", () => this.destroy(options.signal.reason), { once: true });
  }

  _write(chunk, encoding, done) {
    this.#parts.push(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  _final(done) {
    done();
    const body = Buffer.concat(this.#parts).toString();
    answer({ method: this.method, url: this.url, headers: Object.fromEntries(this.#headers), body }).then(
      (found) => found && this.emit("response", received(found, this)),
      (error) => this.destroy(error),
    );
  }

  setHeader(name, value) {
    this.#headers.set(name.toLowerCase(), value);
    return this;
  }

  getHeader(name) {
    return this.#headers.get(name.toLowerCase());
  }

  getHeaders() {
    return Object.fromEntries(this.#headers);
  }

  hasHeader(name) {
    return this.#headers.has(name.toLowerCase());
  }

  removeHeader(name) {
    this.#headers.delete(name.toLowerCase());
  }

  setTimeout(milliseconds, callback) {
    if (callback) {
      this.once("timeout", callback);
    }
    if (milliseconds) {
      const timer = setTimeout(() => this.emit("timeout"), milliseconds);
      this.once("response", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
    }
    return this;
  }

  flushHeaders() {}

  setNoDelay() {}

  setSocketKeepAlive() {}

  abort() {
    this.destroy();
  }
}

function settled(given) {
  const rest = [...given];
  const callback = typeof rest.at(-1) === "function" ? rest.pop() : undefined;
  const [first, second] = rest;
  if (typeof first !== "string" && !(first instanceof URL)) {
    return [first ?? {}, callback];
  }
  const { protocol, hostname, port, pathname, search } = new URL(first);
  return [{ protocol, hostname, port, path: `${pathname}${search}`, ...second }, callback];
}

function received(found, request) {
  const headers = Object.fromEntries(Object.entries(found.headers).map(([k, v]) => [k.toLowerCase(), v]));
  return Object.assign(Readable.from(found.body ? [Buffer.from(found.body)] : []), {
    statusCode: found.status,
    statusMessage: http.STATUS_CODES[found.status] ?? "",
    headers,
    rawHeaders: Object.entries(headers).flat(),
    httpVersion: "1.1",
    complete: true,
    req: request,
  });
}

function refuse(owner, names) {
  for (const name of names) {
    owner[name] = function refused() {
      throw refusal(`${name}()`);
    };
  }
}

for (const [scheme, owner] of [["http", http], ["https", https]]) {
  owner.request = (...given) => new Sent(scheme, given);
  owner.get = (...given) => new Sent(scheme, given).end();
}
globalThis.fetch = fetched;
refuse(globalThis, ["WebSocket", "EventSource"].filter((name) => name in globalThis));
refuse(net.Socket.prototype, ["connect"]);
refuse(net.Server.prototype, ["listen"]);
refuse(http2, ["connect"]);
refuse(dgram.Socket.prototype, ["bind", "connect", "send"]);
refuse(dns, Object.keys(dns).filter((name) => /^(lookup|resolve|reverse)/.test(name)));
refuse(dns.promises, Object.keys(dns.promises).filter((name) => /^(lookup|resolve|reverse)/.test(name)));
syncBuiltinESMExports();
