/** `tandem capture`: the SIP messages of the next calls of a trunk or with a number, and one call as a ladder. */
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import type { JsonObject } from "../client/rest-client.ts";
import type { Context } from "../context.ts";
import { tableText } from "../output/table.ts";
import { clientOf, withClientOptions } from "../resources/commands.ts";
import { type LadderMessage, ladderText } from "./ladder.ts";

const path = "/v1/Captures";
const callColumns = ["call_sid", "gateway", "started_at", "from", "to", "trunk_sid", "messages", "whole"];
const captureColumns = ["gateway", "trunk_sid", "number", "maximum_calls", "ends_at"];

type Options = Readonly<Record<string, string | boolean | undefined>>;

export function addCaptureCommand(program: Command, context: Context): void {
  const capture = program
    .command("capture")
    .description("SIP messages of the next calls of a trunk, or with a number (operator only)");

  withClientOptions(capture.command("start"))
    .description("takes the next calls on every gateway, and forgets what an earlier capture has")
    .option("--trunk <sid>", "calls of this trunk")
    .option("--number <number>", "calls from or to this number, +1…")
    .option("--calls <count>", "calls on each gateway; default 10")
    .option("--seconds <count>", "it ends by itself; default 300")
    .action(async (options: Options) => {
      const form = formOf(options, {
        trunk: "TrunkSid",
        number: "Number",
        calls: "Calls",
        seconds: "Seconds",
      });
      const answer = await clientOf(context, options).request("POST", path, form);
      print(context, options, answer, () => tableText(rowsOf(answer, "captures"), captureColumns));
    });

  withClientOptions(capture.command("list"))
    .description("the calls that were taken so far")
    .action(async (options: Options) => {
      const answer = await clientOf(context, options).request("GET", path);
      print(context, options, answer, () => tableText(rowsOf(answer, "calls"), callColumns));
    });

  withClientOptions(capture.command("show <call>"))
    .description("one call as a ladder")
    .option("--messages", "each message in full, in place of the ladder")
    .action(async (call: string, options: Options) => {
      const answer = await clientOf(context, options).request("GET", `${path}/${encodeURIComponent(call)}`);
      print(context, options, answer, () => {
        const messages = rowsOf(answer, "messages") as unknown as readonly LadderMessage[];
        if (options["messages"] === true) return messages.map(wholeText).join("\n\n");
        const { ends } = answer;
        if (!Array.isArray(ends)) throw new CliError("control answered without ends");
        return ladderText(ends.map(String), messages);
      });
    });

  withClientOptions(capture.command("stop"))
    .description("takes no more calls, and forgets those it has")
    .action(async (options: Options) => {
      await clientOf(context, options).request("DELETE", path);
      context.print("forgotten");
    });
}

function formOf(options: Options, names: Readonly<Record<string, string>>): readonly [string, string][] {
  return Object.entries(names).flatMap(([option, parameter]): [string, string][] => {
    const value = options[option];
    return typeof value === "string" ? [[parameter, value]] : [];
  });
}

/** With a note for the gateways that did not answer: what they have is not shown. */
function print(context: Context, options: Options, answer: JsonObject, text: () => string): void {
  context.print(options["json"] === true ? JSON.stringify(answer, undefined, 2) : text());
  const missing = answer["missing"];
  if (Array.isArray(missing) && missing.length > 0) {
    context.note(`no answer from ${missing.join(", ")}`);
  }
}

function rowsOf(answer: JsonObject, key: string): readonly JsonObject[] {
  const rows = answer[key];
  if (!Array.isArray(rows)) throw new CliError(`control answered without ${key}`);
  return rows as readonly JsonObject[];
}

function wholeText({ at, gateway, direction, remote, transport, text }: LadderMessage): string {
  const way = direction === "received" ? `from ${remote}` : `to ${remote}`;
  // oxlint-disable-next-line no-control-regex -- they must not reach the terminal
  const clean = text.replaceAll("\r\n", "\n").replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "?");
  return `── ${at} ${gateway} ${direction} ${way} ${transport}\n${clean.trimEnd()}`;
}
