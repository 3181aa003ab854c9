// Opens a board in headless Chromium at three widths in both themes, as a person would, and tells what is wrong.
//
//   node tools/look_at_board.mjs PAGE [FOLDER FOR SCREENSHOTS]
//
// Needs Chromium (CHROMIUM, else /usr/bin/chromium) and what `make peer` fetches (BROWSER, the folder of it).
// Prints JSON: what was seen at each width and theme. Exit 1 where something is wrong.

import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tenantctl");
const peer = process.env.BROWSER || join(cache, "browser-24.43.1");
const require = createRequire(join(peer, "package.json"));
const puppeteer = require("puppeteer-core");
const axe = require.resolve("axe-core/axe.min.js");

const [page, folder] = process.argv.slice(2);
const WIDTHS = [360, 1024, 1600];
const address = pathToFileURL(resolve(page)).href;
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
});

async function look(width, theme) {
  const tab = await browser.newPage();
  const said = [], requests = [];
  tab.on("console", (message) => said.push(message.text()));
  tab.on("pageerror", (error) => said.push(String(error)));
  tab.on("request", (request) => { if (request.url() !== address && !request.url().startsWith("data:")) requests.push(request.url()); });
  await tab.setViewport({ width, height: 900 });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await tab.goto(address, { waitUntil: "load" });
  if (folder) await tab.screenshot({ path: join(folder, `board-${width}-${theme}.png`), fullPage: true });
  const overflow = await tab.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  const background = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await tab.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
  const heard = said.length;
  await tab.setBypassCSP(true);
  const session = await tab.createCDPSession();
  const { readFileSync } = await import("node:fs");
  await session.send("Runtime.evaluate", { expression: readFileSync(axe, "utf8") });
  const violations = await tab.evaluate(async () =>
    (await axe.run(document, { resultTypes: ["violations"] })).violations.map((each) => ({
      id: each.id, impact: each.impact, help: each.help, nodes: each.nodes.slice(0, 5).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`),
    })));
  await tab.close();
  return { width, theme, said: said.slice(0, heard), requests, overflow, background, violations };
}

async function use() {
  const tab = await browser.newPage();
  await tab.setViewport({ width: 1024, height: 900 });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  await tab.goto(address, { waitUntil: "load" });
  const focused = () => tab.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName);
  const found = {};
  await tab.keyboard.press("Tab");
  found.first = await focused();
  await tab.keyboard.press("Enter");
  found.skipped = await focused();
  const background = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  found.light = await background();
  await tab.focus("#theme");
  await tab.keyboard.press("Space");
  found.dark = await background();
  const visible = (selector) => tab.evaluate((each) => [...document.querySelectorAll(each)].filter((node) => !node.closest("[hidden]")).length, selector);
  found.checks = await visible("li.check");
  found.topics = await visible("tr.topic");
  await tab.click("#open");
  found.openChecks = await visible("li.check");
  await tab.select("#env", await tab.$eval("#env option:nth-child(2)", (node) => node.value));
  found.openTopics = await visible("tr.topic");
  await tab.select("#env", "");
  await tab.select("#level", "block");
  found.blockChecks = await visible("li.check");
  found.shown = await tab.$eval("#shown", (node) => node.textContent);
  await tab.click("#open");
  await tab.select("#level", "");
  const name = await tab.$eval("#env option:nth-child(2)", (node) => node.textContent);
  await tab.select("#env", name);
  found.only = await tab.evaluate((only) => [...document.querySelectorAll("[data-env]")].every((node) => (node.dataset.env === only) === !node.hidden), name);
  await tab.emulateMediaType("print");
  found.printedFilters = await tab.evaluate(() => getComputedStyle(document.querySelector("#filters")).display);
  if (folder) await tab.pdf({ path: join(folder, "board.pdf"), format: "A4", landscape: true });
  await tab.close();
  return found;
}

const looks = [];
for (const width of WIDTHS) for (const theme of ["light", "dark"]) looks.push(await look(width, theme));
const used = await use();
await browser.close();
const serious = looks.flatMap((each) => each.violations).filter((each) => ["serious", "critical"].includes(each.impact));
const wrong = looks.some((each) => each.said.length || each.requests.length || each.overflow > 0) || serious.length > 0;
console.log(JSON.stringify({ looks, used }, null, 1));
process.exitCode = wrong ? 1 : 0;
