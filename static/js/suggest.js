// Suggestions below a search field, as a combobox: arrows choose, Enter searches, Escape closes. The field is inside an
// element with data-suggest, the address that answers with suggestions. Without this script it is a plain field.

const WAIT = 150; // milliseconds without a key before we ask

for (const field of document.querySelectorAll("[data-suggest]")) {
  const input = field.querySelector("input");
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}-suggesties`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggesties");
  const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": false, "aria-controls": list.id };
  for (const [name, value] of Object.entries(states)) input.setAttribute(name, value);
  field.append(list);
  let asked = 0, timer, typed = input.value;

  function show(words) {
    list.replaceChildren(...words.map((word, number) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${number}`, textContent: word });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", false);
      return option;
    }));
    list.hidden = words.length === 0;
    input.setAttribute("aria-expanded", !list.hidden);
    input.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", false);
    option?.setAttribute("aria-selected", true);
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    input.value = option ? option.textContent : typed;
  }

  async function ask() {
    const number = ++asked;
    const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`).catch(() => null);
    const found = answer?.ok ? (await answer.json()).suggestions : [];
    if (number === asked && document.activeElement === input) show(found);
  }

  input.addEventListener("input", () => {
    typed = input.value;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    event.preventDefault(); // Escape would empty the field
    const options = [null, ...list.children];
    const now = options.indexOf(list.querySelector("[aria-selected=true]"));
    if (event.key === "Escape") { choose(null); show([]); return; }
    choose(options.at((now + (event.key === "ArrowDown" ? 1 : -1)) % options.length));
  });
  input.addEventListener("blur", () => { asked++; clearTimeout(timer); show([]); });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
  list.addEventListener("click", (event) => { choose(event.target.closest("li")); input.form.requestSubmit(); });
}
