// The volume chart: what a bar says where the pointer or the focus is, and a stretch of time chosen by dragging or by
// Shift and arrows. Without this every bar is a link, and the table has the numbers.
(() => {
  "use strict";

  const LEAST_DRAG = 6;

  function prepare(chart) {
    const plot = chart.querySelector(".plot");
    const bars = [...chart.querySelectorAll("a.col")];
    if (!bars.length || chart.dataset.ready) return;
    chart.dataset.ready = "true";
    const tip = plot.querySelector(".tip");
    const chosen = plot.querySelector(".chosen");
    const status = chart.querySelector("[role=status]");
    const rows = [...chart.querySelectorAll("tbody tr")];
    const heads = [...chart.querySelectorAll("thead th")].slice(1);
    let from = null; // where a choice began
    let to = null;
    let pressed = null; // where the pointer went down

    // The browser's own bubble would stand beside ours.
    for (const title of plot.querySelectorAll("a.col > title")) title.remove();

    // ----- What a bar says
    function show(number) {
      const row = rows[number];
      if (!row) return;
      tip.replaceChildren(line("", row.cells[0].textContent, ""));
      heads.forEach((head, at) => tip.append(line(head.dataset.tone, head.textContent, row.cells[at + 1].textContent)));
      tip.hidden = false;
      const width = plot.clientWidth;
      const middle = ((number + 0.5) / bars.length) * width;
      const left = middle + 12 + tip.offsetWidth > width ? middle - 12 - tip.offsetWidth : middle + 12;
      tip.style.left = `${Math.max(0, Math.round(left))}px`;
    }

    function line(tone, name, count) {
      const made = document.createElement("div");
      const words = document.createElement("span");
      words.textContent = name;
      words.className = tone ? `key key-${tone}` : "when";
      made.append(words);
      if (count) {
        const value = document.createElement("strong");
        value.textContent = count;
        made.append(value);
      }
      return made;
    }

    function hide() {
      tip.hidden = true;
    }

    // ----- Choosing a stretch
    function choose(first, last) {
      from = first;
      to = last;
      const several = first !== null && first !== last;
      chosen.hidden = !several;
      status.textContent = "";
      if (!several) return;
      const [low, high] = [Math.min(first, last), Math.max(first, last)];
      chosen.style.left = `${(low / bars.length) * 100}%`;
      chosen.style.width = `${((high - low + 1) / bars.length) * 100}%`;
      const days = `${bars[low].dataset.first} – ${bars[high].dataset.last}`;
      status.textContent = status.dataset.says.replace("{0}", days);
    }

    function go() {
      const [low, high] = [Math.min(from, to), Math.max(from, to)];
      const link = document.createElement("a");
      const days = { since: bars[low].dataset.first, until: bars[high].dataset.last };
      const mark = chart.dataset.open.endsWith("?") ? "" : "&";
      link.href = `${chart.dataset.open}${mark}${new URLSearchParams(days)}`;
      link.hidden = true;
      chart.append(link);
      window.htmx?.process(link);
      link.click();
    }

    function at(event) {
      const box = plot.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      return Math.min(Math.max(Math.floor(share * bars.length), 0), bars.length - 1);
    }

    plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      pressed = { x: event.clientX, number: at(event), drags: false };
    });
    plot.addEventListener("pointermove", (event) => {
      const number = at(event);
      show(number);
      if (!pressed) return;
      if (!pressed.drags && Math.abs(event.clientX - pressed.x) >= LEAST_DRAG) {
        pressed.drags = true;
        plot.setPointerCapture(event.pointerId);
      }
      if (pressed.drags) choose(pressed.number, number);
    });
    plot.addEventListener("pointerup", () => {
      const dragged = pressed?.drags;
      pressed = null;
      if (!dragged) return;
      // The click that ends a drag is no click on a bar.
      plot.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
      window.setTimeout(go, 0);
    });
    plot.addEventListener("pointercancel", () => {
      pressed = null;
      choose(null, null);
      hide();
    });
    plot.addEventListener("pointerleave", () => {
      if (!pressed?.drags) hide();
    });
    // A link would be dragged away instead.
    plot.addEventListener("dragstart", (event) => event.preventDefault());

    plot.addEventListener("focusin", (event) => show(bars.indexOf(event.target)));
    plot.addEventListener("focusout", hide);
    plot.addEventListener("keydown", (event) => {
      const here = bars.indexOf(event.target);
      if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      const steps = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: bars.length - 1 };
      if (event.key in steps) {
        const next = Math.min(Math.max(steps[event.key], 0), bars.length - 1);
        choose(event.shiftKey ? (from ?? here) : null, event.shiftKey ? next : null);
        bars[here].setAttribute("tabindex", "-1");
        bars[next].setAttribute("tabindex", "0");
        bars[next].focus();
      } else if (event.key === "Enter" && from !== null && from !== to) {
        go();
      } else if (event.key === "Escape" && from !== null) {
        choose(null, null);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
  }

  function prepareAll() {
    for (const chart of document.querySelectorAll("#volume")) prepare(chart);
  }

  prepareAll();
  document.addEventListener("htmx:load", prepareAll);
})();
