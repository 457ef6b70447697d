"use strict";
// Passkeys: one is made on the page of an account, and signs what a page shows before it is sent.

const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const sized = (buffer) => {
  const content = new Uint8Array(buffer);
  return [content.length >> 8, content.length & 255, ...content];
};

// What hinders, by the names that browsers have for it (W3C WebAuthn, DOMException).
const WORDS = new Map([
  ["NotAllowedError", "denied"],
  ["AbortError", "denied"],
  ["InvalidStateError", "known"],
  ["NotSupportedError", "unable"],
  ["ConstraintError", "unable"],
  ["SecurityError", "elsewhere"],
]);

// A form that waits for a passkey is sent once there is what it waits for; what hinders is told.
const waits = (form, ask) => {
  if (!form) return;
  const state = form.querySelector("[role=status]");
  state.textContent = "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      if (!window.PublicKeyCredential) throw new DOMException("", "NotSupportedError");
      await ask(form);
    } catch (hindrance) {
      state.textContent = state.dataset.failed + state.dataset[WORDS.get(hindrance.name) || "otherwise"];
      return;
    }
    form.submit();
  });
};

waits(document.querySelector("form[data-passkey]"), async (form) => {
  const account = form.dataset.passkey;
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rp: { id: location.hostname, name: document.title },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name: account, displayName: account },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
      authenticatorSelection: { userVerification: "required" },
      attestation: "none",
    },
  });
  form.elements.credential.value = base64(made.rawId);
  form.elements.public.value = base64(made.response.getPublicKey());
});

// What is signed is the text that the page shows.
waits(document.querySelector("form[data-sign]"), async (form) => {
  const keys = new Map(JSON.parse(form.dataset.keys).map(([key, credential]) => [credential, key]));
  const text = new TextEncoder().encode(document.getElementById("signed-text").textContent);
  const given = await navigator.credentials.get({
    publicKey: {
      challenge: await crypto.subtle.digest("SHA-256", text),
      rpId: form.dataset.site,
      allowCredentials: [...keys.keys()].map((id) => ({ type: "public-key", id: bytes(id) })),
      userVerification: "required",
    },
  });
  const { authenticatorData, clientDataJSON, signature } = given.response;
  const value = [...sized(authenticatorData), ...sized(clientDataJSON), ...new Uint8Array(signature)];
  form.elements.signature.value = `${keys.get(base64(given.rawId))} ${base64(value)}`;
});

// A passkey that logs in answers a question of the server's, which is good once.
const ask = async (purpose) => {
  const answer = await fetch("/login/challenge", { method: "POST", body: new URLSearchParams({ purpose }) });
  if (!answer.ok) throw new Error(String(answer.status));
  const asked = await answer.json();
  const challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(asked.text));
  const known = (asked.known || []).map((id) => ({ type: "public-key", id: bytes(id) }));
  return { ...asked, challenge, known };
};

waits(document.querySelector("form[data-new-way]"), async (form) => {
  const asked = await ask("new");
  const { rawId, response } = await navigator.credentials.create({
    publicKey: {
      challenge: asked.challenge,
      rp: { id: asked.site, name: document.title },
      user: { id: bytes(asked.user), name: asked.account, displayName: form.dataset.newWay },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
      excludeCredentials: asked.known,
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
    },
  });
  form.elements.attempt.value = asked.id;
  form.elements.credential.value = base64(rawId);
  form.elements.public.value = base64(response.getPublicKey());
  form.elements.authenticator.value = base64(response.getAuthenticatorData());
  form.elements.client.value = base64(response.clientDataJSON);
});

waits(document.querySelector("form[data-way]"), async (form) => {
  const asked = await ask(form.dataset.way);
  const { rawId, response } = await navigator.credentials.get({
    publicKey: {
      challenge: asked.challenge,
      rpId: asked.site,
      allowCredentials: asked.known,
      userVerification: "required",
    },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = response;
  const value = [...sized(authenticatorData), ...sized(clientDataJSON), ...new Uint8Array(signature)];
  form.elements.attempt.value = asked.id;
  form.elements.credential.value = base64(rawId);
  form.elements.value.value = base64(value);
  form.elements.user.value = userHandle ? base64(userHandle) : "";
});
