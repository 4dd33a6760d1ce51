import { html, nothing, render, type TemplateResult } from "lit";

/**
 * Shows a dialog until `close` is called or Escape is pressed. The browser keeps the focus inside, and gives it back
 * when the dialog is gone. `isHeld`: neither Escape nor a cross closes it, only what `body` has for that.
 */
export function showDialog(title: string, body: (close: () => void) => TemplateResult, isHeld = false): void {
  const dialog = document.createElement("dialog");
  const close = (): void => dialog.close();
  dialog.setAttribute("aria-label", title);
  dialog.addEventListener("close", () => dialog.remove());
  if (isHeld) dialog.addEventListener("cancel", (event) => event.preventDefault());
  render(
    html`<header><h2>${title}</h2>
      ${
        isHeld
          ? nothing
          : html`<button type="button" class="quiet" aria-label="Close" @click=${close}>✕</button>`
      }</header>
      ${body(close)}`,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
}
