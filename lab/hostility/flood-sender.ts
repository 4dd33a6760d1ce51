/** A program that sends datagrams at a steady rate from many addresses, and tells how many went out. */
import { createSocket } from "node:dgram";

/** Its only argument, as JSON. */
export interface FloodWishes {
  readonly target: { readonly address: string; readonly port: number };
  /** Each sends from a socket of its own. */
  readonly sources: readonly string[];
  readonly junkPerSecond: number;
  readonly invitesPerSecond: number;
  /** Hosts that the INVITEs name in turn. */
  readonly hosts: readonly string[];
  readonly seconds: number;
}

const tickMs = 5;

async function flood(wishes: FloodWishes): Promise<void> {
  const sockets = await Promise.all(
    wishes.sources.map(async (address) => {
      const socket = createSocket({ type: "udp4", lookup: (name, _options, done) => done(null, name, 4) });
      await new Promise<void>((resolve) => socket.bind(0, address, resolve));
      return { socket, address };
    }),
  );
  const { port, address: target } = wishes.target;
  let sent = 0;
  const send = (text: string): void => {
    const { socket } = sockets[sent % sockets.length] as (typeof sockets)[number];
    socket.send(Buffer.from(text, "latin1"), port, target);
    sent += 1;
  };
  const startedMs = performance.now();
  let [junk, invites] = [0, 0];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const seconds = Math.min((performance.now() - startedMs) / 1000, wishes.seconds);
      for (; junk < seconds * wishes.junkPerSecond; junk += 1) send(junkText(junk));
      for (; invites < seconds * wishes.invitesPerSecond; invites += 1) {
        const host = wishes.hosts[invites % wishes.hosts.length] ?? target;
        const from = sockets[sent % sockets.length]?.address ?? "";
        send(inviteText(invites, host, from));
      }
      if (seconds < wishes.seconds) return;
      clearInterval(timer);
      resolve();
    }, tickMs);
  });
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(JSON.stringify({ sent, perSecond: Math.round(sent / seconds) }));
  for (const { socket } of sockets) socket.close();
}

/** By turns: noise, half a request, a request of nobody, a response to nothing. */
function junkText(number: number): string {
  switch (number % 4) {
    case 0:
      return `\u0000\u00ff${"\u0017".repeat(number % 400)}`;
    case 1:
      return `INVITE sip:${number}@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1`;
    case 2:
      return `REGISTER sip:192.0.2.1 SIP/2.0\r\n${head(number, "192.0.2.1")}CSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n`;
    default:
      return `SIP/2.0 200 OK\r\n${head(number, "192.0.2.1")}CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n`;
  }
}

function inviteText(number: number, host: string, from: string): string {
  const body = `v=0\r\no=- 1 1 IN IP4 ${from}\r\ns=-\r\nc=IN IP4 ${from}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n`;
  return `INVITE sip:+1415555${String(number % 10_000).padStart(4, "0")}@${host} SIP/2.0\r\n${head(number, from)}CSeq: 1 INVITE\r\nContact: <sip:${from}>\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function head(number: number, from: string): string {
  return `Via: SIP/2.0/UDP ${from}:5060;branch=z9hG4bK-f${number}\r\nMax-Forwards: 70\r\nFrom: <sip:x@${from}>;tag=${number}\r\nTo: <sip:y@${from}>\r\nCall-ID: flood-${number}@${from}\r\n`;
}

await flood(JSON.parse(process.argv[2] ?? "") as FloodWishes);
