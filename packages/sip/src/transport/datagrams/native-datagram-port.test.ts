import assert from "node:assert/strict";
import { isIPv4 } from "node:net";
import { test } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import { maximumDatagramBytes, type SocketAddresses } from "@tandem/sockets";
import type { SendFailure } from "../target.ts";
import { batchSize, DatagramMemory } from "./datagram-memory.ts";
import { NativeDatagramPort } from "./native-datagram-port.ts";
import type { SocketCalls } from "./socket-calls.ts";

const tooLarge = -90;
const outOfBuffers = -105;

/** The address that the next datagram goes to, as a text. */
class AddressDouble implements SocketAddresses {
  readonly family = 2;
  readonly bytes = 16;
  target = "";

  textAt(): string {
    return "192.0.2.9";
  }
  portAt(): number {
    return 5069;
  }
  write(_memory: Buffer, address: string, port: number): boolean {
    this.target = `${address}:${port}`;
    return isIPv4(address);
  }
}

/** A kernel by hand: what comes is what `arrivals` says, what goes is answered with `answers`, else with success. */
class KernelDouble implements SocketCalls {
  readonly addresses = new AddressDouble();
  readonly memory = new DatagramMemory(() => 0n, this.addresses);
  readonly arrivals: number[] = [];
  readonly answers: number[] = [];
  readonly sent: string[] = [];
  readonly log: string[] = [];
  bindResult: number | string | undefined = 7;
  watchResult: string | undefined = undefined;
  onEvent: (isReadable: boolean, isWritable: boolean) => void = () => {};

  constructor() {
    this.memory.outgoingBytes.fill(0);
  }

  bind(): number | string | undefined {
    return this.bindResult;
  }
  localPort(): number {
    return 5060;
  }
  askForBuffers(_descriptor: number, bytes: number): { receive: number; send: number } {
    return { receive: bytes * 2, send: bytes * 3 };
  }
  /** Datagram n of a batch is the letter n. */
  receive(): number {
    const count = this.arrivals.shift() ?? -11;
    for (let index = 0; index < count; index++) {
      this.memory.incomingBytes[index * maximumDatagramBytes] = 97 + index;
      this.memory.incoming.headers.writeUInt32LE(1, index * 64 + 56);
    }
    return count;
  }
  send(): number {
    const { outgoingBytes } = this.memory;
    const end = outgoingBytes.indexOf(0);
    const text = outgoingBytes.toString("latin1", 0, end < 0 ? undefined : end);
    outgoingBytes.fill(0);
    const result = this.answers.shift() ?? text.length;
    if (result >= 0) this.sent.push(`${text} to ${this.addresses.target}`);
    return result;
  }
  close(descriptor: number): void {
    this.log.push(`close ${descriptor}`);
  }
  watch(
    _descriptor: number,
    onEvent: (isReadable: boolean, isWritable: boolean) => void,
  ): ReturnType<SocketCalls["watch"]> {
    this.onEvent = onEvent;
    return (
      this.watchResult ?? {
        setNeeded: () => {},
        setWritable: (isAsked) => this.log.push(`writable ${isAsked}`),
        close: async () => {
          this.log.push("unwatch");
        },
      }
    );
  }
}

interface OpenPort {
  readonly kernel: KernelDouble;
  readonly port: NativeDatagramPort;
  readonly received: string[];
  readonly failures: string[];
  readonly onFailure: (failure: SendFailure) => void;
}

function opened(onText: (text: string) => void = () => {}): OpenPort {
  const kernel = new KernelDouble();
  const received: string[] = [];
  const failures: string[] = [];
  const port = NativeDatagramPort.open(kernel, {
    localAddress: "192.0.2.1",
    port: 0,
    bufferBytes: 100,
    codePoint: 0,
    receiver: {
      onDatagram: (bytes, start, end) => {
        const text = bytes.toString("latin1", start, end);
        received.push(text);
        onText(text);
      },
    },
  });
  return {
    kernel,
    port,
    received,
    failures,
    onFailure: ({ code, text }) => failures.push(`${code}: ${text}`),
  };
}

const alphabet = Array.from({ length: batchSize }, (_, index) => String.fromCharCode(97 + index)).join("");

test("what is there is read, two full batches a turn at most", () => {
  const { kernel, received, port } = opened();
  assert.deepEqual([port.localPort, port.receiveBufferBytes, port.sendBufferBytes], [5060, 200, 300]);
  kernel.arrivals.push(2, 5);
  kernel.onEvent(true, false);
  assert.equal(received.splice(0).join(""), "ab");
  kernel.arrivals.splice(0);
  kernel.arrivals.push(batchSize, batchSize, batchSize);
  kernel.onEvent(true, false);
  assert.equal(received.splice(0).join(""), alphabet + alphabet);
  kernel.onEvent(true, false);
  assert.equal(received.splice(0).join(""), alphabet);
});

