// Light or dark before the first paint: what the reader chose, else what the device says, also when either changes.
(() => {
  "use strict";
  const root = document.documentElement;
  // What stands in for scripts on the page goes.
  root.dataset.scripts = "";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = root.dataset.appearance;
    root.setAttribute("data-bs-theme", chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen);
  };
  apply();
  dark.addEventListener("change", apply);
  // The settings' page says what was chosen as soon as it is saved.
  document.addEventListener("looks", (event) => {
    const { appearance, compact, keys } = event.detail;
    root.dataset.appearance = appearance;
    document.body.classList.toggle("compact", compact);
    document.body.toggleAttribute("data-keys", keys);
    apply();
  });
})();
