/** `tandem trunks list`, `tandem numbers create …`: one command with its verbs for each resource. */
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { findConnection } from "../client/connection.ts";
import { type Form, type JsonObject, RestClient } from "../client/rest-client.ts";
import type { Context } from "../context.ts";
import { objectText, tableText } from "../output/table.ts";
import { optionOf, pathOf, type Resource } from "./resource.ts";
import { resources } from "./resources.ts";

const defaultLimit = 100;

/** Parameters that should not stand in the shell's history. */
const secrets: ReadonlySet<string> = new Set(["Password", "BgpPassword", "PreSharedKey"]);

type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export function addResourceCommands(program: Command, context: Context): void {
  for (const resource of resources) {
    const command = program.command(resource.command).description(resource.about);
    addReading(command, resource, context);
    addWriting(command, resource, context);
    addActions(command, resource, context);
  }
}

function addActions(command: Command, resource: Resource, context: Context): void {
  for (const { verb: name, about, parameter } of resource.actions ?? []) {
    verb(command, `${name} <sid>`, resource)
      .description(about)
      .action(async (sid: string, options: Options) => {
        const client = clientOf(context, options);
        const path = pathFor(client, resource, options, sid);
        show(context, options, await client.request("POST", path, [parameter]));
      });
  }
}

/** Options that every verb has. */
export function withClientOptions(command: Command): Command {
  return command
    .option("--json", "print JSON")
    .option("--account <sid>", "a subaccount that the request is about")
    .option("--data <directory>", "data directory of tandem up");
}

export function clientOf(context: Context, options: Options): RestClient {
  const directory = textOf(options, "data") ?? context.defaultDataDirectory;
  return new RestClient(findConnection(context.environment, directory), textOf(options, "account"));
}

function addReading(command: Command, resource: Resource, context: Context): void {
  if (resource.verbs.includes("list")) {
    const list = verb(command, "list", resource).option(
      "--limit <rows>",
      "rows at most",
      String(defaultLimit),
    );
    for (const filter of resource.filters ?? [])
      list.option(`--${optionOf(filter)} <value>`, `only this ${filter}`);
    list.action(async (options: Options) => {
      const client = clientOf(context, options);
      const filters = formOf(resource.filters ?? [], options, []);
      const limit = limitOf(options);
      const rows = await client.listAll(pathFor(client, resource, options), resource.key, filters, limit);
      context.print(options["json"] === true ? json(rows) : tableText(rows, resource.columns));
    });
  }
  if (resource.verbs.includes("show")) {
    verb(command, "show <sid>", resource).action(async (sid: string, options: Options) => {
      const client = clientOf(context, options);
      show(context, options, await client.request("GET", pathFor(client, resource, options, sid)));
    });
  }
}

function addWriting(command: Command, resource: Resource, context: Context): void {
  if (resource.verbs.includes("create")) {
    writing(command, "create", resource).action(async (options: Options) => {
      const client = clientOf(context, options);
      const form = await writtenForm(context, resource, options);
      show(context, options, await client.request("POST", pathFor(client, resource, options), form));
    });
  }
  if (resource.verbs.includes("update")) {
    writing(command, "update <sid>", resource).action(async (sid: string, options: Options) => {
      const client = clientOf(context, options);
      const form = await writtenForm(context, resource, options);
      if (form.length === 0) throw new CliError("nothing to change: name a parameter");
      show(context, options, await client.request("POST", pathFor(client, resource, options, sid), form));
    });
  }
  if (resource.verbs.includes("delete")) {
    verb(command, "delete <sid>", resource).action(async (sid: string, options: Options) => {
      const client = clientOf(context, options);
      await client.request("DELETE", pathFor(client, resource, options, sid));
      if (options["json"] !== true) context.print(`deleted ${sid}`);
    });
  }
}

function verb(command: Command, text: string, { parent }: Resource): Command {
  const added = withClientOptions(command.command(text));
  return parent === undefined ? added : added.requiredOption(`--${parent.option} <sid>`, parent.about);
}

function writing(command: Command, text: string, resource: Resource): Command {
  const added = verb(command, text, resource);
  for (const parameter of resource.parameters) {
    const hint = secrets.has(parameter) ? `${parameter}; - reads it from standard input` : parameter;
    const isRepeated = resource.repeated?.includes(parameter) === true;
    added.option(`--${optionOf(parameter)} <${isRepeated ? "values..." : "value"}>`, hint);
  }
  return added.option("--set <Name=Value>", "any other parameter of the API; may be repeated", appended, []);
}

function appended(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function writtenForm(context: Context, resource: Resource, options: Options): Promise<Form> {
  const form = formOf(resource.parameters, options, options["set"] as readonly string[]);
  const isFromInput = (name: string, value: string) => secrets.has(name) && value === "-";
  const places = form.filter(([name, value]) => isFromInput(name, value));
  if (places.length === 0) return form;
  if (places.length > 1) throw new CliError("standard input can hold one secret only");
  const secret = (await context.readInput()).replace(/\r?\n$/, "");
  return form.map(([name, value]) => [name, isFromInput(name, value) ? secret : value]);
}

/** Parameters that were given, in the order of the resource, then those of `--set`. */
function formOf(parameters: readonly string[], options: Options, settings: readonly string[]): Form {
  const form: (readonly [string, string])[] = [];
  for (const parameter of parameters) {
    const value = options[camelCase(optionOf(parameter))];
    if (typeof value === "string") form.push([parameter, value]);
    else if (Array.isArray(value)) form.push(...value.map((one: string) => [parameter, one] as const));
  }
  for (const setting of settings) {
    const equals = setting.indexOf("=");
    if (equals < 1) throw new CliError(`--set ${setting}: write Name=Value`);
    form.push([setting.slice(0, equals), setting.slice(equals + 1)]);
  }
  return form;
}

function pathFor(client: RestClient, resource: Resource, options: Options, sid?: string): string {
  const parentSid = resource.parent === undefined ? undefined : textOf(options, resource.parent.option);
  return pathOf(resource, { accountSid: client.accountSid, parentSid }, sid);
}

function limitOf(options: Options): number {
  const text = textOf(options, "limit") ?? "";
  const limit = Number(text);
  if (!/^\d{1,7}$/.test(text) || limit < 1) throw new CliError(`--limit ${text}: a number of rows from 1`);
  return limit;
}

function show(context: Context, options: Options, object: JsonObject): void {
  context.print(options["json"] === true ? json(object) : objectText(object));
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

function textOf(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** Commander names `--friendly-name` `friendlyName`. */
function camelCase(option: string): string {
  return option.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
