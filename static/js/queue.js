// "Zet in het vak" puts the chosen standard text in the field at once; without this script the server does it.
const texts = JSON.parse(document.getElementById("standaardteksten").textContent);

document.querySelector("[data-queue-form]")?.addEventListener("click", (event) => {
  if (event.target.closest("button")?.name !== "take") return;
  const { text, reason } = event.currentTarget.elements;
  event.preventDefault();
  if (!(text.value in texts)) return text.focus();
  reason.value = [reason.value.trimEnd(), texts[text.value]].filter(Boolean).join("\n\n");
  text.value = "";
  reason.dispatchEvent(new Event("input", { bubbles: true })); // the field grows with its text
  reason.focus();
});
