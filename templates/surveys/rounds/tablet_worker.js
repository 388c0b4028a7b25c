/* Opens the tablet's page without network. Its scope is the page of one round. */
const NAME = {{ name|safe }}, PAGE = {{ page|safe }}, PARTS = {{ parts|safe }};

async function keepPage(response) {
  if (response.ok && response.headers.get("X-Tablet")) await (await caches.open(NAME)).put(PAGE, response.clone());
  return response;
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    await (await caches.open(NAME)).addAll(PARTS);
    await keepPage(await fetch(PAGE, { credentials: "same-origin" }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const mine = NAME.slice(0, NAME.lastIndexOf("-") + 1);
    for (const name of await caches.keys()) if (name.startsWith(mine) && name !== NAME) await caches.delete(name);
    await self.clients.claim();
  })());
});

async function page(request) {
  try {
    const response = await fetch(request);
    if (response.status < 500) return await keepPage(response);
  } catch { /* no network */ }
  return (await caches.match(PAGE, { cacheName: NAME })) || Response.error();
}

async function part(request) {
  return (await caches.match(request, { cacheName: NAME })) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && pathname === PAGE) event.respondWith(page(event.request));
  else if (PARTS.includes(pathname)) event.respondWith(part(event.request));
});
