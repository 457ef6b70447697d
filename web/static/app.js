"use strict";
// What a page can do without script it does; here is what goes easier with it: the slider, keys,
// drafts, and news about the case that is being looked at.

const typing = (event) =>
  event.isComposing || event.target.closest("input, textarea, select, [contenteditable]");

// The slider: each stop is an act that moved something; the address says where it stands, which may
// be between two stops or before the first: the page says what it shows, and a move which stop.
const slider = document.getElementById("slider");
if (slider) {
  const stops = slider.dataset.stops.split(" ");
  const names = document.querySelectorAll("#stops a");
  const output = slider.parentElement.querySelector("output");
  const [here, shown] = [slider.value, output.textContent];
  const tell = () => {
    output.textContent = slider.value === here ? shown : names[slider.value].textContent;
    slider.setAttribute("aria-valuetext", output.textContent);
  };
  slider.parentElement.hidden = false;
  tell();
  slider.addEventListener("input", tell);
  slider.addEventListener("change", () => {
    if (slider.value === here) return;
    const last = Number(slider.value) === stops.length - 1;
    location.assign(slider.dataset.address + (last ? "" : `?at=v${stops[slider.value]}`));
  });
}

// Keys: j and k for the next and the previous row, Ctrl+Enter records what is typed, ? lists them.
// Single letters can be switched off in this browser: a voice or a slip can press them (WCAG 2.1.4).
const keys = document.getElementById("keys");
const areOn = document.querySelector("[data-keys-on]");
if (areOn) {
  const open = document.querySelector("[data-keys]");
  areOn.checked = localStorage.getItem("keys") !== "off";
  areOn.addEventListener("change", () => localStorage.setItem("keys", areOn.checked ? "on" : "off"));
  open.hidden = false;
  open.addEventListener("click", () => keys.showModal());
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && !event.isComposing) {
    const typedIn = event.target.closest("form.fields, form[data-draft]");
    const own = event.target.closest("[data-item]")?.querySelector("[data-act]");
    typedIn?.requestSubmit(own ?? typedIn.querySelector("button.main"));
  } else if (
    areOn?.checked && !keys.open && !typing(event)
    && !event.ctrlKey && !event.metaKey && !event.altKey
  ) {
    if (event.key === "?") keys.showModal();
    document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
    among(event.key);
  }
});

// A queue: j and k go through it, x ticks, c does what waits to the one that one is at.
const items = [...document.querySelectorAll("[data-item]")];
const among = (key) => {
  const here = items.indexOf(document.activeElement?.closest("[data-item]"));
  if (key === "j") items[here + 1]?.focus();
  else if (key === "k") items[Math.max(here - 1, 0)]?.focus();
  else if (key === "x") items[here]?.querySelector("input[type=checkbox]").click();
  else if (key === "c") items[here]?.querySelector("[data-act]")?.click();
};
document.querySelector("[data-tick-all]")?.addEventListener("click", () => {
  for (const item of items) item.querySelector("input[type=checkbox]").checked = true;
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  const buttons = event.target.querySelectorAll("button");
  setTimeout(() => { for (const button of buttons) button.disabled = true; });
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
});

// What went wrong is where a reader begins.
document.getElementById("problem")?.focus();

// What is typed is kept: on the server, and in this window while the server cannot be reached.
const form = document.querySelector("form[data-draft]");
if (form) {
  const state = form.querySelector(".draft");
  const name = `draft:${document.body.dataset.account}:${form.dataset.draft}`;
  const typed = () => {
    const fields = {};
    for (const [field, value] of new FormData(form)) {
      if (typeof value === "string" && form.elements[field]?.type !== "password") {
        (fields[field] ??= []).push(value);
      }
    }
    return JSON.stringify({ form: form.dataset.draft, fields });
  };
  const put = (fields) => {
    for (const input of form.elements) {
      const values = fields[input.name];
      if (input.type === "checkbox") input.checked = values?.includes(input.value) ?? false;
      else if (values && input.type !== "file") input.value = values.join("\n");
    }
  };
  // Whether the server has answered: it keeps the draft, or asks who is there.
  const keep = async () => {
    const draft = typed();
    sessionStorage.setItem(name, draft);
    const answer = await fetch("/drafts", {
      method: "POST", headers: { "content-type": "application/json" }, body: draft,
    }).catch(() => null);
    if (answer?.ok) {
      sessionStorage.removeItem(name);
      state.textContent = `${state.dataset.kept} ${new Date().toTimeString().slice(0, 5)}`;
    } else {
      state.textContent = state.dataset.lost;
    }
    return answer !== null;
  };
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 800);
  });
  window.addEventListener("online", () => { if (sessionStorage.getItem(name)) keep(); });
  // It is sent only where somebody is there to take it: no press of the button loses a word.
  let isAsking = false;
  let isSent = false;
  form.addEventListener("submit", async (event) => {
    clearTimeout(waiting);
    if (isSent) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    isSent = await keep();
    isAsking = false;
    if (isSent) form.requestSubmit(event.submitter);
    else state.textContent = state.dataset.unsent;
  });
  const left = sessionStorage.getItem(name);
  if (left && !form.dataset.sent) {
    put(JSON.parse(left).fields);
    keep();
  }
}

// News about the case: a line says that there is some; what is typed stays as it is.
const head = document.querySelector(".case-head");
if (head) {
  const poll = async () => {
    if (document.hidden) return;
    const answer = await fetch(`/api/v1/cases/${head.dataset.case}/head`).catch(() => null);
    if (answer?.ok && (await answer.json()).version > Number(head.dataset.head)) {
      const news = head.querySelector(".news");
      news.hidden = false;
      news.querySelector("a").href = location.href;
    }
  };
  setInterval(poll, 15000);
}
