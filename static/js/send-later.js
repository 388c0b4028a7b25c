/* Keeps what cannot be sent now in this browser, and sends it once the network is back; also after a reload.
   const later = sendLater("notes", "/staff/forums/x/say/", { onChange(count, problem) {}, headers() {}, shuffle })
   later.add(form or {field: value})  keeps it with a one-time token, sent as the field `once`, and tries to send it
   later.flush(), later.count(), later.waiting() = list of {once, body}
   The server stores once for each `once`. A 2xx takes an item out. What is refused for itself (400, 422) stays and lets
   the others pass; anything else stops until later. problem: the last status that was no 2xx, 0 without network.
   Later is 1 s, 2, 4 … and begins anew when the network is back, which browsers say too early, or the page is seen. */
(() => {
  "use strict";
  const FIRST = 1000, LONGEST = 60000, REFUSED_LONGEST = 300000; // ms
  const PATIENCE = 30000; // for one answer of the server: a network that hangs must not hold the rest
  const REFUSED = [400, 422];

  function token() {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  }

  window.sendLater = (name, url, { onChange = () => {}, onSent = () => {}, headers = () => ({}), shuffle = false } = {}) => {
    const key = "later:" + name;
    let memory = [], busy = false, again = false, problem = null, wait = FIRST, timer = 0;

    function read() {
      let kept = [];
      try { kept = JSON.parse(localStorage.getItem(key) || "[]"); } catch { /* forbidden */ }
      return [...new Map([...kept, ...memory].map((item) => [item.once, item])).values()];
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
      signal: AbortSignal.timeout?.(PATIENCE),
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
      do {
        again = false;
        problem = null;
        try { await pass(); } catch { problem = 0; }
      } while (again);
      busy = false;
      tell();
      if (problem === null) wait = FIRST;
      if (!read().length) return;
      timer = setTimeout(flush, wait);
      wait = Math.min(wait * 2, problem ? REFUSED_LONGEST : LONGEST);
    }

    function now() {
      again = busy; // the try that is under way may have begun too early
      flush();
    }

    function soon() {
      wait = FIRST;
      now();
    }

    function add(fields) {
      const body = new URLSearchParams(fields instanceof HTMLFormElement ? new FormData(fields) : fields);
      const once = token();
      body.set("once", once);
      write([...read(), { once, body: String(body) }]);
      tell();
      now();
      return once;
    }

    addEventListener("online", soon);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
    navigator.storage?.persist?.().catch(() => {});
    tell();
    flush();
    return { add, flush, count: () => read().length, waiting: read };
  };
})();
