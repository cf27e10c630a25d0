// What pages do beyond links and forms; everything works without it.
(function () {
  "use strict";
  function typing(target) { return target.closest("input, textarea, select, [contenteditable]"); }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-theme-switch], [data-open-dialog], [data-close-dialog], [data-copy], [data-print]");
    if (!button) { return; }
    if (button.hasAttribute("data-theme-switch")) { window.dancuTheme(); }
    if (button.hasAttribute("data-print")) { window.print(); }
    if (button.dataset.openDialog) {
      var dialog = document.getElementById(button.dataset.openDialog);
      if (dialog) { event.preventDefault(); dialog.showModal(); }
    }
    if (button.hasAttribute("data-close-dialog")) { button.closest("dialog").close(); }
    if (button.dataset.copy && navigator.clipboard) {
      navigator.clipboard.writeText(button.dataset.copy).then(function () {
        var word = button.querySelector("span");
        if (word && button.dataset.copied) { word.textContent = button.dataset.copied; }
      });
    }
  });

  // ? shows the key map; g then a letter goes to a page of the menu; / goes to the search field.
  var waiting = 0;
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    var open = document.querySelector("dialog[open]");
    if (event.key === "?") {
      var keys = document.getElementById("keys");
      if (keys && !open) { event.preventDefault(); keys.showModal(); }
      return;
    }
    if (open) { return; }
    if (event.key === "/") {
      var search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
      return;
    }
    if (event.key === "g") { waiting = Date.now(); return; }
    if (waiting && Date.now() - waiting < 1500) {
      var link = document.querySelector('#menu a[accesskey="' + CSS.escape(event.key) + '"]');
      if (link) { event.preventDefault(); link.click(); }
    }
    waiting = 0;
  });

  // A form sent twice does its work once: the button waits for the answer.
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented) { return; }
    var form = event.target;
    if (form.method !== "post" || form.dataset.again !== undefined) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent; form.removeAttribute("aria-busy");
    });
  });

  // The bar of long work: width from data, since inline style is forbidden.
  function bars(root) {
    root.querySelectorAll("[data-share]").forEach(function (bar) { bar.style.width = bar.dataset.share + "%"; });
  }
  bars(document);
  document.addEventListener("htmx:load", function (event) { bars(event.detail.elt); });

  // Clocks that run down; at their end the page says so by itself.
  function clocks() {
    document.querySelectorAll("[data-until]").forEach(function (clock) {
      var left = Math.max(0, Math.round((new Date(clock.dataset.until) - Date.now()) / 1000));
      var two = function (n) { return String(n).padStart(2, "0"); };
      var hours = Math.floor(left / 3600), minutes = Math.floor(left / 60);
      clock.textContent = (hours ? hours + ":" + two(minutes % 60) : minutes) + ":" + two(left % 60);
    });
  }
  if (document.querySelector("[data-until]")) { clocks(); setInterval(clocks, 1000); }

  var first = document.querySelector(".error-summary");
  if (first) { first.focus(); }

  // Nobody is logged in here: what the worklists keep on this device for a user goes, and the key with it.
  if (window.indexedDB && !document.querySelector('form[action$="/dang-xuat/"]')) {
    indexedDB.deleteDatabase("dancu-viec");
    // Lists for checks without a line go too; the device's own number stays, by which its downloads are counted.
    var lists = indexedDB.open("dancu-danh-sach");
    lists.onupgradeneeded = function () { lists.transaction.abort(); };
    lists.onerror = function (event) { event.preventDefault(); };
    lists.onsuccess = function () {
      var db = lists.result, tx = db.transaction("list", "readwrite");
      tx.objectStore("list").clear();
      tx.oncomplete = tx.onabort = function () { db.close(); };
    };
  }
})();
