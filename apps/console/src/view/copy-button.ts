import { html, type TemplateResult } from "lit";
import { say } from "../dialog/notice.ts";

/** Text of one width with a button that puts it on the clipboard. */
export function copyable(text: string): TemplateResult {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      say("Copied.");
    } catch {
      say("The browser does not let the console copy: mark the text and copy it.");
    }
  };
  return html`<span class="copy"><code>${text}</code><button type="button" class="quiet" @click=${copy}
    aria-label="Copy ${text}">Copy</button></span>`;
}
