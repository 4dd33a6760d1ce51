/** `tandem connection config TX…`: the router's or VPN gateway's configuration of one end of a private line. */
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { RestFailure } from "../client/rest-client.ts";
import type { Context } from "../context.ts";
import { clientOf, withClientOptions } from "../resources/commands.ts";
import { birdText } from "./bird.ts";
import { frrText } from "./frr.ts";
import { bgpPlan, type LineDocuments, type LineEnd, lineEnd, linePlan, vpnPlan } from "./line-plan.ts";
import { strongswanText } from "./strongswan.ts";

/** Places that are looked through for the one of the line's edge. */
const maximumExchanges = 10_000;

type Options = Readonly<Record<string, string | boolean | undefined>>;

export function addConnectionCommand(program: Command, context: Context): void {
  const connection = program.command("connection").description("a customer's private line");
  withClientOptions(connection.command("config <sid>"))
    .description("configuration of a router or VPN gateway at one end of the line")
    .requiredOption("--side <side>", "customer or exchange")
    .requiredOption("--format <format>", "frr, bird or strongswan")
    .option("--exchange-gateway <address>", "the exchange's end of the IPsec tunnel, for strongswan")
    .action(async (sid: string, options: Options) => {
      context.print(await configText(context, sid, options));
    });
}

/** What each `--format` writes. */
const formats: ReadonlyMap<string, (documents: LineDocuments, end: LineEnd, options: Options) => string> =
  new Map([
    ["frr", (documents, end) => frrText(linePlan(documents), bgpPlan(documents), end)],
    ["bird", (documents, end) => birdText(linePlan(documents), bgpPlan(documents), end)],
    [
      "strongswan",
      (documents, end, { exchangeGateway }) => {
        const gateway = typeof exchangeGateway === "string" ? exchangeGateway : undefined;
        return strongswanText(linePlan(documents), vpnPlan(documents, gateway), end);
      },
    ],
  ]);

async function configText(context: Context, sid: string, options: Options): Promise<string> {
  const side = sideOf(options);
  const write = formats.get(String(options["format"]));
  if (write === undefined) throw new CliError("--format is frr, bird or strongswan");
  const documents = await readDocuments(context, sid, options);
  return write(documents, lineEnd(documents, side), options).trimEnd();
}

function sideOf({ side }: Options): LineEnd["side"] {
  if (side === "customer" || side === "exchange") return side;
  throw new CliError("--side is customer or exchange");
}

async function readDocuments(context: Context, sid: string, options: Options): Promise<LineDocuments> {
  const client = clientOf(context, options);
  const path = `/v1/Interconnect/Connections/${encodeURIComponent(sid)}`;
  const connection = await client.request("GET", path);
  const secrets = await client.request("GET", `${path}/Secrets`);
  const edge = String(connection["edge"]);
  const exchanges = await client.listAll("/v1/Interconnect/Exchanges", "exchanges", [], maximumExchanges);
  const exchange = exchanges.find(({ edges }) => Array.isArray(edges) && edges.includes(edge));
  if (exchange === undefined) throw new RestFailure(404, undefined, `no exchange has the edge ${edge}`);
  return { connection, secrets, exchange };
}
