// A list that goes on by itself as its end comes near, and an address that follows: it names the page and the row that
// are on the screen, so that loading it anew, or coming back to it, shows the same place. Without this there is a link.
(() => {
  "use strict";

  // So far below the screen the list's end is near.
  const AHEAD = 900;
  // After the last movement, in milliseconds.
  const REST = 200;
  let watcher = null;
  let pressed = false;
  let last = null;
  let waits = 0;

  const list = () => document.querySelector(".stream");
  const rows = () => [...document.querySelectorAll(".stream .row-item[id]")];
  const isMore = (element) => Boolean(element?.matches?.("#older a"));

  // ----- Going on
  function watch() {
    watcher?.disconnect();
    const link = document.querySelector("#older a");
    if (!link || navigator.connection?.saveData) return;
    watcher = new IntersectionObserver((seen) => {
      // Once: what failed is asked for again by pressing the link.
      if (!seen.some((one) => one.isIntersecting) || link.dataset.asked) return;
      link.dataset.asked = "true";
      htmx.trigger(link, "near");
    }, { rootMargin: `0px 0px ${AHEAD}px 0px` });
    watcher.observe(link);
  }

  function say(key, count) {
    const status = document.getElementById("stream-says");
    if (status) status.textContent = status.dataset[key].replace("{0}", count);
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isMore(event.target)) return;
    list()?.setAttribute("aria-busy", "true");
    say("waits", 0);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.id === "older" || isMore(event.target)) list()?.removeAttribute("aria-busy");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "older") return;
    pressed = isMore(document.activeElement);
    last = rows().at(-1) ?? null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (last) {
      const all = rows();
      const at = all.indexOf(last) + 1;
      if (all.length > at) {
        say("came", all.length - at);
        // Whoever pressed the link goes on where it was.
        if (pressed) all[at].querySelector("h3 a")?.focus({ preventScroll: true });
      }
      list()?.removeAttribute("aria-busy");
      last = null;
    }
    watch();
  });

  // ----- The address follows
  // Where rows come out from under the header and the day.
  function line() {
    const header = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
    return Math.max(header, 0) + 48;
  }

  function shown(all) {
    if (!all.length || all[0].getBoundingClientRect().top >= line()) return null;
    return all.find((row) => row.getBoundingClientRect().bottom > line()) ?? all.at(-1);
  }

  // Where the page of the list began that holds a row.
  function begins(row) {
    const before = [...document.querySelectorAll(".stream .begins")].filter(
      (mark) => mark.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    return before.at(-1)?.dataset.before ?? "";
  }

  function follow() {
    const all = rows();
    // The panel of a phone is opened by the address.
    if (!all.length || location.hash === "#filter-panel") return;
    const row = shown(all);
    const url = new URL(location.href);
    const from = begins(row ?? all[0]);
    if (from) url.searchParams.set("before", from);
    else url.searchParams.delete("before");
    url.hash = row ? row.id : "";
    const back = document.querySelector(".to-newest");
    if (back) back.hidden = window.scrollY < 2 * window.innerHeight;
    if (url.href === location.href) return;
    // The page that this address loads begins elsewhere: how far it was scrolled says nothing.
    history.scrollRestoration = row ? "manual" : "auto";
    history.replaceState(history.state, "", url);
  }

  window.addEventListener("scroll", () => {
    window.clearTimeout(waits);
    waits = window.setTimeout(follow, REST);
  }, { passive: true });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".to-newest");
    // The list's beginning is on this page.
    if (!link || document.querySelector(".stream .begins.first")) return;
    event.preventDefault();
    window.scrollTo({ top: 0 });
    rows()[0]?.querySelector("h3 a")?.focus({ preventScroll: true });
  });

  function arrive() {
    const row = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!row || !row.matches(".stream .row-item")) return;
    row.scrollIntoView({ block: "start" });
    // The row before it ends above the line, and this one is the first that is seen again.
    window.scrollBy(0, row.getBoundingClientRect().top - line() + 8);
  }

  arrive();
  watch();
})();
