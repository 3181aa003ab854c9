// Opens the page of a plan in headless Chromium at two widths in both themes, as a person would.
//
//   node tools/look_at_plan.mjs PAGE [FOLDER FOR SCREENSHOTS]
//
// With ONCE=1 it looks at one width in one theme: axe-core takes a minute and more for a page of hundreds of changes.
// Prints JSON: what was seen at each width and theme, and how the filters worked by keyboard. Exit 1 where something is
// wrong. What it needs is said in looking.mjs.

import { join } from "node:path";
import { addressOf, launch, looks, tell } from "./looking.mjs";

const [page, folder] = process.argv.slice(2);
const address = addressOf(page);
const browser = await launch();

async function use() {
  const tab = await browser.newPage();
  await tab.setViewport({ width: 1024, height: 900 });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  await tab.goto(address, { waitUntil: "load" });
  const found = {};
  await tab.keyboard.press("Tab");
  found.first = await tab.evaluate(() => document.activeElement.className);
  const visible = () => tab.evaluate(() => [...document.querySelectorAll("li.step")].filter((node) => !node.closest("[hidden]")).length);
  found.all = await visible();
  const pick = async (id, value) => { await tab.select(`#${id}`, value); return visible(); };
  found.safe = await pick("risk", "safe");
  await pick("risk", "");
  found.verbs = {};
  for (const verb of await tab.$$eval("#verb option", (nodes) => nodes.map((node) => node.value).filter(Boolean))) found.verbs[verb] = await pick("verb", verb);
  await pick("verb", "");
  found.kinds = {};
  for (const kind of await tab.$$eval("#kind option", (nodes) => nodes.map((node) => node.value).filter(Boolean))) found.kinds[kind] = await pick("kind", kind);
  await pick("kind", "");
  await tab.focus("#text");
  await tab.keyboard.type("nothing-is-called-this");
  found.none = await visible();
  found.nothing = await tab.$eval("#nothing", (node) => !node.hidden);
  found.shown = await tab.$eval("#shown", (node) => node.textContent);
  await tab.$eval("#text", (node) => { node.value = ""; node.dispatchEvent(new Event("input")); });
  await tab.focus("#fold");
  await tab.keyboard.press("Enter");
  found.folded = await tab.evaluate(() => document.querySelectorAll("li.step > details[open]").length);
  await tab.focus("#unfold");
  await tab.keyboard.press("Space");
  found.unfolded = await tab.evaluate(() => document.querySelectorAll("li.step > details[open]").length);
  await tab.focus("#theme");
  await tab.keyboard.press("Space");
  found.dark = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  found.markdown = await tab.$eval("#markdown", (node) => node.value.slice(0, 40));
  await tab.emulateMediaType("print");
  found.printedFilters = await tab.evaluate(() => getComputedStyle(document.querySelector("#filters")).display);
  await tab.close();
  const plain = await browser.newPage();
  await plain.setJavaScriptEnabled(false);
  await plain.goto(address, { waitUntil: "load" });
  found.withoutScript = await plain.$$eval("li.step", (nodes) => nodes.filter((node) => !node.hidden).length);
  await plain.close();
  return found;
}

const seen = process.env.ONCE ? await looks(browser, address, folder, "plan", [1024], ["light"]) : await looks(browser, address, folder, "plan", [360, 1600]);
const used = await use();
await browser.close();
tell(seen, used);
