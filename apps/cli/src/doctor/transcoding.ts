/** Calls to far sides that take certain codecs only may need rtpengine: are there any without one? */
import type { RestClient } from "../client/rest-client.ts";
import type { Finding } from "./finding.ts";

const maximumRows = 10_000;

/** Friendly names of the trunks and carriers that have codecs; of carriers only an operator hears. */
export async function farSidesWithCodecs(
  client: Pick<RestClient, "listAll"> | undefined,
): Promise<readonly string[]> {
  if (client === undefined) return [];
  const named = async (
    path: string,
    key: string,
    codecsOf: (row: Readonly<Record<string, unknown>>) => unknown,
  ): Promise<readonly string[]> => {
    try {
      const rows = await client.listAll(path, key, [], maximumRows);
      return rows.filter((row) => hasEntries(codecsOf(row))).map((row) => String(row["friendly_name"]));
    } catch {
      return [];
    }
  };
  const trunks = await named("/v1/Trunks", "trunks", ({ tandem }) =>
    typeof tandem === "object" && tandem !== null ? Reflect.get(tandem, "codecs") : undefined,
  );
  return [...trunks, ...(await named("/v1/Carriers", "carriers", ({ codecs }) => codecs))];
}

/** @param answers whether there is an rtpengine that does */
export function judgeTranscoding(farSides: readonly string[], answers: boolean): readonly Finding[] {
  const [first, ...others] = farSides;
  if (first === undefined || answers) return [];
  const list = others.length === 0 ? first : `${first} and ${others.length} more`;
  const text = `no rtpengine answers: calls to far sides with Codecs (${list}) are not transcoded`;
  const remedy = "start rtpengine and name it, or empty Codecs of these trunks and carriers";
  return [{ level: "warn", check: "media", text, remedy }];
}

function hasEntries(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
