import assert from "node:assert/strict";
import dgram from "node:dgram";
import dns from "node:dns";
import http from "node:http";
import https, { request } from "node:https";
import net from "node:net";
import { test } from "node:test";

import { action, stub } from "tenantctl:test";

const API = "https://api.example/v1/things";
const run = (job, http = [], options = {}) => action("post-login").run({ modules: { job }, http, ...options });
const read = (client, options) =>
  new Promise((resolve, reject) => {
    const sent = client(options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => {
        text += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode, type: answer.headers["content-type"], text }));
    });
    sent.on("error", reject);
    sent.end(options.body);
  });

test("a request is answered by its stub, which keeps it", async () => {
  const things = stub(`POST ${API}`, { status: 201, json: { id: 1 }, headers: { "X-Id": "1" } });
  const job = async () => {
    const answer = await fetch(`${API}?a=1`, { method: "POST", headers: { "X-Key": "k" }, body: "{}" });
    return [answer.status, answer.ok, answer.url, answer.headers.get("x-id"), await answer.json()];
  };
  const { returned } = await run(job, [things]);
  assert.deepEqual(returned, [201, true, `${API}?a=1`, "1", { id: 1 }]);
  const [call] = things.calls;
  assert.deepEqual([call.method, call.url, call.headers["x-key"], call.body], ["POST", `${API}?a=1`, "k", "{}"]);
});

for (const [pattern, url, method, answers] of [
  [API, API, "GET", true],
  [API, `${API}?a=1`, "PUT", true],
  [`GET ${API}`, API, "POST", false],
  [`${API}?a=1`, `${API}?a=2`, "GET", false],
  [`${API}/*`, `${API}/7/parts`, "GET", true],
  [API, `${API}/7`, "GET", false],
  ["https://*.example/v1", "https://other.example/v1", "GET", true],
]) {
  test(`a stub for ${pattern} ${answers ? "answers" : "does not answer"} ${method} ${url}`, async () => {
    const asked = run(async () => (await fetch(url, { method })).status, [stub(pattern)]);
    await (answers ? asked : assert.rejects(asked, /without a stub/));
  });
}

test("answers can follow each other, be worked out, or have no body", async () => {
  const job = async () => {
    const texts = [];
    for (const id of [1, 2, 3]) {
      texts.push(await (await fetch(`${API}/${id}`)).text());
    }
    return [...texts, (await fetch("https://api.example/empty")).status];
  };
  const stubs = [stub(`${API}/*`, [{ body: "first" }, ({ url }) => ({ body: url.slice(-1) })]), stub("https://api.example/empty", { status: 204 })];
  assert.deepEqual((await run(job, stubs)).returned, ["first", "2", "3", 204]);
});

test("a request can fail, or be given up", async () => {
  const failing = async () => fetch(API).catch((error) => error.cause.code);
  assert.equal((await run(failing, [stub(API, { fail: "ECONNRESET" })])).returned, "ECONNRESET");
  const hanging = async () => fetch(API, { signal: AbortSignal.timeout(10) }).catch((error) => error.name);
  assert.equal((await run(hanging, [stub(API, { hang: true })])).returned, "TimeoutError");
});

test("what nothing answers fails the run, even if the code makes the best of it", async () => {
  const job = () => fetch(API).catch(() => "made the best of it");
  await assert.rejects(run(job), /asked for GET https:\/\/api.example\/v1\/things without a stub/);
});

test("what nobody waits for is told, too", async () => {
  const job = () => {
    fetch(API).catch(() => {});
  };
  await assert.rejects(run(job), /without a stub/);
});

test("stubs are of one run only", async () => {
  await run(() => fetch(API), [stub(API)]);
  await assert.rejects(run(() => fetch(API)), /without a stub/);
});

test("clients on top of http and https are answered, too", async () => {
  const job = async () => [
    await read(https.request, { hostname: "api.example", path: "/v1/things", method: "POST", body: "sent" }),
    await read((options, done) => http.get("http://plain.example:8080/a", done), {}),
  ];
  const [things, plain] = [stub(`POST ${API}`, { json: { a: 1 } }), stub("http://plain.example:8080/a", { status: 404 })];
  const { returned } = await run(job, [things, plain]);
  assert.deepEqual(returned[0], { status: 200, type: "application/json", text: '{"a":1}' });
  assert.equal(returned[1].status, 404);
  assert.equal(things.calls[0].body, "sent");
});

test("clients on top of https are refused what nothing answers", async () => {
  const job = () => read(request, { hostname: "api.example", path: "/" }).catch((error) => error.code);
  await assert.rejects(run(job), /GET https:\/\/api.example\/ without a stub/);
});

for (const [what, ask] of [
  ["sockets", () => net.connect(80, "127.0.0.1")],
  ["servers", () => net.createServer().listen(0)],
  ["names", () => dns.lookup("example.com", () => {})],
  ["datagrams", () => dgram.createSocket("udp4").send("x", 9, "127.0.0.1")],
]) {
  test(`there is no way around: ${what}`, () => {
    assert.throws(ask, /the network is refused in tests/);
  });
}

test("test files have no network of their own", async () => {
  await assert.rejects(fetch(API), (error) => /refused in tests/.test(error.cause.message));
});

test("a stub for no URL is a mistake", () => {
  assert.throws(() => stub("api.example"), /write "https:/);
});
