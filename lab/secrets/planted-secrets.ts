/** Secrets that nothing else looks like, for every way by which one gets in. */
export const planted = {
  /** Digest credential of a trunk. */
  trunkPassword: "PlantedTrunk1Password",
  wrongTrunkPassword: "PlantedTrunk3Wrong",
  carrierPassword: "PlantedCarrier1Password",
  bgpPassword: "PlantedBgp1Password",
  preSharedKey: "PlantedPreShared1Key",
  /** Refused by a rule of the API, each by another one. */
  refusedPassword: "plantedwithoutdigits",
  refusedBgpPassword: `planted bgp ${"x".repeat(100)}`,
  refusedCarrierPassword: "PlantedCarrier2NoUser",
  bodyOfNoForm: "PlantedInBrokenBody",
  query: "PlantedInQuery",
  wrongApiToken: "PlantedApi1WrongToken",
  wrongGatewayToken: "PlantedGateway1WrongToken",
  /** In SIP: an SDES key, and answers to a challenge that are made up. */
  mediaKey: "UGxhbnRlZFNkZXNLZXlQbGFudGVkU2Rlc0tleQ",
  response: "feedfacefeedfacefeedfacefeedface",
  bearerToken: "PlantedBearerToken",
  brokenKeyFile: "PlantedBrokenTlsKey",
} as const;

/** Names of those that stand in the text. */
export function secretsIn(text: string, secrets: ReadonlyMap<string, string>): string[] {
  return [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => name);
}
