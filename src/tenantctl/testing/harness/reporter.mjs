// One line of JSON for each test that ended, whichever release of Node runs it.
import { relative, resolve } from "node:path";

const LEFT_OUT = /^test name does not match pattern/; // how Node 20 reports what -k leaves out

export default async function* reporter(events) {
  const names = [];
  const said = new Map();
  let parent = -1;
  for await (const { type, data } of events) {
    if (type === "test:stderr") {
      const file = resolve(data.file ?? "");
      said.set(file, `${said.get(file) ?? ""}${data.message}`);
    } else if (type === "test:start") {
      names.length = data.nesting;
      names[data.nesting] = data.name;
      parent = Math.max(parent, data.nesting - 1);
    } else if (type === "test:pass" || type === "test:fail") {
      const isParent = parent >= data.nesting;
      parent = data.nesting - 1;
      if (isParent && !ownFault(type, data)) {
        continue;
      }
      if (!LEFT_OUT.test(data.skip)) {
        const whole = data.nesting === 0 && resolve(data.name) === data.file;
        const line = whole ? wholeFile(type, data, said.get(data.file)) : ended(type, data, names);
        yield `${JSON.stringify(line)}\n`;
      }
    }
  }
}

// A parent fails with its subtests, which tell why; what it did wrong itself is told of it.
function ownFault(type, data) {
  return type === "test:fail" && data.details?.error?.failureType !== "subtestsFailed";
}

// A file is reported itself where it could not be run, or where it has no test: then nothing was tested.
function wholeFile(type, data, said = "") {
  const line = ended(type, data, []);
  const fault = said.split("\n").find((each) => /^\w*(Error|Exception)\b/.test(each)) ?? said.trim().split("\n").at(-1);
  const detail = type === "test:pass" ? "the file holds no test" : fault || line.detail;
  return { ...line, name: line.file, line: 0, status: "failed", detail };
}

function ended(type, data, names) {
  const error = data.details?.error;
  const skipped = data.skip !== undefined && data.skip !== false;
  const unfinished = data.todo !== undefined && data.todo !== false;
  return {
    name: [...names.slice(0, data.nesting), data.name].join(" > "),
    status: skipped || (unfinished && type === "test:fail") ? "skipped" : type === "test:pass" ? "passed" : "failed",
    why: [data.skip, data.todo].find((each) => typeof each === "string") ?? "",
    file: data.file ? relative(process.cwd(), data.file) : "",
    line: data.line ?? 0,
    seconds: (data.details?.duration_ms ?? 0) / 1000,
    detail: error ? told(error.cause ?? error) : "",
    failure: error?.failureType ?? "",
  };
}

function told(cause) {
  if (cause === null || typeof cause !== "object") {
    return String(cause);
  }
  const name = cause.name && cause.name !== "Error" && cause.name !== "AssertionError" ? `${cause.name}: ` : "";
  return `${name}${cause.message ?? ""}${place(cause.stack)}`;
}

// Where in the project's own files it happened, the innermost first.
function place(stack) {
  const frames = String(stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  for (const frame of frames) {
    const found = /((?:file:\/\/)?\/[^()]*):(\d+):\d+\)?$/.exec(frame);
    const path = found && relative(process.cwd(), found[1].replace(/^file:\/\//, ""));
    if (path && !path.startsWith("..") && !path.includes("node_modules")) {
      return `\n    at ${path}:${found[2]}`;
    }
  }
  return "";
}
