"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const theme = byId("theme"), copy = byId("copy");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme || (prefersDark.matches ? "dark" : "light")) === "dark";
  const label = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
  prefersDark.addEventListener("change", label);
  theme.hidden = false;
  label();

  const copied = (done) => {
    copy.textContent = done ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { copy.textContent = "Copy as Markdown"; }, 3000);
  };
  copy.addEventListener("click", async () => {
    const source = byId("markdown");
    try {
      await navigator.clipboard.writeText(source.value);
      copied(true);
    } catch {
      source.hidden = false;
      source.select();
      const done = document.execCommand("copy");
      if (done) { source.hidden = true; copy.focus(); }
      copied(done);
    }
  });
  copy.hidden = false;

  const steps = all("li.step"), groups = all("section.group"), lists = all("ul.steps");
  const texts = new Map(steps.map((step) => [step, step.querySelector("summary").textContent.toLowerCase()]));
  const names = ["risk", "verb", "phase", "stream", "kind"];
  const fits = (step, asked, words) =>
    asked.every(([name, value]) => step.dataset[name].split(" ").includes(value)) &&
    words.every((word) => texts.get(step).includes(word));
  const filter = () => {
    const asked = names.map((name) => [name, byId(name).value]).filter(([, value]) => value);
    const words = byId("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const step of steps) { step.hidden = !fits(step, asked, words); count += step.hidden ? 0 : 1; }
    for (const list of lists) {
      list.hidden = all("li.step", list).every((step) => step.hidden);
      const title = list.previousElementSibling;
      if (title && title.tagName === "H3") title.hidden = list.hidden;
    }
    for (const group of groups) group.hidden = all("li.step", group).every((step) => step.hidden);
    byId("shown").textContent = `${count} of ${steps.length} changes`;
    byId("nothing").hidden = count > 0 || !steps.length;
  };
  for (const name of names) byId(name).addEventListener("change", filter);
  byId("text").addEventListener("input", filter);
  const form = byId("filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  const fold = (open) => { for (const step of steps) if (!step.hidden) step.firstElementChild.open = open; };
  byId("fold").addEventListener("click", () => fold(false));
  byId("unfold").addEventListener("click", () => fold(true));
  form.hidden = !steps.length;
  filter();

  const reveal = () => {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    const within = target && target.querySelector("details");
    if (within && !within.open) { within.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const each of closed) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of closed) each.open = false; });
})();
