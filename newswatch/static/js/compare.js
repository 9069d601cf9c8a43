// Along the chart: what each line has where the pointer or the arrows are. The table under it has the numbers.
(() => {
  "use strict";

  for (const chart of document.querySelectorAll("[data-chart]")) prepare(chart);

  function prepare(chart) {
    const table = document.getElementById(chart.dataset.numbers);
    const plot = chart.querySelector(".plot");
    const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
    const rows = [...table.tBodies[0].rows];
    const cursor = add("div", "chart-cursor");
    const tip = add("div", "chart-tip");
    const thumb = add("div", "chart-thumb");
    let at = rows.length - 1;
    // The browser's own bubbles would stand beside ours.
    for (const title of plot.querySelectorAll("title")) title.remove();
    // A slider tells its value as it is moved, which is what going along a chart is.
    thumb.removeAttribute("aria-hidden");
    for (const [name, value] of Object.entries({
      role: "slider", tabindex: "0", "aria-label": chart.dataset.label, "aria-valuemin": "1", "aria-valuemax": rows.length,
    })) thumb.setAttribute(name, value);
    say();
    hide();

    function add(kind, name) {
      const made = document.createElement(kind);
      made.className = name;
      made.setAttribute("aria-hidden", "true");
      chart.append(made);
      return made;
    }

    function line(name, value) {
      const made = document.createElement("p");
      for (const text of [name, value]) {
        const part = document.createElement("span");
        part.textContent = text;
        made.append(part);
      }
      return made;
    }

    function values() {
      const cells = [...rows[at].cells];
      return names.map((name, number) => [name, cells[number + 1].textContent]);
    }

    function say() {
      const day = rows[at].cells[0].textContent.trim();
      thumb.setAttribute("aria-valuenow", at + 1);
      thumb.setAttribute("aria-valuetext", [day, ...values().map((pair) => pair.join(" "))].join(", "));
      const ordered = values().sort((one, other) => other[1] - one[1]);
      tip.replaceChildren(line(day, ""), ...ordered.map((pair) => line(...pair)));
    }

    function show() {
      say();
      cursor.hidden = tip.hidden = false;
      const box = plot.getBoundingClientRect();
      const begin = box.left - chart.getBoundingClientRect().left;
      const x = begin + (box.width * (at + 0.5)) / rows.length;
      cursor.style.left = `${Math.round(x)}px`;
      cursor.style.height = `${plot.querySelector(".lines").getBoundingClientRect().height}px`;
      const isRight = at + 0.5 > rows.length / 2;
      const left = isRight ? x - tip.offsetWidth - 12 : x + 12;
      tip.style.left = `${Math.round(Math.max(0, Math.min(left, chart.clientWidth - tip.offsetWidth)))}px`;
    }

    function hide() {
      cursor.hidden = tip.hidden = true;
    }

    plot.addEventListener("pointermove", (event) => {
      const box = plot.getBoundingClientRect();
      at = Math.min(rows.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * rows.length)));
      show();
    });
    plot.addEventListener("pointerleave", () => document.activeElement === thumb || hide());
    thumb.addEventListener("focus", show);
    thumb.addEventListener("blur", hide);
    thumb.addEventListener("keydown", (event) => {
      const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: rows.length - 1 }[event.key];
      if (event.key === "Enter") rows[at].querySelector("a").click();
      if (event.key === "Escape") hide();
      if (to === undefined) return;
      event.preventDefault();
      at = Math.min(rows.length - 1, Math.max(0, to));
      show();
    });
  }
})();
