/* form[data-signs-out="words"]: asks first where something waits in this browser (send-later.js), # of them. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-signs-out]")) {
    form.addEventListener("submit", (event) => {
      let count = 0;
      try {
        const kept = Object.entries(localStorage).filter(([key]) => key.startsWith("later:"));
        count = kept.reduce((sum, [, items]) => sum + JSON.parse(items).length, 0);
      } catch { /* forbidden, or nothing of ours */ }
      if (count && !confirm(form.dataset.signsOut.replace("#", count))) event.preventDefault();
    });
  }
})();
