"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const button = byId("theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme || (prefersDark.matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
  prefersDark.addEventListener("change", label);
  button.hidden = false;
  label();

  const env = byId("env"), level = byId("level"), open = byId("open"), shown = byId("shown");
  const fits = (cell) =>
    (!env.value || cell.dataset.env === env.value) &&
    (!open.checked || cell.dataset.open === "yes") &&
    (!level.value || cell.dataset.levels.split(" ").includes(level.value));
  const filter = () => {
    for (const each of all("[data-env]")) each.hidden = Boolean(env.value) && each.dataset.env !== env.value;
    const narrowed = open.checked || level.value;
    let topics = 0, checks = 0;
    const rows = all("tr.topic"), items = all("li.check");
    for (const row of rows) {
      row.hidden = Boolean(narrowed) && !all("[data-open]", row).some(fits);
      topics += row.hidden ? 0 : 1;
    }
    for (const body of all(".topics tbody")) body.hidden = all("tr.topic", body).every((row) => row.hidden);
    for (const item of items) {
      item.hidden = !all("[data-open]", item).some(fits);
      checks += item.hidden ? 0 : 1;
    }
    for (const rest of all(".rest")) rest.hidden = all("li.check", rest).every((item) => item.hidden);
    shown.textContent = `${topics} of ${rows.length} topics, ${checks} of ${items.length} checks`;
  };
  for (const each of [env, level, open]) each.addEventListener("change", filter);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").hidden = false;
  filter();

  const reveal = () => {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    const within = target && target.closest("details");
    if (within && !within.open) { within.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details.more:not([open]), .checks > ul details:not([open])");
    for (const each of closed) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of closed) each.open = false; });
})();
