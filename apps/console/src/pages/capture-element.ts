import { html, nothing, svg, type TemplateResult } from "lit";
import { type Row, rowsOf, textOf } from "../api/row.ts";
import { Loaded } from "../browser/loaded.ts";
import { PageElement } from "../browser/page-element.ts";
import { hrefOf } from "../router/route.ts";
import { copyable } from "../view/copy-button.ts";
import { faultView } from "../view/fault-view.ts";
import { readingView } from "../view/reading-view.ts";
import { labelOf, type SipArrow, type SipLadder, sipLadderOf } from "./sip-ladder.ts";

const refreshMs = 3000;

/** The SIP messages of one call: the ladder, then each in full. */
class CaptureElement extends PageElement {
  static override properties = { ...PageElement.properties, sid: { attribute: false } } as const;
  declare sid: string;
  readonly #capture = new Loaded(
    this,
    () => this.client.get(`/v1/Captures/${encodeURIComponent(this.sid)}`),
    refreshMs,
  );

  protected override render(): TemplateResult {
    const { value, fault } = this.#capture;
    return html`<nav class="crumbs" aria-label="Where this is"><a href=${hrefOf(["captures"])}>SIP messages</a></nav>
      <header class="head"><div>
        <h1>SIP messages of a call</h1>
        ${copyable(this.sid)} <a href=${hrefOf(["calls", this.sid])}>The call</a>
      </div></header>
      ${faultView(fault)}${value === undefined ? readingView(fault) : captureView(value)}`;
  }
}
customElements.define("tandem-capture", CaptureElement);

function captureView(capture: Row): TemplateResult {
  return html`<section class="panel"><header><h2>Ladder</h2></header>${drawing(sipLadderOf(capture))}</section>
    <section class="panel"><header><h2>Messages</h2></header>
      <ol class="messages">${rowsOf(capture, "messages").map(messageView)}</ol>
    </section>`;
}

function drawing({ width, height, posts, arrows }: SipLadder): TemplateResult {
  return html`<div class="sip-ladder" tabindex="0" role="group" aria-label="Ladder, wider than it shows">
    <svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label="Who sent what to whom; the messages follow">
      ${posts.map(
        ({ x, name }) => svg`<line class="post" x1=${x} x2=${x} y1="30" y2=${height} />
          <text class="end" x=${x} y="18" text-anchor="middle">${name}</text>`,
      )}
      ${arrows.map((arrow) => arrowView(arrow, posts[arrow.from]?.x ?? 0, posts[arrow.to]?.x ?? 0))}
    </svg>
  </div>`;
}

function arrowView({ y, label, tone, seconds }: SipArrow, from: number, to: number): unknown {
  const head = to > from ? -9 : 9;
  return svg`<g class=${tone}>
    <text class="time" x="4" y=${y + 4}>${seconds.toFixed(3)}</text>
    <line x1=${from} x2=${to + head} y1=${y} y2=${y} />
    <polygon points="${to},${y} ${to + head},${y - 5} ${to + head},${y + 5}" />
    <text x=${(from + to) / 2} y=${y - 6} text-anchor="middle">${label}</text>
  </g>`;
}

function messageView(message: Row): TemplateResult {
  const way = textOf(message, "direction") === "sent" ? "to" : "from";
  const text = textOf(message, "text");
  return html`<li><details>
    <summary>
      <code>${textOf(message, "at").slice(11, 26)}</code>
      <strong>${labelOf(text, textOf(message, "transport"))}</strong>
      <span class="muted">${textOf(message, "gateway")} ${textOf(message, "direction")} ${way} ${textOf(message, "remote")}</span>
    </summary>
    <pre>${text.replaceAll("\r\n", "\n") || nothing}</pre>
  </details></li>`;
}
