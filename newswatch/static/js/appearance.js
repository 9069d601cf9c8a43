// Light or dark before the first paint: what the reader chose, else what the device says, also when it changes.
(() => {
  const root = document.documentElement;
  if (root.dataset.appearance !== "auto") return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  apply();
  dark.addEventListener("change", apply);
})();
