/* Sending by keyboard.
   [data-enter]        Enter in one of its lines presses its own button, not the first of the form
   [data-ctrl-enter]   Ctrl+Enter (Cmd+Enter) anywhere in that form sends it */
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const { target } = event;
    const whole = (event.ctrlKey || event.metaKey) && target.closest("form[data-ctrl-enter]");
    const part = target.matches("input:not([type=checkbox])") && target.closest("[data-enter]");
    if (!whole && !part) return;
    event.preventDefault();
    if (whole) whole.requestSubmit();
    else part.querySelector("[type=submit]").click();
  });
})();
