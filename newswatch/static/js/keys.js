// What single keys do. Keys are told by their place on the keyboard, so that they work while Hangul is being typed.
(() => {
  "use strict";

  const palette = document.getElementById("palette");
  const sheet = document.getElementById("keys");
  const usesSingleKeys = () => "keys" in document.body.dataset;
  // After "g" the next key says where to go, for so many milliseconds.
  const PATIENCE = 1500;
  let goes = 0;

  function rows() {
    return [...document.querySelectorAll(".row-item")].filter((row) => row.offsetParent);
  }

  function title(row) {
    return row.querySelector("h3 a");
  }

  function current() {
    return document.activeElement?.closest(".row-item");
  }

  // The next row of the one the reader is on, else the first that is seen.
  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    const seen = all.findIndex((row) => row.getBoundingClientRect().top >= 0);
    const next = at < 0 ? all[Math.max(seen, 0)] : all[at + by];
    const link = next && title(next);
    if (!link) return;
    link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  // A button or link of the row the reader is on, or of the page if it is about one article.
  function press(selector) {
    const place = current() ?? document.querySelector(".marks-box, .story-actions") ?? null;
    place?.querySelector(selector)?.click();
  }

  function openPalette() {
    if (!palette || palette.open) return;
    palette.showModal();
    palette.querySelector("input").select();
    htmx.trigger(palette.querySelector("form"), "open");
  }

  const KEYS = {
    KeyJ: () => step(1),
    KeyK: () => step(-1),
    KeyO: () => current() && title(current()).click(),
    KeyU: () => press("a.unfold"),
    KeyS: () => press("button.star"),
    KeyM: () => press("button[value=read], button[value=unread]"),
    KeyN: () => (current() ? press(".note-link") : document.querySelector(".marks-box textarea")?.focus()),
    KeyB: () => press(".add-link"),
    KeyV: () => document.querySelector("a.to-outlet")?.click(),
    KeyE: () => {
      const share = document.querySelector(".share-pop");
      if (!share) return;
      share.open = true;
      share.querySelector("select, textarea, input:not([type=hidden])")?.focus();
    },
    KeyG: () => { goes = Date.now(); },
    Slash: (event) => (event.shiftKey ? sheet.showModal() : document.querySelector("#id_q, .top input[type=search]")?.focus()),
  };
  const PLACES = { KeyD: "d", KeyT: "t", KeyF: "f", KeyV: "v", KeyB: "b", KeyC: "c", KeyP: "p", KeyA: "a", KeyS: "s" };

  function isTyping(target) {
    return target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK" && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      openPalette();
      return;
    }
    if (!usesSingleKeys() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const place = Date.now() - goes < PATIENCE && PLACES[event.code];
    goes = 0;
    const link = place && document.querySelector(`.sections a[data-key="${place}"]`);
    const act = link ? () => link.click() : KEYS[event.code];
    if (!act || (event.shiftKey && event.code !== "Slash")) return;
    event.preventDefault();
    act(event);
  });

  // ----- In the palette the arrows go along the places, and Enter takes the first.
  palette?.addEventListener("keydown", (event) => {
    const links = [...palette.querySelectorAll(".places a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") (links[at + 1] ?? links[0])?.focus();
    else if (event.key === "ArrowUp") (links[at - 1] ?? palette.querySelector("input")).focus();
    else return;
    event.preventDefault();
  });
  palette?.querySelector("form").addEventListener("submit", (event) => {
    const first = palette.querySelector(".places a");
    if (!first) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    first.click();
  }, { capture: true });
  // A click beside the dialog closes it.
  for (const dialog of [palette, sheet]) {
    dialog?.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }
  for (const button of document.querySelectorAll("[data-opens]")) {
    button.hidden = false;
    button.addEventListener("click", () => (button.dataset.opens === "keys" ? sheet.showModal() : openPalette()));
  }
})();
