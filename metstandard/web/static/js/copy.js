// "Copy" buttons beside a text, shown only where the browser can copy.

export function startCopying(root = document) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-copy]")) {
    const text = document.getElementById(button.dataset.copy);
    if (!text) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const label = button.textContent;
      await navigator.clipboard.writeText(text.value ?? text.textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = label), 3000);
    });
  }
}
