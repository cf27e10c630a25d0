// A reader types as a keyboard: a burst, then Enter. Enter sends; machine-readable lines have an Enter within, so it
// waits until all ninety signs are there. Whoever types by hand sends with Enter too; Shift+Enter begins a new line.
(function () {
  "use strict";
  var input = document.getElementById("scan");
  if (!input) { return; }
  var composing = false;
  input.focus();
  input.addEventListener("compositionstart", function () { composing = true; });
  input.addEventListener("compositionend", function () { composing = false; });
  input.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.shiftKey || composing) { return; }
    var bare = input.value.replace(/\s/g, "");
    if (/^IDVNM/i.test(bare) && bare.length < 90) { return; }
    event.preventDefault();
    if (bare) { input.form.requestSubmit(); }
  });
  // A scan begun anywhere on the page belongs into the input.
  document.addEventListener("keydown", function (event) {
    var at = document.activeElement;
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (at === document.body || at === null) { input.focus(); }
  });
  input.form.addEventListener("submit", function () { input.readOnly = true; });
}());
