// A list as this device keeps and asks it: dancu.platform.offline.form says what is in it, in the same words.
// Kept sealed under the user's key (dancuStore); the list's own key is handed to WebCrypto, which gives it to nobody.
"use strict";
var dancuList = (function () {
  var DB = "dancu-danh-sach", PREFIX = "dancu-offline-1\n", ENTRY = 17;
  var ANSWERS = { 1: "eligible", 2: "not_eligible", 3: "unsure" };
  function bytes(text) { return new TextEncoder().encode(text); }
  function unb64(text) {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), function (c) { return c.charCodeAt(0); });
  }
  function unhex(text) { return Uint8Array.from(text.match(/../g), function (two) { return parseInt(two, 16); }); }
  function hex(data) { return Array.from(data, function (b) { return b.toString(16).padStart(2, "0"); }).join(""); }
  function joined(a, b) { var all = new Uint8Array(a.length + b.length); all.set(a); all.set(b, a.length); return all; }
  function same(a, b) { return hex(a) === hex(b); }
  function db() { return dancuStore.open(DB, ["list", "state"]); }
  function run(store, mode, act) { return dancuStore.run(db, store, mode, act); }

  // Whose signature it is, before anything in it is believed.
  async function verified(file, keys) {
    var told = JSON.parse(file), body = unb64(told.payload);
    var key = keys.find(function (k) { return k.kid === told.kid && k.crv === "Ed25519"; });
    if (!key || !(await signs(unb64(key.x), unb64(told.signature), joined(bytes(PREFIX), body)))) { throw new Error("signature"); }
    var found = JSON.parse(new TextDecoder().decode(body));
    if (found.v !== 1) { throw new Error("version"); }
    return found;
  }
  async function signs(key, signature, data) {
    var known;
    try { known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]); } catch (error) { throw new Error("browser"); }
    return crypto.subtle.verify({ name: "Ed25519" }, known, signature, data);
  }

  async function opened(given) {
    var found = await verified(given.file, given.keys), raw = unhex(given.key);
    var key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    raw.fill(0);
    var check = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes("dancu-offline-key")));
    if (!same(check.subarray(0, 16), unb64(found.key_check))) { throw new Error("key"); }
    var entries = unb64(found.entries), tags = new Map();
    for (var at = 0; at < entries.length; at += ENTRY) { tags.set(hex(entries.subarray(at, at + 16)), entries[at + 16]); }
    return { id: found.id, title: found.title, from: new Date(found.from), until: new Date(found.until), made: new Date(found.made),
      salt: unb64(found.salt), iterations: found.iterations, tags: tags, key: key };
  }

  // What the list says about a number; the number itself is kept nowhere.
  async function look(list, number) {
    var base = await crypto.subtle.importKey("raw", bytes(number), "PBKDF2", false, ["deriveBits"]);
    var slow = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: list.salt, iterations: list.iterations }, base, 256);
    var whole = new Uint8Array(await crypto.subtle.sign("HMAC", list.key, slow)), tag = hex(whole.subarray(0, 16));
    var byte = list.tags.get(tag);
    return { tag: tag, told: byte === undefined ? "not_listed" : ANSWERS[byte ^ whole[16]] || "unsure" };
  }

  // 12 digits of a card's QR text or as typed; null for anything else.
  function number(text) {
    var first = text.split("|")[0].replace(/[\s.]/g, "");
    return /^[0-9]{12}$/.test(first) ? first : null;
  }

  async function keep(mine, given) {
    var list = await opened(given);
    var box = await dancuStore.sealed(mine.secret, given);
    await run("list", "readwrite", function (s) { return s.put({ id: list.id, user: mine.user, until: list.until.toISOString(), box: box }); });
    return list;
  }
  // Those of this user that are still good; all others go: of somebody else, ended, not to be opened, not listed by the server.
  async function kept(mine, good) {
    var all = await run("list", "readonly", function (s) { return s.getAll(); }), found = [], troubles = [];
    for (var entry of all) {
      var ended = new Date(entry.until) <= new Date(), gone = good && good.indexOf(entry.id) < 0;
      if (!mine || entry.user !== mine.user || ended || gone) {
        if (mine && entry.user === mine.user) { troubles.push(ended ? "ended" : "revoked"); }
        await drop(entry.id);
        continue;
      }
      try { found.push(await opened(await dancuStore.opened(mine.secret, entry.box))); } catch (error) { troubles.push("damaged"); await drop(entry.id); }
    }
    return { lists: found, troubles: troubles };
  }
  function drop(id) { return run("list", "readwrite", function (s) { return s.delete(id); }); }

  async function state(name, make) {
    var found = await run("state", "readonly", function (s) { return s.get(name); });
    if (found) { return found.value; }
    var value = make();
    await run("state", "readwrite", function (s) { return s.put({ id: name, value: value }); });
    return value;
  }
  function device() { return state("device", function () { return crypto.randomUUID(); }); }
  // A clock that was put back would make an ended list good again: the latest moment seen is remembered.
  async function clockIsBack(now) {
    var last = await state("clock", function () { return 0; });
    if (now > last) { await run("state", "readwrite", function (s) { return s.put({ id: "clock", value: now }); }); }
    return now < last - 300000;
  }
  return { keep: keep, kept: kept, look: look, number: number, device: device, clockIsBack: clockIsBack };
})();
