// Everything works without this. It opens what an answer reveals, counts characters, stops a second click, and prints what is folded.
import { initAll } from "../nhsuk/nhsuk.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

// ARIA 1.2 knows no expanded state on a radio: what it reveals follows it in the page, and aria-controls stays.
const withoutExpanded = () => {
  for (const radio of document.querySelectorAll("input[type=radio][aria-expanded]")) radio.removeAttribute("aria-expanded");
};
withoutExpanded();
document.addEventListener("click", withoutExpanded);
window.addEventListener("pageshow", withoutExpanded);

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form")) delete form.dataset.sent;
});

// Paper has no fold: what is closed is open while it prints.
window.addEventListener("beforeprint", () => {
  for (const closed of document.querySelectorAll("main details:not([open])")) closed.dataset.printed = closed.open = true;
});
window.addEventListener("afterprint", () => {
  for (const opened of document.querySelectorAll("details[data-printed]")) {
    opened.open = false;
    delete opened.dataset.printed;
  }
});
