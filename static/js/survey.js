/* Hides questions that their rule does not show. The server goes by the same rules whatever is sent. */
(() => {
  "use strict";
  const ruled = [...document.querySelectorAll("[data-show-if]")];
  if (!ruled.length) return;
  const given = (form, key) => {
    const shut = (el) => el.closest("[data-show-if]")?.hidden;
    return [...form.elements]
      .filter((el) => el.name === key && !shut(el) && (!["radio", "checkbox"].includes(el.type) || el.checked))
      .map((el) => el.value);
  };
  const show = () => ruled.forEach((part) => {
    const values = part.dataset.showValues.split("|");
    const form = part.closest("form");
    part.hidden = !given(form, part.dataset.showIf).some((value) => values.includes(value));
    const rule = part.querySelector("[data-rule]");
    if (rule) rule.hidden = true;
  });
  document.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
})();
