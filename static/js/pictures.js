/* a[data-picture] opens its picture large in dialog[data-picture-large]; arrow keys and [data-step] go through all. */
(() => {
  "use strict";
  const dialog = document.querySelector("[data-picture-large]");
  const links = [...document.querySelectorAll("[data-picture]")];
  if (!dialog || !links.length || !dialog.showModal) return;
  const large = dialog.querySelector("img");
  let at = 0;
  function show(index) {
    at = (index + links.length) % links.length;
    large.src = links[at].href;
    large.alt = links[at].querySelector("img").alt;
    if (!dialog.open) dialog.showModal();
  }
  links.forEach((link, index) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(index);
  }));
  dialog.addEventListener("click", ({ target }) => {
    if (target.dataset.step) show(at + Number(target.dataset.step));
    else if (target === dialog) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) { event.preventDefault(); show(at + step); }
  });
})();
