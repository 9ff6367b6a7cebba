// A form is sent once. The server refuses a second effect anyway; this spares the person the second wait.

export function guardForms(root = document) {
  for (const form of root.querySelectorAll("form[method='post']")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent === "yes") {
        event.preventDefault();
        return;
      }
      if (event.defaultPrevented) return;
      form.dataset.sent = "yes";
      // After this tick, so that the button's own name and value are still sent.
      setTimeout(() => setButtons(form, true), 0);
    });
  }
  // Back brings the page out of the browser's memory: the form may be sent again, and the server decides.
  window.addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      setButtons(form, false);
    }
  });
}

function setButtons(form, waiting) {
  for (const button of form.querySelectorAll("button:not([type='button'])")) {
    if (waiting) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}
