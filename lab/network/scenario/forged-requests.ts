/** Requests that a stranger sends to a backbone interface. */

let transactions = 0;

export function optionsText(address: string, port: number, target: string): string {
  return [
    `OPTIONS sip:${target} SIP/2.0`,
    via(address, port),
    `From: <sip:sister@${address}>;tag=forged`,
    `To: <sip:${target}>`,
    `Call-ID: forged-options-${address}`,
    "CSeq: 1 OPTIONS",
    "Max-Forwards: 70",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

/** The request as it was, with a Via that makes it a new transaction and leads responses to that address. */
export function withNewTransaction(request: string, address: string, port: number): string {
  return request.replace(/^Via:.*$/m, via(address, port));
}

/** One digit of the signature is another. */
export function withWrongSignature(request: string): string {
  return request.replace(/(;mac=[0-9a-f]{63})([0-9a-f])/, (_, start: string, last: string) => {
    return `${start}${last === "0" ? "1" : "0"}`;
  });
}

function via(address: string, port: number): string {
  transactions += 1;
  return `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bKforged${transactions}`;
}
