// Starts the GOV.UK components. Everything works without it; nothing is decided here.
import { Radios, createAll, initAll } from "./govuk-frontend.min.js";

initAll();

// GOV.UK's radio buttons that open more questions say aria-expanded, which ARIA has for no radio button; what opens
// follows in reading order anyway. Their own listeners set it anew, each before ours.
function strip() {
  document.querySelectorAll('input[type="radio"][aria-expanded]').forEach((one) => one.removeAttribute("aria-expanded"));
}
strip();
document.addEventListener("click", strip);
window.addEventListener("pageshow", strip);

// A part of a page that follows by itself must not take away what somebody is doing in it: nothing is asked for while
// nobody looks or while the keyboard is inside, what was opened stays open, and a page without that part (signed out,
// say) changes nothing.
let opened = [];

const part = (event) => event.target?.closest?.("#standing");
const words = (summary) => summary.textContent.replace(/\d+/g, ""); // "Earlier (3)" may have become "Earlier (4)"
const summaries = (root) => [...root.querySelectorAll("details > summary")];

document.addEventListener("htmx:before:request", (event) => {
  const standing = part(event);
  if (standing && (document.hidden || standing.contains(document.activeElement))) event.preventDefault();
});

document.addEventListener("htmx:before:swap", (event) => {
  const standing = part(event);
  if (!standing) return;
  if (!event.detail.ctx?.text?.includes('id="standing"') || standing.contains(document.activeElement)) {
    event.preventDefault();
    return;
  }
  opened = summaries(standing).filter((one) => one.parentElement.open).map(words);
});

document.addEventListener("htmx:after:swap", () => {
  const standing = document.getElementById("standing");
  if (!standing) return;
  for (const one of summaries(standing)) if (opened.includes(words(one))) one.parentElement.open = true;
});

// Times proposed anew come with radio buttons of their own, and never take away what is being typed among them.
document.addEventListener("htmx:before:swap", (event) => {
  const typing = document.activeElement?.matches("#times select, #times input:not([type='radio'])");
  if (typing && event.target.getAttribute?.("hx-target") === "#times") event.preventDefault();
});

document.addEventListener("htmx:after:swap", () => {
  const times = document.getElementById("times");
  if (times) createAll(Radios, {}, times);
  strip();
});

// In a row of boxes Enter presses the row's own button; without this it keeps what is typed.
document.addEventListener("keydown", (event) => {
  const row = event.key === "Enter" && event.target.matches("input") && event.target.closest("[data-enter]");
  if (!row) return;
  event.preventDefault();
  document.getElementById(row.dataset.enter).click();
});

// What is typed is saved by itself now and then. Where that fails, or something else comes back (signed out, say), the
// page must not go on saying that it was saved.
const NOT_SAVED = "Not saved just now. Press the button that saves before you leave this page.";

function unsaved(event) {
  const form = event.target?.closest?.("[data-autosave]");
  const saved = form && document.getElementById("saved");
  if (saved) saved.textContent = NOT_SAVED;
}
document.addEventListener("htmx:response:error", unsaved);
document.addEventListener("htmx:error", unsaved);
document.addEventListener("htmx:before:swap", (event) => {
  if (!event.target?.closest?.("[data-autosave]") || event.detail.ctx?.text?.includes('id="saved-words"')) return;
  event.preventDefault();
  unsaved(event);
});
