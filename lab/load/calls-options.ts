import { parseArgs } from "node:util";

export interface CallsOptions {
  readonly ratePerSecond: number;
  readonly calls: number;
  readonly jsonFile: string | undefined;
  readonly heldCalls: number;
  readonly withKamailio: boolean;
}

/** @throws Error that names the option and its range */
export function parseCallsOptions(args: readonly string[]): CallsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: "string", default: "500" },
      calls: { type: "string", default: "20000" },
      json: { type: "string" },
      held: { type: "string", default: "500" },
      "no-kamailio": { type: "boolean", default: false },
    },
  });
  return {
    ratePerSecond: integer("--rate", values.rate, 1, 10_000),
    calls: integer("--calls", values.calls, 100, 10_000_000),
    heldCalls: integer("--held", values.held, 0, 5000),
    jsonFile: values.json,
    withKamailio: !values["no-kamailio"],
  };
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}, not ${text}`);
}
