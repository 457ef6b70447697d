"use strict";
// Whom a row is assigned to is chosen in its list; here, it can be dragged onto a person as well, or
// assigned by the number of one. Both do nothing but choose in the list.

const rows = [...document.querySelectorAll("[data-row]")];
const people = [...document.querySelectorAll("[data-person]")];
const told = document.querySelector("[data-told]");
const tick = (row) => row.querySelector("input[type=checkbox]");
const list = (row) => row.querySelector("select");
for (const hidden of document.querySelectorAll("[data-how], [data-tick]")) hidden.hidden = false;
for (const row of rows) {
  row.draggable = true;
}

const count = () => {
  for (const person of people) {
    const mine = rows.filter((row) => list(row).value === person.dataset.person);
    person.querySelector("[data-count]").textContent = mine.length;
  }
  for (const row of rows) {
    const was = row.querySelector('input[type="hidden"]').value;
    row.classList.toggle("changed", list(row).value !== was);
  }
};
const assign = (row, person) => {
  const ticked = rows.filter((one) => tick(one).checked);
  const going = ticked.includes(row) || !row ? ticked : [row];
  for (const one of going) {
    list(one).value = person.dataset.person;
    tick(one).checked = false;
  }
  if (!going.length) return;
  const names = going.map((one) => one.querySelector("strong").textContent).join("、");
  told.textContent = `${names} ${told.dataset.words} ${person.querySelector("strong").textContent}`;
  list(going[0]).dispatchEvent(new Event("input", { bubbles: true }));
  count();
};

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-row]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
});
document.addEventListener("dragend", () => { dragged = null; });
for (const person of people) {
  person.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    person.classList.add("over");
  });
  person.addEventListener("dragleave", () => person.classList.remove("over"));
  person.addEventListener("drop", (event) => {
    event.preventDefault();
    person.classList.remove("over");
    if (dragged) assign(dragged, person);
  });
}
document.addEventListener("change", count);
document.addEventListener("keydown", (event) => {
  const isOn = document.querySelector("[data-keys-on]")?.checked;
  if (!isOn || typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const person = /^[1-9]$/.test(event.key) ? people[event.key - 1] : null;
  const here = document.activeElement?.closest("[data-row]");
  const anyTicked = rows.some((row) => tick(row).checked);
  if (person) assign(anyTicked ? null : here, person);
});
