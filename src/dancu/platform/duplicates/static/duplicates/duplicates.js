// Keys of the duplicates: each control says its own key (data-key); the key map shows them. Everything works without it.
(function () {
  "use strict";
  var map = document.querySelector("#keys dl"), more = document.getElementById("more-keys");
  if (map && more) { while (more.firstElementChild) { map.appendChild(more.firstElementChild); } }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) { return; }
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) { return; }
    var control = document.querySelector('[data-key="' + CSS.escape(event.key) + '"]');
    if (control) { event.preventDefault(); control.click(); }
  });
})();
