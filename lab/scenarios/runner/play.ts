import type { Scenario, Theme } from "./scenario.ts";
import type { Protocol } from "./wire.ts";

/** One scenario on one transport, with what is its own in the snapshot. */
export interface Play {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  /** `sentence (TCP)` */
  readonly title: string;
  /** From 0; makes ports and numbers of its own. */
  readonly index: number;
  /** Ports of customer, carrier and second carrier gateway. */
  readonly ports: readonly [customer: number, carrier: number, second: number];
  /** Label of the trunk. */
  readonly label: string;
  /** Called by the customer. */
  readonly pstnNumber: string;
  /** Called by the carrier. */
  readonly trunkNumber: string;
}

const firstPort = 6000;

/** All plays of a theme, and behind them the clean calls that are made in between. */
export function playsOf(theme: Theme, cleanCall: Scenario): readonly Play[] {
  const pairs = theme.scenarios.flatMap((scenario) => {
    const { over = ["UDP"] } = scenario.options;
    return over.map((protocol) => ({ scenario, protocol }));
  });
  return [...pairs, { scenario: cleanCall, protocol: "UDP" as const }].map(
    ({ scenario, protocol }, index) => ({
      scenario,
      protocol,
      title: `${scenario.sentence} (${protocol})`,
      index,
      ports: [firstPort + 3 * index, firstPort + 3 * index + 1, firstPort + 3 * index + 2],
      label: `trunk-${index}`,
      pstnNumber: `+1555${String(index).padStart(4, "0")}100`,
      trunkNumber: `+1556${String(index).padStart(4, "0")}200`,
    }),
  );
}
