import { failureText, type RunCommand } from "./command.ts";
import type { HostState } from "./host-state.ts";
import { readAddresses, readLinks, readRoutes, readRules } from "./ip-output.ts";

/** `-N`: numbers, since any table or protocol may have a name on this host. One process: starting four takes longer. */
const ip = ["ip", "-N", "-json", "-4", "-s", "-batch", "-"] as const;
const questions = "link show\naddress show\nrule show\nroute show table all\n";

/** Asks the kernel. @throws Error that names the command and what it said */
export async function readHost(run: RunCommand): Promise<HostState> {
  const result = await run(ip, questions);
  if (result.exitCode !== 0) throw new Error(failureText(result));
  const answers = result.stdout.split("\n").filter((line) => line.trim() !== "");
  if (answers.length !== 4) throw new Error(`${ip.join(" ")} gave ${answers.length} answers to 4 questions`);
  const [links = "", addresses = "", rules = "", routes = ""] = answers;
  try {
    return {
      links: readLinks(links),
      addresses: readAddresses(addresses),
      rules: readRules(rules),
      routes: readRoutes(routes),
    };
  } catch (error) {
    throw new Error(`${ip.join(" ")}: ${String(error)}`, { cause: error });
  }
}
