/* The desk by keyboard, and small helpers; every page works without them.
   j k x Enter   between rows (data-row), tick, open; / search (data-search); ? help (data-keys)
   data-keys-off switches the letters off on this device (WCAG 2.1.4)
   data-check-all="name"          ticks all boxes of that name; data-checked-count says how many are
   details[data-open-wide]        open on a wide screen */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const rows = all("[data-row]");
  const menus = () => all("details.bar-menu[open]");
  const typing = (el) => el.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  function move(step) {
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const row = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1)];
    const link = row.querySelector("a[href]");
    (link || row).focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function tick() {
    const row = rows.find((each) => each.contains(document.activeElement));
    row?.querySelector("input[type=checkbox]")?.click();
  }

  const actions = {
    j: () => move(1),
    k: () => move(-1),
    x: tick,
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": () => {
      const help = document.querySelector("[data-keys]");
      if (help) { help.open = !help.open; help.querySelector("summary").focus(); }
    },
  };

  const off = document.querySelector("[data-keys-off]");
  const OFF = "desk-keys-off";
  if (off) {
    try { off.checked = localStorage.getItem(OFF) === "1"; } catch {}
    off.addEventListener("change", () => { try { localStorage.setItem(OFF, off.checked ? "1" : ""); } catch {} });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    if (off?.checked || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : window.caseKey?.(event.key);
    if (action) { event.preventDefault(); action(); }
  });
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { menu.open = menu.contains(event.target); });
  });

  for (const master of all("[data-check-all]")) {
    const boxes = all(`input[name="${CSS.escape(master.dataset.checkAll)}"]`);
    const show = () => {
      const checked = boxes.filter((box) => box.checked).length;
      master.checked = boxes.length > 0 && checked === boxes.length;
      master.indeterminate = checked > 0 && checked < boxes.length;
      all("[data-checked-count]").forEach((el) => { el.textContent = String(checked); });
    };
    master.closest("[hidden]")?.removeAttribute("hidden");
    master.addEventListener("change", () => { boxes.forEach((box) => { box.checked = master.checked; }); show(); });
    boxes.forEach((box) => box.addEventListener("change", show));
    show();
  }

  if (matchMedia("(min-width: 60rem)").matches) all("details[data-open-wide]").forEach((each) => { each.open = true; });

  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
