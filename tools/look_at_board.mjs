// Opens a board in headless Chromium at three widths in both themes, as a person would, and tells what is wrong.
//
//   node tools/look_at_board.mjs PAGE [FOLDER FOR SCREENSHOTS]
//
// Needs Chromium (CHROMIUM, else /usr/bin/chromium) and what `make peer` fetches (BROWSER, the folder of it).
// Prints JSON: what was seen at each width and theme. Exit 1 where something is wrong.

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

const seen = await looks(browser, address, folder, "board");
const used = await use();
await browser.close();
tell(seen, used);
