import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { action, script, stub } from "tenantctl:test";

test("what does not exist is told with what does", () => {
  assert.throws(() => action("nobody"), /shop has no action nobody; it has post-login/);
  assert.throws(() => script("people", "verify"), /shop has no script people\/verify; it has people\/login/);
});

test("an action for an older version of its trigger is not run as if it were a new one", () => {
  assert.throws(() => action("old"), /is for post-login v2; what can be run here is v3/);
});

test("an action without the handler of its trigger is told", async () => {
  await assert.rejects(action("nothing").run(), /nothing exports no onExecutePostLogin; it exports helper/);
});

test("what an action throws comes to the test, with its place in the file", async () => {
  await assert.rejects(action("broken").run(), (error) => error.message === "no" && /actions\/broken\.js:2/.test(error.stack));
});

test("actions are CommonJS, as Auth0 has it", async () => {
  await assert.rejects(action("wrong").run(), SyntaxError);
});

describe("modules", () => {
  const needy = (name, modules) => action("needy").run({ event: { user: { nickname: name } }, modules });

  test("that are declared and installed are there", async () => {
    assert.equal((await needy("there")).returned, "there 1.0.0");
  });

  test("of Node.js are there", async () => {
    await assert.rejects(needy("node:path"), /is not a function/);
  });

  test("that are installed in another version are told", async () => {
    await assert.rejects(needy("@scope/there"), /@scope\/there 1.0.0 is installed, 1.2.3 is declared/);
  });

  test("that are not installed are told, with the way to install them", async () => {
    await assert.rejects(needy("gone"), /npm install --no-save gone@2.0.0/);
  });

  test("that are not declared are missing, installed or not", async () => {
    await assert.rejects(needy("undeclared"), /Cannot find module 'undeclared': needy declares no dependency undeclared/);
  });

  test("can be stood in for", async () => {
    assert.equal((await needy("gone", { gone: () => 42 })).returned, 42);
  });

  test("of the tenant's own are shared, with secrets of theirs", async () => {
    const { denied } = await action("shared").run();
    assert.equal(denied.reason, "told with test-MARK");
  });
});

test("what code logs is kept, and not printed", async () => {
  const { logs } = await action("post-login").run({ modules: { job: () => undefined } });
  assert.deepEqual(logs, []);
});

describe("scripts", () => {
  const configuration = { URL: "https://old.example" };
  const login = (job, parameters = ["a@x.example", "pw"]) => script("people", "login").run(parameters, { configuration, modules: { job } });

  test("call back with a profile", async () => {
    const job = (name, _, callback, { URL, TOKEN }) => callback(null, { user_id: "1", name, URL, TOKEN });
    assert.deepEqual(await login(job), { user_id: "1", name: "a@x.example", URL: "https://old.example", TOKEN: "test-TOKEN" });
  });

  test("call back with an error", async () => {
    for (const [name, given] of [["WrongUsernameOrPasswordError", ["a"]], ["ValidationError", ["user_exists", "there"]], ["UnauthorizedError", ["no"]]]) {
      const job = (_, __, callback, ___, errors) => callback(new errors[name](...given));
      await assert.rejects(login(job), { name });
    }
  });

  test("may fail before they call back", async () => {
    await assert.rejects(login(async () => Promise.reject(new Error("broken"))), { message: "broken" });
    await assert.rejects(login(() => { throw new Error("broken"); }), { message: "broken" });
  });

  test("may be without a callback, and have more than one function", async () => {
    const job = async (email, { URL }) => ({ user_id: email, URL });
    const found = await script("people", "get_user").run(["a"], { configuration, modules: { job } });
    assert.deepEqual(found, { user_id: "people|a", URL: "https://old.example" });
  });

  test("may find nobody", async () => {
    assert.equal(await script("people", "get_user").run(["a"], { modules: { job: () => undefined } }), undefined);
  });

  test("that are an expression run as well", async () => {
    const user = { email: "a" };
    assert.equal(await script("people", "create").run([user], { modules: { job: (given, callback) => callback(null, given.email) } }), "a");
  });

  test("have to say whose profile it is", async () => {
    await assert.rejects(login((_, __, callback) => callback(null, { email: "a" })), /gives a profile without user_id/);
  });

  test("know their configuration, and no other", async () => {
    const asked = script("people", "login").run([], { configuration: { LRU: "x" } });
    await assert.rejects(asked, /has no configuration LRU; it has TOKEN, URL/);
  });

  test("ask the network as actions do", async () => {
    const job = (_, __, callback) => fetch("https://old.example/").then(() => callback(null, { user_id: "1" }), callback);
    await assert.rejects(login(job), /without a stub/);
    const http = [stub("https://old.example/")];
    assert.equal((await script("people", "login").run(["a", "b"], { http, modules: { job } })).user_id, "1");
  });
});
