/* Copy and print buttons: shown only where they can work. data-copy="id of the text", data-print. */
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source || !navigator.clipboard) continue;
    const words = button.querySelector("span");
    const before = words.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      } catch { return; }
      words.textContent = button.dataset.done;
      setTimeout(() => { words.textContent = before; }, 4000);
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
