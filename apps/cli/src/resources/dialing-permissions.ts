/** `tandem dialing-permissions set` and `settings`: what the account may call, written in the API's own ways. */
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import type { Context } from "../context.ts";
import { objectText } from "../output/table.ts";
import { clientOf, withClientOptions } from "./commands.ts";

type Options = Readonly<Record<string, string | boolean | undefined>>;

const switches = [
  { option: "low-risk", key: "lowRisk", field: "low_risk_numbers_enabled" },
  { option: "special", key: "special", field: "high_risk_special_numbers_enabled" },
  { option: "toll-fraud", key: "tollFraud", field: "high_risk_tollfraud_numbers_enabled" },
] as const;

/** Adds them to the command that lists countries. */
export function addDialingPermissionVerbs(program: Command, context: Context): void {
  const command = program.commands.find((one) => one.name() === "dialing-permissions");
  if (command === undefined) throw new Error("dialing-permissions is no command");
  addSet(command, context);
  addSettings(command, context);
}

function addSet(command: Command, context: Context): void {
  const set = withClientOptions(command.command("set <countries...>")).description(
    "switch classes of numbers of countries (ISO codes) on or off",
  );
  for (const { option } of switches) set.option(`--${option} <on|off>`, `${option} numbers`);
  set.action(async (countries: readonly string[], options: Options) => {
    const wanted = switches.flatMap(({ option, key, field }) => {
      const value = options[key];
      return value === undefined ? [] : [[field, isOn(option, value)] as const];
    });
    if (wanted.length === 0) throw new CliError("name a switch: --low-risk, --special or --toll-fraud");
    const updates = countries.map((country) => ({ iso_code: country, ...Object.fromEntries(wanted) }));
    const client = clientOf(context, options);
    const answer = await client.request("POST", "/v1/DialingPermissions/BulkCountryUpdates", [
      ["UpdateRequest", JSON.stringify(updates)],
    ]);
    context.print(
      options["json"] === true
        ? JSON.stringify(answer, undefined, 2)
        : `changed ${String(answer["update_count"])} ${countries.length === 1 ? "country" : "countries"}`,
    );
  });
}

function addSettings(command: Command, context: Context): void {
  withClientOptions(command.command("settings"))
    .description("show or change whose permissions hold, and those of countries that were never set")
    .option("--inherit <true|false>", "a subaccount's: those of its parent hold")
    .option("--default <open|protected>", "countries that were never set: all numbers, or low-risk ones only")
    .action(async (options: Options) => {
      const form = (
        [
          ["DialingPermissionsInheritance", options["inherit"]],
          ["DialingPermissionsDefault", options["default"]],
        ] as const
      ).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : []));
      const client = clientOf(context, options);
      const answer = await (form.length === 0
        ? client.request("GET", "/v1/Settings")
        : client.request("POST", "/v1/Settings", form));
      context.print(options["json"] === true ? JSON.stringify(answer, undefined, 2) : objectText(answer));
    });
}

function isOn(option: string, value: string | boolean): boolean {
  if (value === "on") return true;
  if (value === "off") return false;
  throw new CliError(`--${option} ${String(value)}: on or off`);
}
