/* What is said at a meeting, at typing speed: Enter keeps the line here and sends it; its number appears once it is stored.
   Lines that wait for the network survive a reload (send-later.js), and the page opens without it (the worker beside it). */
(() => {
  "use strict";
  const root = document.querySelector("[data-notes]");
  if (!root || !window.sendLater) return;
  const one = (name) => root.querySelector(`[data-${name}]`);
  const form = one("note-form"), lines = one("lines"), waiting = one("waiting");
  const text = form.elements.text;
  const unsent = new Map();

  function line(once, words) {
    const item = document.createElement("li"), number = document.createElement("span");
    number.className = "num muted";
    number.textContent = "…";
    item.append(number, " " + words);
    lines.prepend(item);
    unsent.set(once, number);
  }

  const later = sendLater("notes-" + root.dataset.notes, root.dataset.send, {
    headers: () => ({ "X-CSRFToken": form.elements.csrfmiddlewaretoken.value }),
    onChange(count, problem) {
      waiting.hidden = !count;
      waiting.textContent = (problem ? waiting.dataset.refused : waiting.dataset.words).replace("#", count);
    },
    async onSent(once, answer) {
      const { number } = await answer.json();
      const mark = unsent.get(once);
      if (mark) mark.textContent = number;
      unsent.delete(once);
    },
  });

  for (const { once, body } of later.waiting()) line(once, new URLSearchParams(body).get("text"));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) { text.focus(); return; }
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrfmiddlewaretoken;
    line(later.add({ ...fields, at: Date.now() }), words);
    text.value = "";
    text.focus();
  });

  navigator.serviceWorker?.register(root.dataset.worker).catch(() => {});
})();
