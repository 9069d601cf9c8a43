// Comfort on top of pages that work without it. No state of its own: the address and the server have it.
(() => {
  "use strict";

  // ----- Filters apply themselves once a choice is made.
  document.addEventListener("change", (event) => {
    const field = event.target;
    const form = field.form;
    if (!form || !("autosubmit" in form.dataset) || field.name === "q") return;
    if (field.name === "add" && !field.value.trim()) return;
    submit(form);
  });

  // Empty fields stay out of the address.
  document.addEventListener("submit", (event) => {
    if ("autosubmit" in event.target.dataset) leaveOutEmpty(event.target);
  });

  function submit(form) {
    form.requestSubmit();
  }

  function leaveOutEmpty(form) {
    for (const field of form.elements) {
      if (field.name && !field.value) field.disabled = true;
    }
  }

  // The browser's "back" shows the page as it was left: with those fields switched off.
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[data-autosubmit] :disabled, [form=filters]:disabled")) {
      field.disabled = false;
    }
  });

  // ----- A story unfolds to its articles; without this its line is a link to the story's page.
  function unfold(link, isOpen) {
    const articles = document.getElementById(link.getAttribute("aria-controls"));
    link.setAttribute("aria-expanded", isOpen);
    articles.hidden = !isOpen;
    if (isOpen && !articles.dataset.has) htmx.trigger(link, "unfold");
    articles.dataset.has = "true";
  }

  function isPlainClick(event) {
    return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.unfold[aria-controls]");
    if (!link || !isPlainClick(event)) return;
    event.preventDefault();
    unfold(link, link.getAttribute("aria-expanded") !== "true");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches?.("a.unfold[aria-controls]")) return;
    event.preventDefault();
    event.target.click();
  });

  // ----- What changed since the page was made: asked for while somebody looks, and put in place.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id === "news" && document.hidden) event.preventDefault();
  });
  // Whoever was logged out meanwhile goes on reading, and logs in with the next thing asked for.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.xhr.responseURL.includes("/account/login/")) return;
    event.detail.shouldSwap = false;
    if (event.target.id !== "news") location.reload();
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const old = event.detail.target.querySelector?.("a.unfold");
    const fresh = event.detail.fragment.querySelector("a.unfold");
    // The line comes folded; it stays as the reader left it, with its articles as they are now.
    if (old && fresh) fresh.setAttribute("aria-expanded", old.getAttribute("aria-expanded"));
  });
  document.addEventListener("htmx:load", (event) => {
    const link = event.target.matches(".line") && event.target.querySelector("a.unfold");
    if (!link) return;
    delete document.getElementById(link.getAttribute("aria-controls")).dataset.has;
    if (link.getAttribute("aria-expanded") === "true") unfold(link, true);
  });

  // ----- Menus close when the reader looks elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open], details.share-pop[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open], details.share-pop[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    hide();
    if (location.hash === "#filter-panel") location.hash = "#content";
  });

  // ----- Toasts can be sent away, and go by themselves unless the reader is on them.
  function prepare(toast) {
    const button = toast.querySelector("[data-dismiss]");
    if (!button.hidden) return;
    button.hidden = false;
    button.addEventListener("click", () => toast.remove());
    const leave = () => (toast.matches(":hover, :focus-within") ? window.setTimeout(leave, 3000) : toast.remove());
    // What can be undone stays long enough to be read and regretted.
    window.setTimeout(leave, toast.querySelector("form") ? 30000 : 8000);
  }

  function prepareToasts() {
    for (const toast of document.querySelectorAll("[data-toast]")) prepare(toast);
  }

  prepareToasts();
  document.addEventListener("htmx:afterSettle", prepareToasts);

  // ----- Where to put an article or a story is asked in a dialogue.
  const adding = document.getElementById("add-to");
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "add-to-in" || adding.open) return;
    adding.showModal();
    adding.querySelector("[autofocus]")?.focus();
  });
  document.addEventListener("collected", () => adding?.close());
  adding?.addEventListener("click", (event) => { if (event.target === adding) adding.close(); });

  // ----- What the server could not answer is said in the reader's words; the page stays as it was.
  function answerTo(status) {
    if (status === 403) return "forbidden";
    if (status === 404 || status === 410) return "gone";
    if (status === 429) return "often";
    return status < 500 ? "refused" : "failed";
  }

  function complain(event, key) {
    const toasts = document.getElementById("toasts");
    // The page's own looking for news goes on by itself.
    if (!toasts || event.target.id === "news") return;
    const words = toasts.dataset[key];
    for (const said of toasts.querySelectorAll("span")) if (said.textContent === words) return;
    const line = document.createElement("div");
    const text = document.createElement("span");
    const button = document.createElement("button");
    line.className = "toast-line error";
    line.dataset.toast = "";
    text.textContent = words;
    Object.assign(button, { type: "button", className: "plain", textContent: "×", hidden: true });
    button.dataset.dismiss = "";
    button.setAttribute("aria-label", toasts.dataset.close);
    line.append(text, button);
    toasts.append(line);
    prepare(line);
  }

  document.addEventListener("htmx:responseError", (event) => complain(event, answerTo(event.detail.xhr.status)));
  document.addEventListener("htmx:sendError", (event) => complain(event, "offline"));
  document.addEventListener("htmx:timeout", (event) => complain(event, "offline"));

  // ----- Sharing: the words that the reader has marked go into the form, and a link into the clipboard.
  document.addEventListener("toggle", (event) => {
    const field = event.target.matches?.(".share-pop[open]") && event.target.querySelector("[name=sentence]");
    const said = String(window.getSelection()).trim();
    const isOfText = document.querySelector(".body")?.contains(window.getSelection().anchorNode);
    if (field && said && isOfText && said.length <= field.maxLength) field.value = said.replace(/\s+/g, " ");
  }, true);

  function prepareCopies(root) {
    for (const button of root.querySelectorAll("[data-copies]")) button.hidden = !navigator.clipboard;
  }

  prepareCopies(document);
  document.addEventListener("htmx:load", (event) => prepareCopies(event.target));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copies]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copies);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  });

  // ----- Settings are saved as they are made: the sentence that says so stands in the place of the button.
  for (const line of document.querySelectorAll("[data-instant] .saved-at-once")) line.hidden = false;

  // ----- Why something is marked: beside the mark, on pointing, tapping or focusing it.
  const reason = document.getElementById("reason");

  function show(mark) {
    reason.textContent = mark.dataset.reason;
    reason.hidden = false;
    mark.setAttribute("aria-describedby", "reason");
    const place = mark.getClientRects()[0];
    const box = reason.getBoundingClientRect();
    const margin = 8;
    const left = Math.min(Math.max(place.left, margin), window.innerWidth - box.width - margin);
    const above = place.top - box.height - margin;
    reason.style.left = `${Math.round(left)}px`;
    reason.style.top = `${Math.round(above < margin ? place.bottom + margin : above)}px`;
  }

  function hide() {
    if (!reason || reason.hidden) return;
    reason.hidden = true;
    document.querySelector("[aria-describedby=reason]")?.removeAttribute("aria-describedby");
  }

  if (reason) {
    const marks = document.querySelectorAll("mark[data-reason]");
    // The browser's own bubble would stand beside ours.
    for (const mark of marks) mark.removeAttribute("title");
    const over = (event) => {
      const mark = event.target.closest?.("mark[data-reason]");
      hide();
      if (mark) show(mark);
    };
    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", over);
    document.addEventListener("click", over);
    window.addEventListener("scroll", hide, { passive: true });
  }
})();
