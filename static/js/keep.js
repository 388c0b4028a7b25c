/* What a citizen typed outlives a lost page or a flat battery: kept on this device for a week at most.
   form data-keep="name"     keeps its controls; data-keep-clear="name" on a later page forgets them
   data-private              on a control or around it: never kept; nothing is kept once "anonymous" is ticked
   data-keep-note            shown when something was put back; data-keep-drop is its button to start afresh */
(() => {
  "use strict";
  const WEEK = 6048e5;
  const store = (() => {
    try { localStorage.setItem("t", "1"); localStorage.removeItem("t"); return localStorage; } catch { return null; }
  })();
  if (!store) return;

  const keepable = (el) => el.name && !("private" in el.dataset) && !el.closest("[data-private]")
    && !["file", "hidden", "password", "submit", "button"].includes(el.type);
  const ticks = (el) => el.type === "checkbox" || el.type === "radio";

  function keep(form) {
    const key = "keep:" + form.dataset.keep;
    const fields = [...form.elements].filter(keepable);
    const anonymous = form.elements.anonymous;
    const note = form.querySelector("[data-keep-note]");
    let timer = 0, dropped = false;

    const save = () => {
      clearTimeout(timer);
      if (anonymous && anonymous.checked) { store.removeItem(key); return; }
      const values = fields.filter((el) => (ticks(el) ? el.checked : el.value))
        .map((el) => [el.name, el.value]);
      store.setItem(key, JSON.stringify({ at: Date.now(), values }));
    };
    const restore = () => {
      const kept = JSON.parse(store.getItem(key) || "null");
      if (!kept || Date.now() - kept.at > WEEK) { store.removeItem(key); return; }
      let restored = false;
      for (const [name, value] of kept.values) {
        for (const el of fields) {
          if (el.name !== name) continue;
          if (ticks(el) && el.value === value && !el.checked) { el.checked = restored = true; }
          if (!ticks(el) && !el.value) { el.value = value; restored = true; }
        }
      }
      if (restored && note) note.hidden = false;
    };

    try { if (!document.querySelector("[data-error-summary]")) restore(); } catch { store.removeItem(key); }
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 400); });
    form.addEventListener("submit", (event) => {
      if (event.submitter && "keepDrop" in event.submitter.dataset) { dropped = true; store.removeItem(key); } else save();
    });
    addEventListener("pagehide", () => { if (timer && !dropped) save(); });
    for (const button of form.querySelectorAll("[data-keep-drop]")) {
      if (button.type === "submit") continue;  // what is kept elsewhere goes with it
      button.addEventListener("click", () => { clearTimeout(timer); timer = 0; store.removeItem(key); form.reset(); note.hidden = true; });
    }
  }

  document.querySelectorAll("[data-keep-clear]").forEach((el) => store.removeItem("keep:" + el.dataset.keepClear));
  document.querySelectorAll("form[data-keep]").forEach(keep);
})();
