/** `tandem firewall`: what a firewall must allow, in the language of one. */
import type { IpRange } from "@tandem/contracts";
import { type Command, Option } from "commander";
import { CliError } from "../cli-error.ts";
import type { Context } from "../context.ts";
import { clientOf } from "../resources/commands.ts";
import { firewallPlanOf } from "./firewall-plan.ts";
import { planFormats, rangeTable } from "./formats/index.ts";
import { rangesOfControl, rangesOfFile } from "./read-ranges.ts";

type Format = keyof typeof planFormats;

interface Options {
  readonly format: Format | "table";
  readonly edge?: readonly string[];
  readonly source?: string;
  readonly direction: "customer" | "exchange";
  readonly topology?: string;
  readonly data?: string;
}

export function addFirewallCommand(program: Command, context: Context): void {
  program
    .command("firewall")
    .description("what a firewall must allow for signaling and media")
    .addOption(
      new Option("--format <format>", "language to write it in")
        .choices(["table", ...Object.keys(planFormats)])
        .default("table"),
    )
    .option("--edge <edges...>", "only these edges, by name or legacy id; customers should allow all of them")
    .addOption(
      new Option("--source <source>", "only rows that are from there").choices([
        "reference",
        "public-docs",
        "operator",
      ]),
    )
    .addOption(
      new Option("--direction <side>", "whose firewall it is")
        .choices(["customer", "exchange"])
        .default("customer"),
    )
    .option("--topology <file>", "take the ranges from a topology file, without control")
    .option("--data <directory>", "data directory of tandem up")
    .action(async (options: Options) => {
      const ranges = chosen(await rangesFor(context, options), options);
      if (options.edge !== undefined && options.direction === "customer") {
        context.note(
          "when a region is down its calls come through another: customers should allow all edges",
        );
      }
      const { format } = options;
      context.print(
        format === "table"
          ? rangeTable(ranges)
          : planFormats[format](firewallPlanOf(ranges, options.direction)),
      );
    });
}

async function rangesFor(context: Context, options: Options): Promise<readonly IpRange[]> {
  if (options.topology !== undefined) return rangesOfFile(options.topology);
  return rangesOfControl(clientOf(context, { data: options.data }));
}

function chosen(ranges: readonly IpRange[], { edge: edges, source }: Options): readonly IpRange[] {
  for (const edge of edges ?? []) {
    if (!ranges.some((range) => isOf(range, edge))) throw new CliError(`there is no edge ${edge}`);
  }
  const left = ranges.filter(
    (range) =>
      (source === undefined || range.source === source) &&
      (edges === undefined || edges.some((edge) => isOf(range, edge))),
  );
  if (left.length === 0) throw new CliError("there is no such range");
  return left;
}

function isOf(range: IpRange, edge: string): boolean {
  return range.edge === edge || range.legacy_id === edge;
}
