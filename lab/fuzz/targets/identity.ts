import { type CallFacts, chooseChain, type PassportChain, responseTo } from "@tandem/stir";
import type { FuzzTarget } from "../fuzz-target.ts";
import { identitySeeds } from "../seeds.ts";

const facts = { callingNumber: "+12155550100", calledNumber: "+12155550199" };
const nowMs = 1_700_000_000_000;
/** Of 64 bytes, as ES256 has it. Nobody verifies it here. */
const signature = "A".repeat(86);

/**
 * A line is a value of Identity. One with two bars is header, claims and parameters of a PASSporT in the clear, since hardly any
 * change of base64url leaves JSON behind.
 */
export const identity: FuzzTarget = {
  name: "identity",
  sources: ["packages/stir/src/"],
  seeds: identitySeeds,
  dictionary: [
    "|",
    "\n",
    ";",
    "=",
    ",",
    ":",
    '"',
    ".",
    "..",
    "{}",
    "[]",
    "null",
    "1e9",
    "1700000000",
    ";info=<https://a.example/c.pem>",
    ";alg=ES256",
    ';ppt="shaken"',
    ";ppt=div",
    '"alg":"ES256",',
    '"ppt":"shaken",',
    '"ppt":"div",',
    '"typ":"passport",',
    '"crit":["x"],',
    '"x5u":"https://a.example/c.pem"',
    '"orig":{"tn":"12155550100"},',
    '"dest":{"tn":["12155550199"]},',
    '"dest":{"uri":["sip:a@b"]},',
    '"div":{"tn":"12155550150"},',
    '"attest":"A",',
    '"origid":"123e4567-e89b-12d3-a456-426655440000",',
    '"iat":1700000000,',
    '"__proto__":{},',
    "12155550100",
    "12155550150",
    "12155550199",
  ],
  maximumBytes: 4096,
  run(input) {
    const identities = input.split("\n").map(valueOf);
    const chosen = chooseChain({ ...facts, identities }, nowMs);
    if (chosen.ok) explains(chosen.value, { ...facts, identities });
    else if (responseTo(chosen.fault).statusCode < 400) throw new Error("a fault that refuses nothing");
  },
};

function valueOf(line: string): string {
  const [header = "", claims, parameters] = line.split("|");
  if (claims === undefined || parameters === undefined) return line;
  return `${encoded(header)}.${encoded(claims)}.${signature}${parameters}`;
}

function encoded(text: string): string {
  return Buffer.from(text, "latin1").toString("base64url");
}

/** From the caller to the called number without a gap, each PASSporT once. */
function explains({ isDiverted, passports }: PassportChain, { identities, ...call }: CallFacts): void {
  if (passports.length > identities.length) throw new Error("more PASSporTs than came");
  if (new Set(passports.map(({ passport }) => passport)).size < passports.length) {
    throw new Error("a PASSporT counts twice");
  }
  if (isDiverted !== passports.length > 1) throw new Error("isDiverted is not what the chain says");
  if (`+${passports[0]?.signer}` !== call.callingNumber) throw new Error("the first is not the caller's");
  leads(passports, call.calledNumber.slice(1));
}

function leads(passports: PassportChain["passports"], called: string): void {
  const caller = passports[0]?.signer;
  for (const [index, { passport }] of passports.entries()) {
    const { orig, dest } = passport.claims;
    const next = passports[index + 1]?.signer ?? called;
    if (!dest.tn.includes(next)) throw new Error(`${next} is no destination of PASSporT ${index}`);
    if (!("tn" in orig) || orig.tn !== caller) throw new Error(`PASSporT ${index} is of another caller`);
  }
}
