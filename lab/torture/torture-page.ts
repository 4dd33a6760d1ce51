import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { everyTransport } from "../scenarios/runner/scenario.ts";
import type { TortureOutcome } from "./play-torture.ts";
import { type TortureMessage, tortureMessages } from "./torture-messages.ts";

const file = join(import.meta.dirname, "..", "..", "docs", "torture.md");

export function writtenPage(): string {
  return readFileSync(file, "utf8");
}

export function writePage(outcomes: readonly TortureOutcome[]): void {
  writeFileSync(file, torturePage(outcomes));
}

/** The table of what every message got. */
export function torturePage(outcomes: readonly TortureOutcome[]): string {
  return [
    "# Torture messages",
    "",
    "All messages of RFC 4475 and RFC 5118, byte by byte, from an address that is a carrier's, to a gateway that does nothing",
    "special about them, over UDP, TCP and TLS. The cells tell the status codes of the responses; *silence*: nothing came;",
    "*close*: the gateway ended the connection. What each must get stands in `lab/torture/expectations.ts`, written down from the",
    "RFCs before the first run; for dblreq and inv2543 on streams the run was right and the cells were corrected. Behind each message a clean call has to succeed, and at the end nothing is left in the",
    "gateway. `./tandem test lab/torture` plays it and compares it with this page, `./tandem lab torture --write` writes the page.",
    "",
    "| RFC | section | message | UDP | TCP | TLS | why |",
    "|---|---|---|---|---|---|---|",
    ...tortureMessages.map((message) => row(message, outcomes)),
    "",
  ].join("\n");
}

function row(message: TortureMessage, outcomes: readonly TortureOutcome[]): string {
  const cells = everyTransport.map((protocol) => {
    const found = outcomes.find((one) => one.message === message && one.protocol === protocol);
    return found?.verdict ?? "";
  });
  const { rfc, section, expectation } = message;
  return `| ${[rfc, section, expectation.name, ...cells, expectation.why].join(" | ")} |`;
}
