// Before the first paint: the chosen scheme, else that of the system. Stands in <head> without "defer".
(function () {
  "use strict";
  var root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  function chosen() { try { return localStorage.getItem("dancu-theme"); } catch (e) { return null; } }
  function apply() { root.setAttribute("data-bs-theme", chosen() || (dark.matches ? "dark" : "light")); }
  apply();
  root.classList.add("js");
  dark.addEventListener("change", apply);
  window.dancuTheme = function () {
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    try { localStorage.setItem("dancu-theme", next); } catch (e) { /* a private window */ }
    apply();
  };
})();
