import { html } from "lit";
import { type Row, textOf } from "../api/row.ts";
import type { ShownOnce } from "../resource/resource.ts";
import { copyable } from "../view/copy-button.ts";
import { showDialog } from "./show-dialog.ts";

/** Shows a secret that can be had from nowhere when the dialog is gone: control keeps its hash only. */
export function showOnce(name: string, answer: Row, { field, label, text }: ShownOnce): void {
  showDialog(
    `${label} of ${name}`,
    (close) => html`<div class="form">
      <p class="banner warning" role="alert">Keep it now: it is not shown again.</p>
      <p>${text}</p>
      <dl class="facts">
        <div><dt>SID</dt><dd>${copyable(textOf(answer, "sid"))}</dd></div>
        <div><dt>${label}</dt><dd>${copyable(textOf(answer, field))}</dd></div>
      </dl>
      <div class="buttons"><button type="button" class="primary" @click=${close}>I have kept it</button></div>
    </div>`,
    true,
  );
}
