/**
 * Makes calls in an rtpengine over its ng protocol: `node main.ts NG-ADDRESS NG-PORT CALLS REMOTE-PORT`. Tells the customers'
 * ports.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { benchAddresses } from "../media/bench-addresses.ts";

const [ngAddress = "", ngPort = "0", calls = "1", remotePort = "0"] = process.argv.slice(2);
const socket = createSocket("udp4");
let cookies = 0;

/** The part of bencode that is needed: texts, lists of texts, dictionaries with sorted keys. */
function encode(value: string | readonly string[] | Readonly<Record<string, unknown>>): string {
  if (typeof value === "string") return `${Buffer.byteLength(value)}:${value}`;
  if (Array.isArray(value)) return `l${value.map((one: string) => encode(one)).join("")}e`;
  const entries = Object.entries(value as Record<string, string>).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `d${entries.map(([key, one]) => encode(key) + encode(one)).join("")}e`;
}

async function ask(command: Readonly<Record<string, unknown>>): Promise<string> {
  cookies += 1;
  socket.send(`${cookies} ${encode(command)}`, Number(ngPort), ngAddress);
  const [answer] = (await once(socket, "message")) as [Buffer];
  const text = answer.toString("latin1");
  if (!text.includes("6:result2:ok")) throw new Error(text);
  return text;
}

function sdp(address: string, port: string): string {
  const lines = [
    "v=0",
    `o=- 1 1 IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP 0`,
  ];
  return `${lines.join("\r\n")}\r\n`;
}

const ports: number[] = [];
for (let i = 0; i < Number(calls); i += 1) {
  const names = { "call-id": `call-${i}`, "from-tag": `from-${i}` };
  const replace = ["origin", "session-connection"];
  const offer = sdp(benchAddresses.customer, "9000");
  await ask({ command: "offer", ...names, sdp: offer, replace, direction: ["customers", "carriers"] });
  const answer = sdp(benchAddresses.carrier, remotePort);
  const answered = await ask({ command: "answer", ...names, "to-tag": `to-${i}`, sdp: answer, replace });
  ports.push(Number(/m=audio (\d+)/.exec(answered)?.[1]));
}
console.log(JSON.stringify({ ports }));
socket.close();
