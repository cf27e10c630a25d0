// What is kept on this device for the worklists. Shared by the page and by its worker.
// dancu-viec: pages and the key of whoever is logged in now; wiped at log-out and for anybody else.
// dancu-gui: what waits to be sent, encrypted under the key of its own user; nobody else can read or send it.
"use strict";
var dancuStore = (function () {
  var PAGES = "dancu-viec", QUEUE = "dancu-gui";
  function open(name, stores) {
    return new Promise(function (yes, no) {
      var asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = function () {
        stores.forEach(function (store) { asked.result.createObjectStore(store, { keyPath: "id" }); });
      };
      asked.onsuccess = function () {
        asked.result.onversionchange = function () { asked.result.close(); };
        yes(asked.result);
      };
      asked.onerror = function () { no(asked.error); };
    });
  }
  function pages() { return open(PAGES, ["state", "page"]); }
  function queue() { return open(QUEUE, ["entry"]); }
  async function run(opening, store, mode, act) {
    var db = await opening();
    try {
      return await new Promise(function (yes, no) {
        var tx = db.transaction(store, mode), asked = act(tx.objectStore(store));
        tx.oncomplete = function () { yes(asked && asked.result); };
        tx.onerror = tx.onabort = function () { no(tx.error); };
      });
    } finally { db.close(); }
  }
  async function who() {
    var found = await run(pages, "state", "readonly", function (s) { return s.get("who"); });
    return found && new Date(found.until) > new Date() ? found : null;
  }
  // Somebody is logged in: pages of anybody else go at once.
  async function belongsTo(user, key, until) {
    var before = await run(pages, "state", "readonly", function (s) { return s.get("who"); });
    if (before && before.user !== user) { await run(pages, "page", "readwrite", function (s) { return s.clear(); }); }
    var secret = before && before.user === user ? before.secret : await crypto.subtle.importKey(
      "raw", Uint8Array.from(atob(key), function (c) { return c.charCodeAt(0); }), "AES-GCM", false, ["encrypt", "decrypt"]);
    var now = { id: "who", user: user, secret: secret, until: until };
    await run(pages, "state", "readwrite", function (s) { return s.put(now); });
    return now;
  }
  async function sealed(secret, value) {
    var iv = crypto.getRandomValues(new Uint8Array(12));
    var bytes = new TextEncoder().encode(JSON.stringify(value));
    return { iv: iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, secret, bytes) };
  }
  async function opened(secret, box) {
    var bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, secret, box.bytes);
    return JSON.parse(new TextDecoder().decode(bytes));
  }
  async function keep(mine, address, html) {
    var box = await sealed(mine.secret, { address: address, html: html });
    var id = await hashed(mine.user + " " + address);
    await run(pages, "page", "readwrite", function (s) { return s.put({ id: id, user: mine.user, at: Date.now(), box: box }); });
  }
  async function kept(mine, address) {
    var id = await hashed(mine.user + " " + address);
    var found = await run(pages, "page", "readonly", function (s) { return s.get(id); });
    return found && found.user === mine.user ? (await opened(mine.secret, found.box)).html : null;
  }
  async function keptCount() { return run(pages, "page", "readonly", function (s) { return s.count(); }); }
  async function hashed(text) {
    var bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(bytes), function (b) { return b.toString(16).padStart(2, "0"); }).join("");
  }
  // The id is the event's own, so that the same action is kept and sent once.
  async function add(mine, id, action) {
    var box = await sealed(mine.secret, action);
    await run(queue, "entry", "readwrite", function (s) { return s.put({ id: id, user: mine.user, at: Date.now(), box: box }); });
  }
  async function waiting(mine) {
    var all = await run(queue, "entry", "readonly", function (s) { return s.getAll(); });
    var own = all.filter(function (e) { return e.user === mine.user; }).sort(function (a, b) { return a.at - b.at; });
    return Promise.all(own.map(async function (e) {
      return { id: e.id, at: e.at, refused: e.refused || "", changed: !!e.changed, action: await opened(mine.secret, e.box) };
    }));
  }
  async function refuse(id, message, changed) {
    var entry = await run(queue, "entry", "readonly", function (s) { return s.get(id); });
    if (!entry) { return; }
    entry.refused = message; entry.changed = changed;
    await run(queue, "entry", "readwrite", function (s) { return s.put(entry); });
  }
  function drop(id) { return run(queue, "entry", "readwrite", function (s) { return s.delete(id); }); }
  return { open: open, run: run, sealed: sealed, opened: opened, who: who, belongsTo: belongsTo, keep: keep, kept: kept, keptCount: keptCount, add: add, waiting: waiting, refuse: refuse, drop: drop };
})();
