// Rows of a form without a new page: the button does what it does without script, and only the form is put in place again.
// Whoever leaves with something typed and not saved is asked first.
(() => {
  let typed = false;

  const swap = async (form, button) => {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.id);
    if (!answer.ok || answer.redirected || !fresh) throw new Error("no form came back");
    form.replaceChildren(...fresh.childNodes); // the form itself stays, with whatever else listens to it
    const target = form.querySelector("[autofocus]") ?? form;
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-rows]")) typed = true;
  });

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (!form.matches("form[data-rows]")) return;
    if (!button?.value.includes(":") || form.dataset.plain) {
      typed = false;
      return;
    }
    event.preventDefault();
    typed = true;
    swap(form, button).catch(() => {
      form.dataset.plain = "yes"; // a page says what is wrong better than we can
      typed = false;
      form.requestSubmit(button);
    });
  });

  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });
})();
