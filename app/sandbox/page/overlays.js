// Dialogs: Esc and the browser's Back close them, some also a click beside; the focus returns to where it was.

const open = [];
let ours = 0; // steps back that we take ourselves

/** Show a dialog. */
export function show(dialog) {
  if (dialog.open) return;
  open.push(dialog);
  history.pushState({ overlay: open.length }, "");
  dialog.showModal();
  dialog.addEventListener("close", () => closed(dialog), { once: true });
}

function closed(dialog) {
  const at = open.indexOf(dialog);
  if (at < 0) return; // Back has closed it
  open.splice(at, 1);
  ours += 1;
  history.back();
}

addEventListener("popstate", () => {
  if (ours) ours -= 1;
  else open.pop()?.close();
});

/** A click on what lies beside a dialog closes it. */
export function closeBeside(dialog) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
