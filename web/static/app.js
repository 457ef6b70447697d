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
