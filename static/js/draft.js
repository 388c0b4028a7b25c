/* A form with [data-draft="url"] in it: what is typed is kept on the server a second later, chosen files at once; works for
   forms that come later too. That line says so (data-kept, data-lost); [data-kept-files] holds the files that were taken. */
(() => {
  "use strict";
  const PAUSE = 1200;
  const states = new WeakMap();
  const noteOf = (form) => form.querySelector("[data-draft]");
  const formOf = (target) => {
    const form = target instanceof Element && target.closest("form");
    return form && noteOf(form) ? form : null;
  };
  const stateOf = (form) => states.get(form) || states.set(form, { timer: 0, flight: null, sent: false }).get(form);

  function say(form, kept) {
    const note = noteOf(form);
    note.hidden = false;
    note.textContent = kept ? note.dataset.kept : note.dataset.lost;
    note.classList.toggle("field__error", !kept);
  }

  function body(form, withFiles) {
    const data = new FormData(form);
    if (!withFiles) for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
    return data;
  }

  function save(form, inputs = []) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = 0;
    const send = async () => {
      try {
        const answer = await fetch(noteOf(form).dataset.draft, { method: "POST", body: body(form, inputs.length) });
        if (!answer.ok || answer.redirected) { say(form, false); return; }
        const kept = form.querySelector("[data-kept-files]");
        const list = await answer.text();
        if (inputs.length && kept) {
          kept.innerHTML = list;
          const has = Boolean(kept.querySelector("[name=drop]"));
          inputs.forEach((input) => { input.value = ""; input.required &&= !has; input.dispatchEvent(new Event("change")); });
        }
        say(form, true);
      } catch { say(form, false); }
    };
    const flight = (state.flight || Promise.resolve()).then(send);
    state.flight = flight;
    return flight.finally(() => { if (state.flight === flight) state.flight = null; });
  }

  document.addEventListener("input", ({ target }) => {
    const form = formOf(target);
    if (!form || target.type === "file" || target.matches("[data-row] *, [data-check-all]")) return;  // ticks are not kept
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(form), PAUSE);
  });
  document.addEventListener("change", ({ target }) => {
    const form = formOf(target);
    if (form && target.type === "file" && target.files.length && target.checkValidity()) save(form, [target]);
  });
  // What is on its way is waited for, lest it arrive after the act and begin the draft anew.
  document.addEventListener("submit", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = 0;
    if (!state.flight) { state.sent = true; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    state.flight.finally(() => form.requestSubmit(event.submitter));
  }, true);
  addEventListener("pagehide", () => {
    for (const note of document.querySelectorAll("form [data-draft]")) {
      const form = note.closest("form");
      const state = states.get(form);
      if (state && state.timer && !state.sent) navigator.sendBeacon(note.dataset.draft, body(form, false));
    }
  });
})();
