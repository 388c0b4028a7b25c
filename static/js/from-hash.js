/* Moves the code behind the # of a mailed link into its field: a browser sends that part to no server, so no log has it.
   Without this script people type it, as it stands in the mail. */
(() => {
  "use strict";
  const field = document.querySelector("[data-from-hash]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[0-9A-Za-z-]{10,40}$/.test(code)) return;
  field.value = code;
  history.replaceState(null, "", location.pathname);
})();
