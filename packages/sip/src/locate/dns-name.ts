const maximumNameCharacters = 253;
const maximumLabelCharacters = 63;

/** Name for a question: lower case, no final dot. undefined: no name that DNS could hold (RFC 1035 §2.3.4). */
export function canonicalDnsName(host: string): string | undefined {
  const name = (host.endsWith(".") ? host.slice(0, -1) : host).toLowerCase();
  if (name === "" || name.length > maximumNameCharacters) return undefined;
  const areLabelsGood = name
    .split(".")
    .every((label) => label !== "" && label.length <= maximumLabelCharacters);
  return areLabelsGood ? name : undefined;
}
