/** What well-known scanners call themselves in User-Agent, and write into From or To. Lower case. */
const signatures: readonly string[] = [
  "friendly-scanner",
  "friendly-request",
  "sipvicious",
  "sundayddr",
  "sipsak",
  "sip-scan",
  "sipscan",
  "siparmyknife",
  "smap",
  "iwar",
  "vaxsipuseragent",
  "vaxipuseragent",
  "pplsip",
  "sipcli",
  "sipptk",
  "scanner",
];

/** Whether a User-Agent is a scanner's. Those of SIPp and of test tools without a bad name are not. */
export function isScanner(userAgent: string | undefined): boolean {
  if (userAgent === undefined || userAgent === "") return false;
  const name = userAgent.toLowerCase();
  return signatures.some((signature) => name.includes(signature));
}
