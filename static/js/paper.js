/* Typing slips by the keyboard: a digit chooses that answer and goes on, Enter saves. Without it the form is the same. */
(() => {
  "use strict";
  const form = document.querySelector("[data-paper]");
  if (!form) return;
  const questions = [...form.querySelectorAll("[data-question]")];
  const controls = (part) => [...part.querySelectorAll("input, select, textarea")];

  function enter(part) {
    const [first, ...rest] = controls(part);
    const el = [first, ...rest].find((each) => each.checked) || first;
    el.focus();
    if (el.select && el.type !== "radio" && el.type !== "checkbox") el.select();
    part.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const el = event.target;
    const part = el.closest("[data-question]");
    if (event.key === "Enter" && el.tagName !== "BUTTON" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (!part || !["radio", "checkbox"].includes(el.type)) return;
    const next = questions[questions.indexOf(part) + 1];
    const digit = Number(event.key);
    if (digit >= 1 && digit <= 9) {
      const chosen = controls(part)[digit - 1];
      if (!chosen) return;
      event.preventDefault();
      if (chosen.type === "checkbox") { chosen.click(); return; }
      chosen.checked = true;
      if (next) enter(next); else chosen.focus();
    } else if (["0", "-"].includes(event.key) && el.type === "radio") {
      event.preventDefault();
      controls(part).forEach((each) => { each.checked = false; });
      if (next) enter(next);
    }
  });
  const wrong = form.querySelector(".field--error input, .field--error select, .field--error textarea");
  const slip = form.querySelector("[name=slip_number]");
  if (wrong) wrong.focus();
  else if (slip.value && questions.length) enter(questions[0]);
  else slip.focus();
})();
