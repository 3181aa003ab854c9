// What looks at a page in headless Chromium: at three widths and in both themes, with axe-core.
//
// Needs Chromium (CHROMIUM, else /usr/bin/chromium) and what `make peer` fetches (BROWSER, the folder of it).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tenantctl");
const peer = process.env.BROWSER || join(cache, "browser-24.43.1");
const require = createRequire(join(peer, "package.json"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [360, 1024, 1600];
const TALLEST = 12000;

export const launch = () => puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
});

export const addressOf = (page) => pathToFileURL(resolve(page)).href;

// What is seen at one width in one theme; screenshots go into *folder*, if there is one, under *name*.
async function look(browser, address, width, theme, folder, name) {
  const tab = await browser.newPage();
  const said = [], requests = [];
  tab.on("console", (message) => said.push(message.text()));
  tab.on("pageerror", (error) => said.push(String(error)));
  tab.on("request", (request) => { if (request.url() !== address && !request.url().startsWith("data:")) requests.push(request.url()); });
  await tab.setViewport({ width, height: 900 });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await tab.goto(address, { waitUntil: "load" });
  if (folder) {
    const height = Math.min(await tab.evaluate(() => document.scrollingElement.scrollHeight), TALLEST);
    await tab.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`), captureBeyondViewport: true, clip: { x: 0, y: 0, width, height } });
  }
  const overflow = await tab.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  const background = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await tab.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
  const heard = said.length;
  await tab.setBypassCSP(true);
  const session = await tab.createCDPSession();
  await session.send("Runtime.evaluate", { expression: axe });
  const violations = await tab.evaluate(async () =>
    (await axe.run(document, { resultTypes: ["violations"] })).violations.map((each) => ({
      id: each.id, impact: each.impact, help: each.help, nodes: each.nodes.slice(0, 5).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`),
    })));
  await tab.close();
  return { width, theme, said: said.slice(0, heard), requests, overflow, background, violations };
}

export async function looks(browser, address, folder, name, widths = WIDTHS, themes = ["light", "dark"]) {
  const found = [];
  for (const width of widths) for (const theme of themes) found.push(await look(browser, address, width, theme, folder, name));
  return found;
}

// Prints what was seen and how the page could be used, and exits with 1 where something is wrong.
export function tell(seen, used) {
  const serious = seen.flatMap((each) => each.violations).filter((each) => ["serious", "critical"].includes(each.impact));
  const wrong = seen.some((each) => each.said.length || each.requests.length || each.overflow > 0) || serious.length > 0;
  console.log(JSON.stringify({ looks: seen, used }, null, 1));
  process.exitCode = wrong ? 1 : 0;
}
