/** Where control listens and as whom we speak to it: the environment first, then the file that `up` wrote. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../cli-error.ts";

export interface Connection {
  /** Origin without a slash at the end. */
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
}

/** Name of the file in the data directory; mode 0600. */
export const credentialsFileName = "credentials.json";

/** Throws CliError when neither names all three. */
export function findConnection(
  environment: Readonly<Record<string, string | undefined>>,
  dataDirectory: string,
): Connection {
  const file = readCredentialsFile(join(dataDirectory, credentialsFileName));
  const url = environment["TANDEM_URL"] ?? file?.url;
  const accountSid = environment["TANDEM_ACCOUNT_SID"] ?? file?.accountSid;
  const authToken = environment["TANDEM_AUTH_TOKEN"] ?? file?.authToken;
  if (url === undefined || accountSid === undefined || authToken === undefined) {
    throw new CliError(
      `no credentials: set TANDEM_URL, TANDEM_ACCOUNT_SID and TANDEM_AUTH_TOKEN, or start 'tandem up', which writes ${join(dataDirectory, credentialsFileName)}`,
    );
  }
  return { url: url.replace(/\/+$/, ""), accountSid, authToken };
}

function readCredentialsFile(path: string): Partial<Connection> | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    const { url, accountSid, authToken }: Record<string, unknown> = JSON.parse(text);
    return {
      ...(typeof url === "string" && { url }),
      ...(typeof accountSid === "string" && { accountSid }),
      ...(typeof authToken === "string" && { authToken }),
    };
  } catch {
    throw new CliError(`${path} is no JSON`);
  }
}
