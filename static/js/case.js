/* The case page by keyboard, and its standard replies.
   data-key="r"                   that letter opens this fold and goes to its first control, or follows this link (desk.js asks)
   button[data-insert-from="id"]  puts the data-text of what is chosen there at the caret of data-insert-into="id" */
(() => {
  "use strict";
  window.caseKey = (key) => {
    const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!found) return null;
    return () => {
      if (!found.matches("details")) { found.click(); return; }
      const enter = () => (found.querySelector("form :is(textarea, select, input:not([type=hidden])):not([name=reply])") || found.firstElementChild).focus();
      found.addEventListener("filled", enter, { once: true });
      found.open = true;
      found.scrollIntoView({ block: "start" });
      enter();
    };
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-insert-from]");
    if (!button) return;
    event.preventDefault();
    const picker = document.getElementById(button.dataset.insertFrom);
    const area = document.getElementById(button.dataset.insertInto);
    const text = picker.selectedOptions[0]?.dataset.text;
    if (!area || !text) { picker.focus(); return; }
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    picker.selectedIndex = 0;
    area.focus();
  });
})();
