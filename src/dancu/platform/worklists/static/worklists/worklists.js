// The pages of the worklists: keys, what waits on this device, and the worker behind them. All of it is an addition.
(function () {
  "use strict";
  var box = document.getElementById("queue");
  function fresh() { return crypto.randomUUID ? crypto.randomUUID() : null; }
  // Each form is an event of its own; a page that comes from the device again must not repeat the event of before.
  document.querySelectorAll("input[data-fresh]").forEach(function (input) { input.value = fresh() || input.value; });

  // --- keys ---
  var rows = Array.from(document.querySelectorAll("[data-row]")), at = -1;
  function go(to) {
    if (!rows.length) { return; }
    if (at >= 0) { rows[at].classList.remove("here"); }
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("here");
    rows[at].querySelector("a").focus();
  }
  function follow(selector) { var link = document.querySelector(selector); if (link) { link.click(); } }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) { return; }
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) { return; }
    if (event.key === "j") { go(at + 1); }
    if (event.key === "k") { go(at - 1); }
    if (event.key === "x" && at >= 0) { rows[at].querySelector("input").click(); }
    if (event.key === "n") { if (rows.length) { go(at + 1); } else { follow("main a[rel=next]"); } }
    if (event.key === "p") { follow("main a[rel=prev]"); }
    if (event.key === "u") { follow("a[data-up]"); }
  });

  if (!box || !("serviceWorker" in navigator) || !window.crypto || !crypto.subtle) { return; }

  // --- what waits ---
  var later = 0;
  async function show() {
    var mine = await dancuStore.who();
    var all = mine ? await dancuStore.waiting(mine) : [];
    var bad = all.filter(function (e) { return e.refused; }), open = all.length - bad.length;
    var carried = mine && !navigator.onLine ? await dancuStore.keptCount() : 0;
    box.querySelector("[data-off]").hidden = navigator.onLine;
    box.querySelector("[data-waits]").hidden = !open;
    box.querySelector("[data-count]").textContent = open;
    box.querySelector("[data-carried]").hidden = !carried;
    box.querySelector("[data-carried-count]").textContent = carried;
    var list = box.querySelector("[data-conflicts]"), template = box.querySelector("template");
    list.textContent = "";
    bad.forEach(function (entry) {
      var line = template.content.cloneNode(true);
      line.querySelector("span").textContent = entry.refused;
      line.querySelector("a").href = entry.action.address.replace(/[^/]+\/(\?|$)/, "$1");
      line.querySelector("button").addEventListener("click", async function () { await dancuStore.drop(entry.id); show(); });
      list.append(line);
    });
    box.hidden = navigator.onLine && !all.length && !carried;
    // A line that has just come back may fail again: what waits is tried until it is through.
    clearTimeout(later);
    if (open && navigator.onLine) { later = setTimeout(send, 5000); }
    // What waits is not entered a second time; when it was dropped the form is there again.
    var waits = all.map(function (e) { return e.action.address.split("?")[0]; });
    document.querySelectorAll("main form[method=post]").forEach(function (form) {
      form.inert = waits.indexOf(new URL(form.getAttribute("action") || "", location.href).pathname) >= 0;
    });
    all.forEach(function (entry) {
      var number = /\/(\d+)\//.exec(entry.action.address), link = number && document.querySelector('[data-task="' + number[1] + '"]');
      if (link) { link.closest("tr").classList.add("sent"); }
    });
  }
  function worker() { return navigator.serviceWorker.ready.then(function (r) { return r.active; }); }
  function send() { if (navigator.onLine) { worker().then(function (w) { w.postMessage("send"); }); } }
  box.querySelector("[data-send]").addEventListener("click", send);
  navigator.serviceWorker.addEventListener("message", function (event) { if (event.data === "changed") { show(); } });
  addEventListener("online", function () { show(); send(); });
  addEventListener("offline", show);

  var carry = document.querySelector("[data-carry]");
  if (carry) {
    carry.addEventListener("click", function () {
      var links = Array.from(document.querySelectorAll("[data-task]")).slice(0, Number(carry.dataset.carry));
      worker().then(function (w) { w.postMessage({ carry: links.map(function (a) { return a.getAttribute("href"); }) }); });
      carry.disabled = true;
    });
  }

  var controlled = !!navigator.serviceWorker.controller;
  navigator.serviceWorker.register(box.dataset.worker, { scope: box.dataset.scope }).then(function () {
    return worker();
  }).then(function (w) {
    // The very first page came before the worker: fetched once more, so that it is at hand. A list leaves no trace.
    if (!controlled && rows.length) { w.postMessage({ carry: [location.pathname + location.search] }); }
    document.documentElement.dataset.worker = "ready";
    return show();
  }).then(send);
})();
