/** `tandem attach` and `tandem detach`: which lists and numbers a trunk uses; `tandem hang-up` ends a call, `drain` a gateway's day. */
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import type { Form } from "../client/rest-client.ts";
import type { Context } from "../context.ts";
import { clientOf, withClientOptions } from "./commands.ts";

const attachable = [
  {
    option: "acl",
    path: "IpAccessControlLists",
    parameter: "IpAccessControlListSid",
    about: "an IP access control list",
  },
  {
    option: "credentialList",
    path: "CredentialLists",
    parameter: "CredentialListSid",
    about: "a credential list",
  },
  { option: "number", path: "PhoneNumbers", parameter: "PhoneNumberSid", about: "a phone number" },
] as const;

type Options = Readonly<Record<string, string | boolean | undefined>>;

export function addAttachmentCommands(program: Command, context: Context): void {
  addAttachment(program, "attach <trunk>", "attach a list or a number to a trunk").action(
    async (trunk: string, options: Options) => {
      const client = clientOf(context, options);
      for (const { path, parameter, sid } of given(options)) {
        await client.request("POST", `${trunkPath(trunk)}/${path}`, [[parameter, sid]]);
        context.print(`attached ${sid} to ${trunk}`);
      }
    },
  );
  addAttachment(program, "detach <trunk>", "detach a list or a number from a trunk").action(
    async (trunk: string, options: Options) => {
      const client = clientOf(context, options);
      for (const { path, sid } of given(options)) {
        await client.request("DELETE", `${trunkPath(trunk)}/${path}/${encodeURIComponent(sid)}`);
        context.print(`detached ${sid} from ${trunk}`);
      }
    },
  );
  withClientOptions(program.command("hang-up <call>"))
    .description("end a call in progress")
    .action(async (call: string, options: Options) => {
      const client = clientOf(context, options);
      const account = encodeURIComponent(client.accountSid);
      const path = `/2010-04-01/Accounts/${account}/Calls/${encodeURIComponent(call)}.json`;
      await client.request("POST", path, [["Status", "completed"]]);
      context.print(`ended ${call}`);
    });
  withClientOptions(program.command("drain <gateway>"))
    .description("let a gateway take no new calls")
    .option("--exit", "end it when its last call has gone")
    .action(async (gateway: string, options: Options) => {
      const form: Form = options["exit"] === true ? [["ExitWhenIdle", "true"]] : [];
      await clientOf(context, options).request(
        "POST",
        `/v1/Gateways/${encodeURIComponent(gateway)}/Drain`,
        form,
      );
      context.print(`${gateway} takes no new calls`);
    });
}

function addAttachment(program: Command, text: string, about: string): Command {
  const command = withClientOptions(program.command(text)).description(about);
  for (const { option, about: what } of attachable) {
    command.option(`--${option.replace("List", "-list")} <sid>`, `SID of ${what}`);
  }
  return command;
}

function given(options: Options): readonly { path: string; parameter: string; sid: string }[] {
  const found = attachable.flatMap(({ option, path, parameter }) => {
    const sid = options[option];
    return typeof sid === "string" ? [{ path, parameter, sid }] : [];
  });
  if (found.length === 0) throw new CliError("name what: --acl, --credential-list or --number");
  return found;
}

function trunkPath(trunk: string): string {
  return `/v1/Trunks/${encodeURIComponent(trunk)}`;
}
