// The worker of the worklists: pages opened today are at hand when the line is down, and what is done then waits here.
"use strict";
importScripts("/static/worklists/store.js");
var SHELL = "dancu-shell-1";

addEventListener("install", function () { self.skipWaiting(); });
addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

addEventListener("fetch", function (event) {
  var request = event.request, url = new URL(request.url);
  if (url.origin !== location.origin) { return; }
  if (url.pathname.startsWith("/static/") && request.method === "GET") { event.respondWith(asset(request)); return; }
  if (request.mode !== "navigate" || !url.pathname.startsWith(registration_path())) { return; }
  event.respondWith(request.method === "POST" ? sent(request, url) : opened(request, url));
});
function registration_path() { return new URL(self.registration.scope).pathname; }

// Files without anything about anybody: from the net, else as they were.
async function asset(request) {
  var cache = await caches.open(SHELL);
  try {
    var answer = await fetch(request);
    if (answer.ok) { await cache.put(request, answer.clone()); }
    return answer;
  } catch (error) {
    return (await cache.match(request)) || Response.error();
  }
}

async function opened(request, url) {
  var answer;
  try { answer = await fetch(request); } catch (error) { return atHand(url); }
  await remember(answer, url);
  return answer;
}

function place(url) { return url.pathname + url.search; }

async function remember(answer, url) {
  var user = answer.headers.get("X-Dancu-User");
  if (!user || !answer.ok || answer.redirected) { return; }
  var mine = await dancuStore.belongsTo(user, answer.headers.get("X-Dancu-Key"), answer.headers.get("X-Dancu-Until"));
  await dancuStore.keep(mine, place(url), await answer.clone().text());
}

var HEADERS = { "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'" };

async function atHand(url) {
  var mine = await dancuStore.who();
  var html = mine && (await dancuStore.kept(mine, place(url)) || await dancuStore.kept(mine, url.pathname));
  if (html) { return new Response(html, { headers: HEADERS }); }
  var text = "<!doctype html><html lang='vi'><meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'>"
    + "<title>Đang mất kết nối</title><link rel='stylesheet' href='/static/site/site.css'><main id='main' class='narrow'><h1>Đang mất kết nối</h1>"
    + "<p>Trang này chưa được lưu trên máy. Việc đã mở hôm nay vẫn làm được.</p><p><a href='" + registration_path() + "'>Về danh sách việc</a></p></main></html>";
  return new Response(text, { status: 503, headers: HEADERS });
}

// An action: sent at once; when the line is down it waits, named by its event, and the page comes back.
async function sent(request, url) {
  var copy = request.clone();
  try { return await fetch(request); } catch (error) { /* the line is down */ }
  var form = await copy.formData(), id = form.get("event_id"), mine = await dancuStore.who();
  if (!id || !mine) { return atHand(new URL(request.referrer || registration_path(), location.origin)); }
  var fields = [];
  for (var pair of form.entries()) {
    if (pair[0] !== "csrfmiddlewaretoken") { fields.push([pair[0], await plain(pair[1])]); }
  }
  await dancuStore.add(mine, id, { address: place(url), fields: fields });
  await tell();
  return Response.redirect(url.pathname.replace(/[^/]+\/$/, "") + url.search, 303);
}
async function plain(value) {
  if (typeof value === "string") { return value; }
  var bytes = new Uint8Array(await value.arrayBuffer()), text = "";
  for (var i = 0; i < bytes.length; i += 32768) { text += String.fromCharCode.apply(null, bytes.subarray(i, i + 32768)); }
  return { name: "giay-to", type: value.type, base64: btoa(text) };
}

addEventListener("message", function (event) {
  if (event.data === "send") { event.waitUntil(replay()); }
  if (event.data && event.data.carry) { event.waitUntil(carry(event.data.carry)); }
});
addEventListener("sync", function (event) { event.waitUntil(replay()); });

// One after the other, one worker at a time; each is named by its event, so the server does it once whatever comes twice.
function replay() { return navigator.locks.request("dancu-gui", sendAll).then(tell, tell); }
async function sendAll() {
  var asked, me;
  try { asked = await fetch(registration_path() + "may/", { redirect: "error" }); me = await asked.json(); } catch (error) { return; }
  var mine = await dancuStore.who();
  if (!asked.ok || (mine && mine.user !== me.user)) { mine = null; }
  if (!mine) { mine = await dancuStore.belongsTo(me.user, me.key, new Date(Date.now() + 12 * 3600e3).toISOString()); }
  for (var entry of await dancuStore.waiting(mine)) {
    if (entry.refused) { continue; }
    var answer;
    try { answer = await fetch(entry.action.address, { method: "POST", body: body(entry.action.fields), redirect: "error",
      headers: { "X-CSRFToken": me.csrf, "X-Dancu-Replay": "1" } }); } catch (error) { break; }
    if (answer.ok) { await dancuStore.drop(entry.id); continue; }
    if (answer.status === 401 || answer.status >= 500) { break; }
    var told = await answer.json().catch(function () { return {}; });
    await dancuStore.refuse(entry.id, told.message || "HTTP " + answer.status, !!told.changed);
  }
}
function body(fields) {
  var form = new FormData();
  fields.forEach(function (pair) {
    var value = pair[1];
    if (typeof value === "string") { form.append(pair[0], value); return; }
    var bytes = Uint8Array.from(atob(value.base64), function (c) { return c.charCodeAt(0); });
    form.append(pair[0], new Blob([bytes], { type: value.type }), value.name);
  });
  return form;
}

async function carry(addresses) {
  for (var address of addresses) {
    try {
      var url = new URL(address, location.origin);
      await remember(await fetch(url), url);
    } catch (error) { break; }
  }
  await tell();
}
async function tell() {
  (await self.clients.matchAll({ type: "window" })).forEach(function (client) { client.postMessage("changed"); });
}
