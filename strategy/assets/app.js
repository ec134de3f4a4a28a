// Starts the GOV.UK components. Everything works without it; nothing is decided here.
import { initAll } from "./govuk-frontend.min.js";

initAll();

// GOV.UK's radio buttons that open more questions say aria-expanded, which ARIA has for no radio button; what opens
// follows in reading order anyway. Their own listeners set it anew, each before ours.
function strip() {
  document.querySelectorAll('input[type="radio"][aria-expanded]').forEach((one) => one.removeAttribute("aria-expanded"));
}
strip();
document.addEventListener("click", strip);
window.addEventListener("pageshow", strip);

// In a row of boxes Enter presses the row's own button; without this it keeps what is typed.
document.addEventListener("keydown", (event) => {
  const row = event.key === "Enter" && event.target.matches("input") && event.target.closest("[data-enter]");
  if (!row) return;
  event.preventDefault();
  document.getElementById(row.dataset.enter).click();
});
