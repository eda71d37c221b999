// Adds comfort where JavaScript runs; every page works without it.
"use strict";

// Drop a file, or several, on its field; where the form says so, send it at once.
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const form = input.form;
  const enter = (event) => { event.preventDefault(); zone.classList.add("over"); };
  const leave = () => zone.classList.remove("over");
  zone.addEventListener("dragenter", enter);
  zone.addEventListener("dragover", enter);
  zone.addEventListener("dragleave", leave);
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    leave();
    if (event.dataTransfer.files.length === 0) return;
    const brought = new DataTransfer();
    for (const file of input.multiple ? event.dataTransfer.files : [event.dataTransfer.files[0]]) brought.items.add(file);
    input.files = brought.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    if (form.hasAttribute("data-send-on-drop")) form.requestSubmit();
  });
  zone.classList.add("live");
}

// A form is sent once, and says that it is being worked on.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("aria-busy")) { event.preventDefault(); return; }
    form.setAttribute("aria-busy", "true");
    const said = document.createElement("p");
    said.className = "busy";
    said.setAttribute("role", "status");
    said.textContent = form.dataset.busy;
    form.append(said);
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) {
    form.removeAttribute("aria-busy");
    form.querySelectorAll(".busy").forEach((said) => said.remove());
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Click the picture of the page to choose the nearest place for the mark.
for (const picture of document.querySelectorAll("[data-places]")) {
  picture.addEventListener("click", (event) => {
    if (event.target.closest("label, input")) return;
    const centre = (element) => {
      const box = element.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    };
    const distance = (element) => Math.hypot(centre(element)[0] - event.clientX, centre(element)[1] - event.clientY);
    const nearest = [...picture.querySelectorAll("label")].reduce((a, b) => (distance(a) <= distance(b) ? a : b));
    nearest.control.checked = true;
    nearest.control.focus();
  });
}
