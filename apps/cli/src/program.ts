/** The command line: every verb in one place. */
import { Command } from "commander";
import { addCaptureCommand } from "./capture/capture-command.ts";
import { addConnectionCommand } from "./connection-config/connection-config-command.ts";
import type { Context } from "./context.ts";
import { addDoctorCommand } from "./doctor/doctor-command.ts";
import { addExplainCommand } from "./explain/explain-command.ts";
import { addFirewallCommand } from "./firewall/firewall-command.ts";
import { addProgramCommands } from "./programs-command.ts";
import { addReasonCommand } from "./reason-command.ts";
import { addAttachmentCommands } from "./resources/attachments.ts";
import { addResourceCommands } from "./resources/commands.ts";
import { addDialingPermissionVerbs } from "./resources/dialing-permissions.ts";
import { addUpCommand } from "./up/up-command.ts";

export function buildProgram(context: Context): Command {
  const program = new Command("tandem")
    .description("A self-hosted elastic SIP trunking exchange")
    .version(context.version)
    .showHelpAfterError("(add --help for the options)")
    .addHelpText(
      "after",
      "\nClient verbs read TANDEM_URL, TANDEM_ACCOUNT_SID and TANDEM_AUTH_TOKEN, or the file that 'tandem up' wrote.",
    );
  addUpCommand(program, context);
  addResourceCommands(program, context);
  addDialingPermissionVerbs(program, context);
  addAttachmentCommands(program, context);
  addConnectionCommand(program, context);
  addFirewallCommand(program, context);
  addExplainCommand(program, context);
  addCaptureCommand(program, context);
  addReasonCommand(program, context);
  addDoctorCommand(program, context);
  addProgramCommands(program, context);
  return program;
}