test("what the receiver throws is the process's, and the next datagram is taken all the same", async () => {
  const { kernel, received } = opened((text) => {
    if (text === "a") throw new Error("fault of the receiver");
  });
  const thrown = Promise.withResolvers<unknown>();
  process.setUncaughtExceptionCaptureCallback(thrown.resolve);
  kernel.arrivals.push(2);
  kernel.onEvent(true, false);
  assert.equal(received.join(""), "ab");
  assert.match(String(await thrown.promise), /fault of the receiver/);
  process.setUncaughtExceptionCaptureCallback(null);
});

test("a socket that is closed while it reads takes nothing more", async () => {
  const { kernel, received, port } = opened((text) => {
    if (text === "b") void port.close();
  });
  kernel.arrivals.push(batchSize, 3);
  kernel.onEvent(true, false);
  assert.equal(received.join(""), "ab");
  await immediate();
  assert.deepEqual(kernel.log, ["unwatch", "close 7"]);
});

test("a full send buffer: datagrams wait, in order, until it can be written to", () => {
  const { kernel, port, failures, onFailure } = opened();
  kernel.answers.push(-11);
  port.send("one", "192.0.2.2", 1, onFailure);
  port.send("three", "192.0.2.3", 3, onFailure);
  assert.equal(port.queuedBytes, 8);
  assert.deepEqual([kernel.sent, kernel.log], [[], ["writable true"]]);
  kernel.answers.push(3, -11);
  kernel.onEvent(false, true);
  assert.deepEqual([kernel.sent, port.queuedBytes], [["one to 192.0.2.2:1"], 5]);
  port.send("four", "192.0.2.2", 4, onFailure);
  kernel.onEvent(false, true);
  assert.deepEqual(
    [kernel.sent, port.queuedBytes],
    [["one to 192.0.2.2:1", "three to 192.0.2.3:3", "four to 192.0.2.2:4"], 0],
  );
  assert.deepEqual(kernel.log, ["writable true", "writable false"]);
  port.send("five", "192.0.2.2", 5, onFailure);
  assert.equal(kernel.sent.at(-1), "five to 192.0.2.2:5");
  assert.deepEqual(failures, []);
});

test("what the kernel refuses is told after the return, of those that waited too", async () => {
  const { kernel, port, failures, onFailure } = opened();
  kernel.answers.push(tooLarge);
  port.send("now", "192.0.2.2", 5060, onFailure);
  assert.deepEqual(failures, []);
  await immediate();
  assert.deepEqual(failures.splice(0), ["message-too-large: send EMSGSIZE 192.0.2.2:5060"]);
  kernel.answers.push(-11, outOfBuffers);
  port.send("waits", "192.0.2.3", 5061, onFailure);
  port.send("goes", "192.0.2.3", 5062, onFailure);
  kernel.onEvent(false, true);
  await immediate();
  assert.deepEqual(failures, ["send-failed: send ENOBUFS 192.0.2.3:5061"]);
  assert.deepEqual([kernel.sent, port.queuedBytes], [["goes to 192.0.2.3:5062"], 0]);
});

test("a text longer than any datagram never gets to the kernel; one that it might take does", async () => {
  const { kernel, port, failures, onFailure } = opened();
  port.send("x".repeat(maximumDatagramBytes), "192.0.2.2", 1, onFailure);
  assert.equal(kernel.sent.shift()?.length, maximumDatagramBytes + " to 192.0.2.2:1".length);
  port.send("x".repeat(maximumDatagramBytes + 1), "192.0.2.2", 1, onFailure);
  await immediate();
  assert.deepEqual(failures, ["message-too-large: send EMSGSIZE 192.0.2.2:1"]);
  assert.deepEqual(kernel.sent, []);
});

test("an address that cannot be had: the error is the system's", () => {
  const kernel = new KernelDouble();
  const options = { port: 5060, bufferBytes: 1, codePoint: 0, receiver: { onDatagram: () => {} } };
  kernel.bindResult = undefined;
  assert.throws(() => NativeDatagramPort.open(kernel, { ...options, localAddress: "localhost" }), {
    code: "EINVAL",
  });
  kernel.bindResult = "EADDRINUSE";
  assert.throws(() => NativeDatagramPort.open(kernel, { ...options, localAddress: "192.0.2.1" }), {
    code: "EADDRINUSE",
    message: "bind EADDRINUSE 192.0.2.1:5060",
  });
  assert.deepEqual(kernel.log, []);
});

test("a socket that the event loop does not take is not left open", () => {
  const kernel = new KernelDouble();
  kernel.watchResult = "ENOSPC";
  const options = {
    localAddress: "192.0.2.1",
    port: 0,
    bufferBytes: 1,
    codePoint: 0,
    receiver: { onDatagram: () => {} },
  };
  assert.throws(() => NativeDatagramPort.open(kernel, options), {
    code: "ENOSPC",
    message: "uv_poll_init ENOSPC 192.0.2.1:0",
  });
  assert.deepEqual(kernel.log, ["close 7"]);
});
