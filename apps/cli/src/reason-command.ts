/** `tandem reason CODE`: what a code in a call record, an alert, a Warning header or an API error means. */
import { reasonByCode, restErrorByCode } from "@tandem/reasons";
import type { Command } from "commander";
import { CliError } from "./cli-error.ts";
import type { Context } from "./context.ts";
import { objectText } from "./output/table.ts";

export function addReasonCommand(program: Command, context: Context): void {
  program
    .command("reason <code>")
    .description("what a reason code or an error code of the API means")
    .action((text: string) => {
      const code = Number(text);
      const found = reasonByCode(code) ?? restErrorByCode(code);
      if (found === undefined) throw new CliError(`no such code: ${text}`);
      context.print(objectText({ ...found }));
    });
}
