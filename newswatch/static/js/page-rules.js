// The editor of page rules: a rule from a line, the line of a problem, a page of the table, saving by keyboard.
(() => {
  "use strict";
  const text = document.getElementById("id_text");
  const form = document.getElementById("rules");
  if (!text || !form) return;

  const changed = () => text.dispatchEvent(new Event("input", { bubbles: true }));

  const addRule = (line) => {
    const whole = !line.endsWith("…");
    const rule = `notice if line ${whole ? "is" : "starts with"}: ${whole ? line : line.slice(0, -1)}`;
    const before = text.value.replace(/\s*$/, "");
    const start = before ? before.length + 1 : 0;
    text.value = (before ? before + "\n" : "") + rule;
    text.focus();
    text.setSelectionRange(start, start + "notice".length);
    changed();
  };

  const goToLine = (number) => {
    const lines = text.value.split("\n");
    const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[number - 1] || "").length);
  };

  const showPage = (pk) => {
    document.getElementById("id_address").value = "";
    document.getElementById("id_pasted").value = "";
    const select = document.getElementById("id_page");
    select.value = pk;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.scrollIntoView({ block: "center" });
    select.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.text) addRule(button.dataset.text);
    if (button.dataset.line) goToLine(Number(button.dataset.line));
    if (button.dataset.page) showPage(button.dataset.page);
  });

  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
})();
