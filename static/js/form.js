/* Comforts for forms; every form works without them.
   data-once (and data-keep)  one submission at a time
   data-count-for="id"        counts down to that control's maxlength or data-max; words in data-left, data-over
   data-max-files/-bytes      limits of a file input; messages in data-too-many, data-too-big; photos.js has data-shrink
   details[data-fetch]        gets what stands in it from there when it is opened */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  function once(form) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      const buttons = all("button[type=submit], button:not([type])", form);
      const free = () => { sent = false; buttons.forEach((b) => b.removeAttribute("aria-disabled")); };
      buttons.forEach((b) => b.setAttribute("aria-disabled", "true"));
      setTimeout(free, 15000);
      addEventListener("pageshow", free, { once: true });
    });
  }

  function count(line) {
    const el = document.getElementById(line.dataset.countFor);
    const max = el && (el.maxLength > 0 ? el.maxLength : Number(el.dataset.max));
    if (!max) return;
    const show = () => {
      const left = max - el.value.length;
      line.textContent = Math.abs(left) + " " + (left < 0 ? line.dataset.over : line.dataset.left);
      line.classList.toggle("field__count--over", left < 0);
    };
    el.addEventListener("input", show);
    line.hidden = false;
    show();
  }

  function files(input) {
    const list = document.createElement("ul");
    list.className = "file-preview";
    list.setAttribute("aria-live", "polite");
    input.after(list);
    const { maxFiles, maxBytes, tooMany, tooBig } = input.dataset;
    input.addEventListener("change", () => {
      let problem = maxFiles && input.files.length > Number(maxFiles) ? tooMany : "";
      list.replaceChildren(...[...input.files].map((file) => {
        const line = document.createElement("li");
        const big = maxBytes && file.size > Number(maxBytes);
        if (big) problem = tooBig;
        line.textContent = `${file.name} (${(file.size / 1048576).toFixed(1)} MB)${big ? " – " + tooBig : ""}`;
        return line;
      }));
      input.setCustomValidity(problem || "");
      if (problem) input.reportValidity();
    });
  }

  function prepare(root) {
    all("form[data-once], form[data-keep]", root).forEach(once);
    all("[data-count-for]", root).forEach(count);
    all("input[type=file][data-max-files]:not([data-shrink])", root).forEach(files);
  }

  async function fill(fold) {
    const url = fold.dataset.fetch;
    if (!fold.open || !url) return;
    delete fold.dataset.fetch;
    const link = fold.querySelector("a");
    try {
      const answer = await fetch(url);
      if (!answer.ok || answer.redirected) { location.assign(link.href); return; }
      link.closest(".confirm__body").innerHTML = await answer.text();
      prepare(fold);
      fold.dispatchEvent(new Event("filled", { bubbles: true }));
    } catch { fold.dataset.fetch = url; }  // no network: the link stays
  }

  prepare(document);
  all("details[data-fetch]").forEach((fold) => fold.addEventListener("toggle", () => fill(fold)));
  document.querySelector("[data-error-summary]")?.focus();
})();
