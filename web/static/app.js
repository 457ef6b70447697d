"use strict";
// What a page can do without script it does; here is what goes easier with it: the slider, keys,
// drafts, and news about the case that is being looked at.

const typing = (event) =>
  event.isComposing || event.target.closest("input, textarea, select, [contenteditable]");

// The slider: each stop is an act that moved something; the address says where it stands.
const slider = document.getElementById("slider");
if (slider) {
  const stops = slider.dataset.stops.split(" ");
  slider.addEventListener("change", () => {
    const last = Number(slider.value) === stops.length - 1;
    location.assign(slider.dataset.address + (last ? "" : `?at=v${stops[slider.value]}`));
  });
}

// Keys: j and k for the next and the previous row, Ctrl+Enter records what is typed.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && !event.isComposing) {
    event.target.closest("form.fields")?.requestSubmit();
  } else if (!typing(event) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button.main");
  if (button) setTimeout(() => { button.disabled = true; });
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button.main:disabled")) button.disabled = false;
});

// What went wrong is where a reader begins.
document.getElementById("problem")?.focus();

// What is typed is kept: on the server, and in the browser while the server cannot be reached.
const form = document.querySelector("form[data-draft]");
if (form) {
  const state = form.querySelector(".draft");
  const name = `draft:${form.dataset.draft}`;
  const typed = () => {
    const fields = {};
    for (const [field, value] of new FormData(form)) {
      if (typeof value === "string" && field !== "key" && field !== "seen") {
        (fields[field] ??= []).push(value);
      }
    }
    return { form: form.dataset.draft, fields };
  };
  const keep = async () => {
    const draft = JSON.stringify(typed());
    localStorage.setItem(name, draft);
    try {
      const answer = await fetch("/drafts", {
        method: "POST", headers: { "content-type": "application/json" }, body: draft,
      });
      if (!answer.ok) throw new Error(answer.status);
      localStorage.removeItem(name);
      state.textContent = `${state.dataset.kept} ${new Date().toTimeString().slice(0, 5)}`;
    } catch {
      state.textContent = state.dataset.lost;
    }
  };
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 800);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
  const left = localStorage.getItem(name);
  if (left) {
    for (const [field, values] of Object.entries(JSON.parse(left).fields)) {
      const [input] = form.querySelectorAll(`[name="${CSS.escape(field)}"]`);
      if (input && input.type !== "checkbox" && !input.value) input.value = values.join("\n");
    }
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
