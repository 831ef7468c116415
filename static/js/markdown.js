// Buttons for bold, a list, a heading and a link above a text in Markdown (data-markdown). Without this script one types
// the signs; the help below the field says which.

const BUTTONS = [
  ["Vet", (text) => `**${text || "vette woorden"}**`],
  ["Lijst", (text) => (text || "eerste punt\ntweede punt").split("\n").map((line) => `- ${line}`).join("\n"), true],
  ["Kopje", (text) => `## ${text || "kopje"}`, true],
  ["Link", (text) => `[${text || "woorden van de link"}](https://)`],
];

for (const area of document.querySelectorAll("textarea[data-markdown]")) {
  const bar = Object.assign(document.createElement("div"), { className: "markdown" });
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Opmaak");
  for (const [words, change, ownLines] of BUTTONS) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
    button.addEventListener("click", () => {
      const { selectionStart: from, selectionEnd: to, value } = area;
      const before = ownLines && value.slice(0, from).trimEnd() ? value.slice(0, from).trimEnd() + "\n\n" : value.slice(0, from);
      const made = change(value.slice(from, to)) + (ownLines ? "\n\n" : "");
      area.value = before + made + (ownLines ? value.slice(to).trimStart() : value.slice(to));
      area.focus();
      area.setSelectionRange(before.length, before.length + made.trimEnd().length);
      area.dispatchEvent(new Event("input", { bubbles: true })); // so that it is kept as if it was typed
    });
    bar.append(button);
  }
  area.before(bar);
}
