/**
 * An IPv4 address as a number from 0 to 2^32 - 1; -1: the text is none. Dotted decimal, leading zeros refused as by
 * `isIP` of node:net, which is a regular expression and too dear for what every offer and answer asks.
 */
export function ipv4Number(text: string): number {
  let address = 0;
  let octet = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      if (octet < 0) return -1;
      address = address * 256 + octet;
      octet = -1;
      dots += 1;
      continue;
    }
    // After a leading zero no digit may follow.
    if (code < 0x30 || code > 0x39 || octet === 0) return -1;
    octet = octet < 0 ? code - 0x30 : octet * 10 + code - 0x30;
    if (octet > 255) return -1;
  }
  return dots === 3 && octet >= 0 ? address * 256 + octet : -1;
}
