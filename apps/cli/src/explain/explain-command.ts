/**
 * `tandem explain`: what a gateway would do with a call, as a dry run without side effects. The facts come as options,
 * or a whole INVITE on standard input. Exit code 0: the call would be carried, 2: it would be refused.
 */
import { type ExplainRequest, ExplainResult, validator } from "@tandem/contracts";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import type { Form } from "../client/rest-client.ts";
import type { Context } from "../context.ts";
import { clientOf, withClientOptions } from "../resources/commands.ts";
import { explainText, wouldBeCarried } from "./explain-text.ts";

const checkResult = validator(ExplainResult);
const path = "/v1/Explain";
/** Exit code when the call would be refused. */
const refusedExitCode = 2;

type Options = Readonly<Record<string, string | boolean | undefined>>;

export function addExplainCommand(program: Command, context: Context): void {
  withClientOptions(program.command("explain"))
    .description(
      "what a gateway would do with a call: each stage's verdict and the candidates with their reasons",
    )
    .requiredOption("--source <address>", "address that the request comes from")
    .option("--from <number>", "calling number or SIP URI")
    .option("--to <number>", "called number or SIP URI")
    .option("--host <name>", "host of the Request-URI, the trunk's termination name")
    .option("--direction <direction>", "termination or origination", "termination")
    .option("--interface <name>", "interface of the gateway it arrives on")
    .option("--transport <protocol>", "UDP, TCP or TLS")
    .option("--username <name>", "digest user that is taken to have given the right password")
    .option("--gateway <name>", "gateway that is asked")
    .addHelpText("after", "\nWithout --from and --to, an INVITE is read from standard input.")
    .action(async (options: Options) => {
      const request = await requestOf(context, options);
      const answer = await clientOf(context, options).request("POST", path, formOf(request, options));
      const result = checkResult(answer);
      if (!result.ok) throw new CliError(`control answered with no explanation: ${result.error}`);
      const text =
        options["json"] === true ? JSON.stringify(result.value, undefined, 2) : explainText(result.value);
      context.print(text);
      if (!wouldBeCarried(result.value)) context.setExitCode(refusedExitCode);
    });
}

async function requestOf(context: Context, options: Options): Promise<ExplainRequest> {
  const { from, to, source, interface: interfaceName, username, host } = options;
  const common = {
    sourceAddress: String(source),
    ...(typeof interfaceName === "string" && { interface: interfaceName }),
    ...transportOf(options),
  };
  if (typeof from === "string" && typeof to === "string") {
    return {
      kind: "facts",
      direction: directionOf(options),
      from,
      to,
      ...common,
      ...(typeof host === "string" && { host }),
      ...(typeof username === "string" && { username }),
    };
  }
  if (from !== undefined || to !== undefined) throw new CliError("give both --from and --to, or neither");
  return { kind: "invite", text: withWireLineEnds(await context.readInput()), ...common };
}

/** An editor saves lines with LF; SIP wants CRLF (RFC 3261 §7). A message that holds CRLF is left as it is. */
function withWireLineEnds(text: string): string {
  if (text.trim() === "") throw new CliError("no INVITE on standard input; or give --from and --to");
  return text.includes("\r\n") ? text : text.replaceAll("\n", "\r\n");
}

function directionOf({ direction }: Options): "termination" | "origination" {
  if (direction === "termination" || direction === "origination") return direction;
  throw new CliError("--direction is termination or origination");
}

function transportOf({ transport }: Options): { transport?: "UDP" | "TCP" | "TLS" } {
  if (transport === undefined) return {};
  const name = String(transport).toUpperCase();
  if (name === "UDP" || name === "TCP" || name === "TLS") return { transport: name };
  throw new CliError("--transport is UDP, TCP or TLS");
}

const parameterNames: Readonly<Record<string, string>> = {
  direction: "Direction",
  sourceAddress: "SourceAddress",
  interface: "Interface",
  host: "Host",
  from: "From",
  to: "To",
  transport: "Transport",
  username: "Username",
  text: "Invite",
};

function formOf(request: ExplainRequest, { gateway }: Options): Form {
  const form = Object.entries(request).flatMap(([name, value]): [string, string][] => {
    const parameter = parameterNames[name];
    return parameter === undefined ? [] : [[parameter, value]];
  });
  return typeof gateway === "string" ? [...form, ["Gateway", gateway]] : form;
}
