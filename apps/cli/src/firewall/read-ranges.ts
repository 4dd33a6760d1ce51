import { readFileSync } from "node:fs";
import { IpRange, validator } from "@tandem/contracts";
import { faultText, ipRangesOf, parseTopology } from "@tandem/topology";
import { CliError } from "../cli-error.ts";
import type { RestClient } from "../client/rest-client.ts";

/** More rows than an exchange of a thousand edges has. */
const maximumRanges = 100_000;

const validate = validator(IpRange);

/** The ranges that control knows. Throws CliError for a row that is not as it must be: rows go into configurations. */
export async function rangesOfControl(client: RestClient): Promise<readonly IpRange[]> {
  const rows = await client.listAll("/v1/Interconnect/IpRanges", "ip_ranges", [], maximumRanges);
  return rows.map((row) => {
    const checked = validate(row);
    if (!checked.ok) throw new CliError(`control answered with a range that is none: ${checked.error}`);
    return checked.value;
  });
}

/** The ranges of a topology file. Throws CliError with a line for each fault. */
export function rangesOfFile(file: string): readonly IpRange[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new CliError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = parseTopology(text);
  if (result.ok) return ipRangesOf(result.topology);
  throw new CliError(
    `${file} is no topology\n${result.faults.map((fault) => faultText(file, fault)).join("\n")}`,
  );
}
