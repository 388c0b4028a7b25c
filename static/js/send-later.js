/* Keeps what cannot be sent now in this browser, and sends it once the network is back; also after a reload.
   const later = sendLater("notes", "/staff/forums/x/say/", { onChange(count, problem) {}, headers() {}, shuffle })
   later.add(form or {field: value})  keeps it with a one-time token, sent as the field `once`, and tries to send it
   later.flush(), later.count(), later.waiting() = list of {once, body}
   The server stores once for each `once`. A 2xx takes an item out. What is refused for itself (400, 422) stays and lets
   the others pass; anything else stops until later. onSent(once, answer): stored. onChange: how many wait; problem: the last status that was no 2xx, 0
   without network, null when all is well. */
(() => {
  "use strict";
  const FIRST = 15000, LONGEST = 300000;
  const REFUSED = [400, 422];

  function token() {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  }

  window.sendLater = (name, url, { onChange = () => {}, onSent = () => {}, headers = () => ({}), shuffle = false } = {}) => {
    const key = "later:" + name;
    let memory = [], busy = false, problem = null, wait = FIRST, timer = 0;

    function read() {
      try { return [...JSON.parse(localStorage.getItem(key) || "[]"), ...memory]; } catch { return memory; }
    }

    function write(items) {
      try {
        localStorage.setItem(key, JSON.stringify(items));
        memory = [];
      } catch { memory = items; } // full or forbidden: kept as long as the page is open
    }

    const tell = () => onChange(read().length, problem);
    const post = (item) => fetch(url, {
      method: "POST",
      body: item.body,
      credentials: "same-origin",
      redirect: "error",
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers() },
    });

    async function pass() {
      const tried = new Set();
      for (;;) {
        const items = read().filter((item) => !tried.has(item.once));
        if (!items.length) return;
        const item = items[shuffle ? Math.floor(Math.random() * items.length) : 0];
        tried.add(item.once);
        const answer = await post(item);
        if (answer.ok) {
          write(read().filter((each) => each.once !== item.once));
          Promise.resolve(onSent(item.once, answer)).catch(() => {});
          tell();
        } else {
          problem = answer.status;
          if (!REFUSED.includes(problem)) return;
        }
      }
    }

    async function flush() {
      if (busy) return;
      busy = true;
      clearTimeout(timer);
      problem = null;
      try { await pass(); } catch { problem = 0; }
      busy = false;
      tell();
      wait = problem === null ? FIRST : Math.min(wait * 2, LONGEST);
      if (read().length) timer = setTimeout(flush, wait);
    }

    function add(fields) {
      const body = new URLSearchParams(fields instanceof HTMLFormElement ? new FormData(fields) : fields);
      const once = token();
      body.set("once", once);
      write([...read(), { once, body: String(body) }]);
      tell();
      flush();
      return once;
    }

    addEventListener("online", flush);
    navigator.storage?.persist?.().catch(() => {});
    tell();
    flush();
    return { add, flush, count: () => read().length, waiting: read };
  };
})();
