/* The tablet at a counter: one question a screen, then back to the start with nothing left of the person before.
   It keeps answers while the network is away (send-later.js) and opens without it (the worker beside the page). */
(() => {
  "use strict";
  const root = document.querySelector("[data-tablet]");
  if (!root) return;
  const IDLE = 60, WARN = 40, THANKS = 8; // seconds
  const one = (name, from = root) => from.querySelector(`[data-${name}]`);
  const all = (name, from = root) => [...from.querySelectorAll(`[data-${name}]`)];
  const forms = all("answers");
  const start = one("begin"), thanks = all("thanks"), warning = one("still-there"), waiting = one("waiting");
  let form = null, at = 0, touched = Date.now(), thanked = false;

  const later = sendLater(root.dataset.tablet, root.dataset.send, {
    shuffle: true,
    onChange(count, problem) {
      waiting.hidden = !count;
      const words = problem ? waiting.dataset.refused : waiting.dataset.words;
      waiting.textContent = words.replace("#", count);
    },
  });

  const screens = () => all("screen", form).filter((screen) => !screen.firstElementChild.hidden);

  function wipe() {
    forms.forEach((each) => { each.reset(); each.hidden = true; });
    thanks.forEach((each) => { each.hidden = true; });
    warning.hidden = true;
    start.hidden = false;
    form = null;
    thanked = false;
    document.dispatchEvent(new Event("change"));
    document.activeElement?.blur();
    scrollTo(0, 0);
  }

  function show(place) {
    const found = screens();
    at = Math.max(0, Math.min(place, found.length - 1));
    all("screen", form).forEach((screen) => { screen.hidden = screen !== found[at]; });
    one("back", form).hidden = at === 0;
    one("next", form).hidden = at === found.length - 1;
    one("finish", form).hidden = at < found.length - 1;
    const bar = one("bar", form);
    bar.max = found.length;
    bar.value = at + 1;
    found[at].setAttribute("tabindex", "-1");
    found[at].focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  function begin(lang) {
    wipe();
    form = forms.find((each) => each.lang === lang);
    start.hidden = true;
    form.hidden = false;
    history.pushState({}, "");
    show(0);
  }

  function finish() {
    const given = [...new FormData(form)].filter(([, value]) => String(value).trim());
    const words = thanks.find((each) => each.lang === form.lang);
    wipe();
    if (!given.length) return;
    later.add(given);
    start.hidden = true;
    words.hidden = false;
    thanked = true;
    touched = Date.now();
  }

  const idle = () => (Date.now() - touched) / 1000;

  function tick() {
    if (!form && !thanked) return;
    if (idle() >= (thanked ? THANKS : IDLE)) wipe();
    else if (form) warning.hidden = idle() < WARN;
  }

  function touch(event) {
    // A tablet that slept: whoever wakes it is somebody else.
    if (form && idle() >= IDLE) { wipe(); event.preventDefault(); event.stopPropagation(); }
    touched = Date.now();
    warning.hidden = true;
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const does = button.dataset;
    if ("lang" in does) begin(does.lang);
    else if ("next" in does) show(at + 1);
    else if ("back" in does) show(at - 1);
    else if ("finish" in does) finish();
    else if ("again" in does) wipe();
  });
  forms.forEach((each) => each.addEventListener("submit", (event) => { event.preventDefault(); }));
  ["pointerdown", "keydown", "input"].forEach((kind) => addEventListener(kind, touch, true));
  ["pageshow", "pagehide", "popstate"].forEach((kind) => addEventListener(kind, wipe));
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, 1000);
  wipe();
  navigator.serviceWorker?.register(root.dataset.worker).catch(() => {});
})();
