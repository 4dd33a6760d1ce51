import {
  escapeUser,
  parseSipUri,
  parseTelUri,
  schemeOf,
  serializeSipUri,
  unescapeUser,
  uriEquals,
} from "@tandem/sip/uri";
import type { FuzzTarget } from "../fuzz-target.ts";
import { uriSeeds } from "../seeds.ts";

export const uri: FuzzTarget = {
  name: "uri",
  sources: ["packages/sip/src/uri/"],
  seeds: uriSeeds,
  dictionary: [
    "sip:",
    "sips:",
    "tel:",
    "@",
    ":",
    ";",
    "?",
    "&",
    "=",
    "%41",
    "%00",
    "%",
    "[::1]",
    "[",
    "]",
    "127.0.0.1",
    ":5060",
    ";lr",
    ";transport=tcp",
    ";maddr=",
    ";user=phone",
    ";isub=",
    ";phone-context=",
    ";rn=",
    "+1555",
    "//",
    "xn--",
  ],
  maximumBytes: 1024,
  run(input) {
    schemeOf(input);
    parseTelUri(input);
    if (unescapeUser(escapeUser(input)) !== input) throw new Error("an escaped user is another user");
    const parsed = parseSipUri(input);
    if (!parsed.ok) return;
    const text = serializeSipUri(parsed.value);
    const again = parseSipUri(text);
    if (!again.ok) throw new Error(`${text} was written and can't be read`);
    if (serializeSipUri(again.value) !== text)
      throw new Error(`${text} was written, ${serializeSipUri(again.value)} read`);
    if (!uriEquals(input, text)) throw new Error(`${input} is not ${text}`);
    if (!uriEquals(text, input)) throw new Error(`${text} is not ${input}`);
  },
};
