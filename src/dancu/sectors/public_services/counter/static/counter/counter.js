// Keys of the counter. All of it is an addition: every page works with Tab and Enter alone.
(function () {
  "use strict";
  var rows = Array.from(document.querySelectorAll("[data-row]")), at = -1;
  function go(to) {
    if (!rows.length) { return; }
    if (at >= 0) { rows[at].classList.remove("here"); }
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("here");
    rows[at].querySelector("a").focus();
  }
  function follow(selector) { var link = document.querySelector(selector); if (link) { link.click(); } return !!link; }
  // A digit does what its button does, or opens what must be filled in first and goes there.
  function act(key) {
    var found = document.querySelector('[data-act="' + CSS.escape(key) + '"]');
    if (!found) { return; }
    if (found.tagName !== "SUMMARY") { found.click(); return; }
    found.parentNode.open = true;
    var input = found.parentNode.querySelector("input:not([type=hidden]), select, textarea, button");
    if (input) { input.focus(); }
  }
  document.addEventListener("keydown", function (event) {
    if (document.querySelector("dialog[open]")) { return; }
    // Ctrl+Enter finishes the form that the cursor is in.
    if (event.key === "Enter" && event.ctrlKey && event.target.form) {
      var last = event.target.form.querySelector("button[data-finish]");
      if (last) { event.preventDefault(); last.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select")) { return; }
    if (event.key === "j") { go(at + 1); }
    else if (event.key === "k") { go(at - 1); }
    else if (event.key === "x" && at >= 0) { rows[at].querySelector("input").click(); }
    else if (event.key === "n") { if (rows.length) { go(at + 1); } else { follow("main a[rel=next]"); } }
    else if (event.key === "p") { if (rows.length) { go(at - 1); } else { follow("main a[rel=prev]"); } }
    else if (event.key === "u") { follow("a[data-up]"); }
    else if (event.key === "z") { follow("button[data-undo]"); }
    else if (/^[1-9]$/.test(event.key)) { act(event.key); }
  });
  // One box ticks all of the page.
  var all = document.querySelector("[data-all]");
  if (all) {
    all.addEventListener("change", function () {
      document.querySelectorAll("[data-row] input[type=checkbox]").forEach(function (box) { box.checked = all.checked; });
    });
  }
}());
