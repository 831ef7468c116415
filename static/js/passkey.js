// Passkeys. A form with data-passkey="create" or "get" has the browser make or use one, and sends what it answers.
// The options come with the form, or are asked from where it goes. Without support the form stays hidden, and the
// reason ([data-no-passkey]) stays in view.

const supported = window.PublicKeyCredential?.parseRequestOptionsFromJSON;

async function options(form) {
  const given = form.querySelector("script[type='application/json']");
  if (given) return JSON.parse(given.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

async function credential(kind, { publicKey }) {
  if (kind === "get") {
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  }
  // A passkey is kept by the device itself, so that it can also be used without a password.
  publicKey.authenticatorSelection.residentKey = "required";
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

if (supported) document.querySelector("[data-no-passkey]")?.remove();

for (const form of supported ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector("[role=alert]");
    failed.hidden = true;
    try {
      const made = await credential(form.dataset.passkey, await options(form));
      form.elements.credential.value = JSON.stringify(made);
      form.submit();
    } catch (error) {
      console.warn(error);
      failed.hidden = false;
    }
  });
}
