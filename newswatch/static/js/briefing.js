// Writing a briefing: what is typed is saved by itself, lines are dragged. Without this each text has a button, each
// line two arrows.
(() => {
  "use strict";
  const root = document.querySelector("[data-writing]");
  if (!root) return;
  const desk = root.closest(".desk");
  const state = document.getElementById("save-state");
  const PAUSE = 700;
  const RETRY = 4000;
  const unsaved = new Map();
  root.classList.add("has-script");

  // ----- Saving: a form for each text, with what stood there when it was read.
  const textOf = (form) => form.elements.text.value;
  const plain = (text) => text.replace(/\r\n/g, "\n").trim();
  const isChanged = (form) => plain(textOf(form)) !== plain(form.elements.was.value);

  function tell(what) {
    state.textContent = root.dataset[what] ?? "";
    state.dataset.state = what;
  }

  function later(form, wait) {
    const entry = unsaved.get(form) ?? {};
    window.clearTimeout(entry.timer);
    entry.timer = window.setTimeout(() => save(form), wait);
    unsaved.set(form, entry);
  }

  function done(form) {
    window.clearTimeout(unsaved.get(form)?.timer);
    unsaved.delete(form);
    if (!unsaved.size) tell("saved");
  }

  // Resolves to whether the text is safe. One request a form at a time.
  async function save(form) {
    const entry = unsaved.get(form);
    if (!entry) return true;
    window.clearTimeout(entry.timer);
    if (entry.running) {
      await entry.running;
      return save(form);
    }
    if (entry.clashes) return false;
    if (!isChanged(form)) {
      done(form);
      return true;
    }
    tell("saving");
    entry.running = send(form);
    const isSafe = await entry.running;
    entry.running = null;
    return isSafe && unsaved.has(form) ? save(form) : isSafe;
  }

  async function send(form) {
    const text = textOf(form);
    const body = new URLSearchParams({ what: form.elements.what.value, was: form.elements.was.value, text });
    const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    try {
      const answer = await fetch(form.action, { method: "POST", headers, body, keepalive: body.toString().length < 60000 });
      const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
      if (!isJson) throw new Error(answer.status);
      const told = await answer.json();
      if (answer.status === 409) return clash(form, told.text);
      if (answer.status === 404) return gone(form);
      if (!answer.ok) throw new Error(answer.status);
      form.elements.was.value = told.text;
      // A title can't be empty: the old one stands.
      if (!text.trim() && told.text) form.elements.text.value = told.text;
      if (textOf(form) === text || !isChanged(form)) done(form);
      return true;
    } catch {
      tell("failed");
      later(form, RETRY);
      return false;
    }
  }

  function note(form, words) {
    form.querySelector(".clash")?.remove();
    const box = document.createElement("div");
    box.className = "notice bad clash";
    box.setAttribute("role", "alert");
    const said = document.createElement("p");
    said.textContent = words;
    box.append(said);
    form.append(box);
    unsaved.get(form).clashes = true;
    tell("");
    return box;
  }

  function gone(form) {
    note(form, root.dataset.gone);
    return false;
  }

  function clash(form, theirs) {
    const box = note(form, root.dataset.clash);
    const quote = document.createElement("blockquote");
    quote.textContent = theirs;
    const settle = (words, text) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet btn-sm";
      button.textContent = words;
      button.addEventListener("click", () => {
        form.elements.was.value = theirs;
        if (text !== null) form.elements.text.value = text;
        box.remove();
        form.elements.text.focus();
        unsaved.set(form, {});
        save(form);
      });
      return button;
    };
    box.append(quote, settle(root.dataset.mine, null), " ", settle(root.dataset.theirs, theirs));
    return false;
  }

  async function flush() {
    const safe = await Promise.all([...unsaved.keys()].map(save));
    return safe.every(Boolean);
  }

  root.addEventListener("input", (event) => {
    const form = event.target.closest(".writes");
    if (!form) return;
    const entry = unsaved.get(form);
    if (entry?.clashes) return;
    tell("saving");
    later(form, PAUSE);
  });
  root.addEventListener("focusout", (event) => {
    const form = event.target.closest(".writes");
    if (form && unsaved.has(form)) save(form);
  });
  // Whatever leaves the page or changes the list waits until the texts are safe.
  desk.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches(".writes")) {
      event.preventDefault();
      event.stopPropagation();
      if (!unsaved.has(form)) unsaved.set(form, {});
      save(form);
    } else if (unsaved.size && !form.hasAttribute("hx-post")) {
      event.preventDefault();
      if (await flush()) form.requestSubmit(event.submitter);
    }
  }, { capture: true });
  desk.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !unsaved.size || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (await flush()) link.click();
  });
  document.addEventListener("htmx:confirm", async (event) => {
    if (!unsaved.size || !desk.contains(event.target)) return;
    event.preventDefault();
    if (await flush()) event.detail.issueRequest(true);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!unsaved.size) return;
    flush();
    event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) flush();
  });

  // What was typed while the list was on its way comes along into the new one.
  let typed = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "sections") return;
    typed = [];
    for (const form of [...unsaved.keys()]) {
      if (!event.target.contains(form)) continue;
      typed.push([form.elements.text.id, textOf(form)]);
      window.clearTimeout(unsaved.get(form).timer);
      unsaved.delete(form);
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const [id, text] of typed) {
      const field = document.getElementById(id);
      if (!field) continue;
      field.value = text;
      later(field.form, 0);
    }
    typed = [];
    prepare();
  });

  // ----- Fields as high as their text, where the browser does not do that by itself.
  const grows = !CSS.supports("field-sizing", "content");
  function fit(field) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  }
  function prepare() {
    for (const grip of root.querySelectorAll(".grip")) grip.hidden = false;
    if (grows) for (const field of root.querySelectorAll("textarea")) fit(field);
  }
  if (grows) root.addEventListener("input", (event) => event.target.matches("textarea") && fit(event.target));

  // ----- The order: Alt and an arrow in a line, or the line's grip.
  root.addEventListener("keydown", (event) => {
    const item = event.target.closest(".item");
    if (!item || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    item.querySelector(event.key === "ArrowUp" ? "[id^=up-]" : "[id^=down-]").click();
  });

  function orderNow() {
    const parts = [...root.querySelectorAll("[data-section]")];
    return parts.flatMap((part) => [
      `s${part.dataset.section}`,
      ...[...part.querySelectorAll("[data-item]")].map((item) => `i${item.dataset.item}`),
    ]).join(",");
  }

  async function sendOrder() {
    const list = document.getElementById("sections");
    if (!(await flush())) return;
    const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
    htmx.ajax("POST", list.dataset.order, {
      source: list, target: "#sections", swap: "outerHTML", values: { order: orderNow(), csrfmiddlewaretoken: token },
    });
  }

  let drag = null;

  function dragOver(x, y) {
    const under = document.elementFromPoint(x, y);
    const item = under?.closest(".item");
    if (item && item !== drag.item) {
      const box = item.getBoundingClientRect();
      if (y < box.top + box.height / 2) item.before(drag.item);
      else item.after(drag.item);
      return;
    }
    const list = under?.closest(".part")?.querySelector("[data-items]");
    if (list && !list.contains(drag.item)) list.append(drag.item);
  }

  function drop(isMeant) {
    if (!drag) return;
    const { item, list, next, before } = drag;
    item.classList.remove("dragged");
    drag = null;
    if (!isMeant) list.insertBefore(item, next);
    else if (orderNow() !== before) sendOrder();
  }

  root.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || event.button) return;
    event.preventDefault();
    const item = grip.closest(".item");
    drag = { item, list: item.parentElement, next: item.nextElementSibling, before: orderNow() };
    item.classList.add("dragged");
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const edge = 60;
    if (event.clientY < edge) window.scrollBy(0, -12);
    else if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
    dragOver(event.clientX, event.clientY);
  });
  document.addEventListener("pointerup", () => drop(true));
  document.addEventListener("pointercancel", () => drop(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && drop(false));

  // ----- The address to paste into a chat.
  for (const button of desk.querySelectorAll("[data-copies]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copies);
      button.textContent = button.dataset.copied;
    });
  }

  tell("saved");
  prepare();
})();
