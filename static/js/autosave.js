// Keeps what is being typed in the browser, so that a crash or an expired session loses nothing. A form with data-autosave,
// the number of who is signed in, is offered its text back; it is forgotten once the page says that something was saved,
// when somebody signs out (a form with data-forget), and after two weeks. Files and hidden fields are never kept.

const MARK = "mkbroute:", PENDING = `${MARK}pending`, WEEKS = 14 * 24 * 3600 * 1000;
const all = () => Object.keys(localStorage).filter((key) => key.startsWith(MARK));
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

function fields(form) {
  return [...form.elements].filter((field) => field.name && !["file", "hidden", "password", "submit", "button"].includes(field.type));
}

function typed(form) {
  return fields(form).map((field) => [field.name, field.value, ["radio", "checkbox"].includes(field.type) ? field.checked : null]);
}

function put(form, kept) {
  for (const field of fields(form)) {
    const found = kept.find(([name, value, on]) => name === field.name && (on === null || value === field.value));
    if (found) [field.value, field.checked] = [found[1], found[2] ?? field.checked];
  }
}

function offer(form, key, kept) {
  const when = new Date(kept.at).toLocaleString("nl-NL", { dateStyle: "long", timeStyle: "short" });
  const box = Object.assign(document.createElement("div"), { className: "notice flow" });
  box.setAttribute("role", "status");
  const text = Object.assign(document.createElement("p"), { textContent: `U typte hier op ${when} iets dat nog niet bewaard is.` });
  const buttons = Object.assign(document.createElement("p"), { className: "actions" });
  for (const [words, act] of [["Zet mijn tekst terug", () => put(form, kept.fields)], ["Gooi die weg", () => localStorage.removeItem(key)]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent: words });
    button.addEventListener("click", () => { act(); box.remove(); form.querySelector("input:not([type=hidden]), textarea").focus(); });
    buttons.append(button);
  }
  box.append(text, buttons);
  form.before(box);
}

function watch(form) {
  const key = `${MARK}${form.dataset.autosave}:${new URL(form.action).pathname}`;
  const kept = read(key), now = JSON.stringify(typed(form));
  if (kept && JSON.stringify(kept.fields) !== now) offer(form, key, kept);
  form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: typed(form) })));
  form.addEventListener("submit", () => sessionStorage.setItem(PENDING, key));
}

try {
  const pending = sessionStorage.getItem(PENDING);
  if (pending && document.querySelector("[data-saved]")) {
    localStorage.removeItem(pending);
    sessionStorage.removeItem(PENDING);
  }
  for (const key of all()) if (!(read(key)?.at > Date.now() - WEEKS)) localStorage.removeItem(key);
  for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);
  for (const form of document.querySelectorAll("form[data-forget]")) form.addEventListener("submit", () => all().forEach((key) => localStorage.removeItem(key)));
} catch { /* a browser that keeps nothing loses no more than it did */ }
