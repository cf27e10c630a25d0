// The page that checks without a line. Lists are asked in list.js; what waits is kept and sent by the worklists' worker.
(function () {
  "use strict";
  var root = document.getElementById("offline"), form = document.getElementById("scan");
  if (!root || !window.crypto || !crypto.subtle || !("serviceWorker" in navigator)) { return; }
  var which = document.getElementById("which"), code = document.getElementById("code"), trouble = document.getElementById("trouble");
  var lists = [], mine = null, csrf = "", busy = false;
  function words(key) { return root.querySelector('template[data-answer="' + key + '"]').dataset; }
  function complain(key) { trouble.hidden = !key; trouble.textContent = key ? words(key).word + " " + words(key).what : ""; }

  async function asked(address, given) {
    var answer = await fetch(address, Object.assign({ redirect: "error" }, given));
    return { ok: answer.ok, told: await answer.json().catch(function () { return {}; }) };
  }
  // With a line: whose device this is, and which lists are still good. Without: what the device knows.
  async function begin() {
    var good = null;
    try {
      var me = await asked(root.dataset.who);
      if (me.ok) {
        csrf = me.told.csrf;
        mine = await dancuStore.belongsTo(me.told.user, me.told.key, new Date(Date.now() + 12 * 3600e3).toISOString());
        var found = await asked(root.dataset.good);
        good = found.ok ? found.told.lists : null;
      }
    } catch (error) { mine = await dancuStore.who(); }
    await show(good);
  }
  async function show(good) {
    var found = await dancuList.kept(mine, good);
    lists = found.lists;
    complain(found.troubles[0] || (mine ? "" : "nobody"));
    which.textContent = "";
    lists.forEach(function (list) { which.add(new Option(list.title, list.id)); });
    form.hidden = !lists.length;
    which.parentNode.hidden = lists.length < 2;
    root.querySelectorAll("[data-list]").forEach(function (line) {
      var have = lists.some(function (list) { return list.id === line.dataset.list; });
      line.querySelector("[data-have]").hidden = !have;
      line.querySelector("[data-get]").hidden = have;
    });
    chosen();
    document.documentElement.dataset.lists = lists.length;
  }
  function chosen() {
    var list = lists.find(function (one) { return one.id === which.value; });
    document.getElementById("ends").textContent = list ? list.title + " · " + words("until").word + " " + list.until.toLocaleString("vi-VN", { dateStyle: "short", timeStyle: "short" }) : "";
    if (list) { code.focus(); }
    return list;
  }
  which.addEventListener("change", chosen);

  root.addEventListener("click", async function (event) {
    var button = event.target.closest("[data-get]");
    if (!button) { return; }
    var line = button.closest("[data-list]"), body = new FormData();
    button.disabled = true;
    try {
      body.append("device", await dancuList.device());
      var got = await asked(line.dataset.fetch, { method: "POST", body: body, headers: { "X-CSRFToken": csrf } });
      if (!got.ok) { trouble.textContent = got.told.message || words("no_line").word; trouble.hidden = false; return; }
      await dancuList.keep(mine, got.told);
      await prepare();
      await show(null);
    } catch (error) { complain({ signature: "damaged", key: "damaged", version: "damaged", browser: "browser" }[error.message] || "no_line");
    } finally { button.disabled = false; }
  });

  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    if (busy) { return; }
    busy = true;
    try { await check(code.value); } finally { busy = false; code.value = ""; code.focus(); }
  });
  async function check(text) {
    var list = chosen(), number = dancuList.number(text), now = new Date();
    if (!list) { return; }
    if (!number) { return tell("unread", ""); }
    if (await dancuList.clockIsBack(now.getTime()) || now < new Date(list.made.getTime() - 300000)) { return tell("clock", ""); }
    if (now < list.from) { return tell("early", ""); }
    if (now >= list.until) { await show(null); return tell("ended", ""); }
    var found = await dancuList.look(list, number);
    var event = crypto.randomUUID(), line = root.querySelector('[data-list="' + list.id + '"]');
    var address = line ? line.dataset.result : location.pathname + list.id + "/ket-qua/";
    await dancuStore.add(mine, event, { address: address, fields: [["event_id", event], ["tag", found.tag], ["told", found.told],
      ["at", now.toISOString()], ["device", await dancuList.device()]] });
    tell(found.told, number);
    // The worker sends it now or later; the box above the form says how many wait.
    navigator.serviceWorker.ready.then(function (r) { r.active.postMessage("send"); });
  }
  function tell(key, number) {
    var box = document.getElementById("answer"), word = words(key), tail = number ? "•••••••••" + number.slice(-3) : "";
    box.hidden = false;
    box.dataset.kind = word.kind;
    box.dataset.told = key;
    box.querySelector(".big").textContent = word.word;
    box.querySelector(".what").textContent = word.what + (tail ? " " + tail : "");
    if (!number) { return; }
    var last = document.getElementById("last"), line = document.createElement("li");
    line.textContent = new Date().toLocaleTimeString("vi-VN") + " · " + tail + " · " + word.word;
    last.prepend(line);
    last.hidden = false;
    while (last.children.length > 10) { last.lastChild.remove(); }
  }

  // The page and all it is made of, once through the worker, so that they are at hand without a line.
  async function prepare() {
    var active = (await navigator.serviceWorker.ready).active;
    active.postMessage({ carry: [location.pathname] });
    if (!navigator.serviceWorker.controller) {
      await new Promise(function (yes) { navigator.serviceWorker.addEventListener("controllerchange", yes, { once: true }); setTimeout(yes, 3000); });
    }
    var files = performance.getEntriesByType("resource").map(function (e) { return new URL(e.name); });
    await Promise.all(files.filter(function (url) { return url.origin === location.origin && url.pathname.startsWith("/static/"); })
      .map(function (url) { return fetch(url.href).catch(function () {}); }));
    // «On this device» is said when it is true: the worker has put the page away.
    for (var tries = 0; tries < 100 && !(await dancuStore.kept(mine, location.pathname)); tries++) {
      await new Promise(function (yes) { setTimeout(yes, 100); });
    }
    document.documentElement.dataset.prepared = "yes";
  }
  setInterval(function () { if (lists.some(function (list) { return list.until <= new Date(); })) { show(null); } }, 30000);
  addEventListener("online", begin);
  begin();
})();
