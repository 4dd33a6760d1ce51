import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { messageLimits } from "../message/index.ts";
import { StreamConnection, type StreamOwner } from "./stream-connection.ts";
import type { SendFailure } from "./target.ts";
import { FakeSocket } from "./testing/fake-socket.ts";
import { defaultTransportLimits, type TransportLimits } from "./transport-limits.ts";

const limits: TransportLimits = {
  ...defaultTransportLimits,
  maximumBufferedBytes: 100,
  connectTimeoutMs: 4000,
  handshakeTimeoutMs: 5000,
  firstMessageTimeoutMs: 30_000,
  unfinishedMessageTimeoutMs: 10_000,
  lastWordsTimeoutMs: 1000,
  idleTimeoutMs: 1_800_000,
  pingIntervalMs: 30_000,
  pongTimeoutMs: 10_000,
};

const message = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 2\r\n\r\nhi";

class Setup implements StreamOwner {
  readonly clock = new HandClock();
  readonly limits = limits;
  readonly socket = new FakeSocket();
  readonly connection: StreamConnection;
  /** What the layer above and the pool heard, in order. */
  readonly heard: string[] = [];
  readonly failures: SendFailure[] = [];
  readonly onFailure = (failure: SendFailure): void => {
    this.failures.push(failure);
  };

  constructor(protocol: "TCP" | "TLS", isOutgoing: boolean) {
    this.connection = new StreamConnection({
      owner: this,
      socket: this.socket.asSocket(),
      id: "tcp:1",
      interfaceName: "customers",
      connection: undefined,
      protocol,
      isOutgoing,
      mayBeReused: false,
      localAddress: "192.0.2.1",
      remoteAddress: "198.51.100.7",
      remotePort: 40000,
      connectTimeoutMs: limits.connectTimeoutMs,
    });
  }

  receiver() {
    return {
      onMessage: (text: string): void => {
        this.heard.push(text);
      },
      onFlowClosed: (_flow: unknown, why: string): void => {
        this.heard.push(`flow closed: ${why}`);
      },
      onGarbage: (_flow: unknown, error: { code: string }, headerText: string | undefined): void => {
        this.heard.push(`garbage: ${error.code} ${headerText ?? ""}`);
      },
    };
  }
  onMessage(): void {}
  onClosed(): void {
    this.heard.push("closed");
  }
  onSocketGone(): void {
    this.heard.push("socket gone");
  }
}

function accepted(): Setup {
  return new Setup("TCP", false);
}

function connected(): Setup {
  const setup = new Setup("TCP", true);
  setup.socket.emit("connect");
  return setup;
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("an accepted TCP connection is open at once and knows its ends", () => {
  const { connection, socket } = accepted();
  assert.equal(connection.state, "open");
  assert.equal(socket.hasNoDelay, true);
  assert.deepEqual(
    [
      connection.isReliable,
      connection.isSecure,
      connection.isOpen,
      connection.localAddress,
      connection.localPort,
    ],
    [true, false, true, "192.0.2.1", 5060],
  );
});

test("messages come out whole, whatever the chunks; a double CRLF gets a single one", () => {
  const { socket, heard } = accepted();
  socket.receive(message.slice(0, 10));
  assert.deepEqual(heard, []);
  socket.receive(`${message.slice(10)}\r\n\r\n${message}`);
  assert.deepEqual(heard, [message, message]);
  assert.equal(socket.takeWritten(), "\r\n");
});

test("outgoing: what is sent before the connection waits and goes in order", async () => {
  const { socket, connection, failures, onFailure } = new Setup("TCP", true);
  assert.equal(connection.state, "connecting");
  assert.equal(connection.isOpen, true);
  connection.send("one", onFailure);
  connection.send("tw\xf6", onFailure);
  assert.equal(socket.takeWritten(), "");
  socket.emit("connect");
  assert.equal(connection.state, "open");
  assert.equal(connection.hasBeenOpen, true);
  assert.equal(socket.takeWritten(), "onetw\xf6");
  connection.send("three", onFailure);
  assert.equal(socket.takeWritten(), "three");
  await turn();
  assert.deepEqual(failures, []);
});

test("outgoing TLS: nothing is sent before the handshake is done", () => {
  const { socket, connection, onFailure } = new Setup("TLS", true);
  connection.send("one", onFailure);
  socket.emit("connect");
  assert.equal(connection.state, "handshaking");
  assert.equal(socket.takeWritten(), "");
  socket.emit("secureConnect");
  assert.equal(connection.state, "open");
  assert.equal(connection.isSecure, true);
  assert.equal(socket.takeWritten(), "one");
});

const deadlines: [state: string, setUp: () => Setup, ms: number, why: string][] = [
  ["connecting", () => new Setup("TCP", true), 4000, "connect-timeout"],
  ["an accepted TLS handshake", () => new Setup("TLS", false), 5000, "handshake-timeout"],
  [
    "an outgoing TLS handshake",
    () => {
      const setup = new Setup("TLS", true);
      setup.clock.advance(3999);
      setup.socket.emit("connect");
      return setup;
    },
    5000,
    "handshake-timeout",
  ],
  ["waiting for the first message", accepted, 30_000, "no-first-message"],
  [
    "an unfinished first message",
    () => {
      const setup = accepted();
      setup.clock.advance(29_999);
      setup.socket.receive("I");
      return setup;
    },
    10_000,
    "unfinished-message",
  ],
  [
    "an unfinished message behind a whole one",
    () => {
      const setup = accepted();
      setup.socket.receive(`${message}I`);
      setup.heard.length = 0;
      return setup;
    },
    10_000,
    "unfinished-message",
  ],
  [
    "an unfinished message on an outgoing connection",
    () => {
      const setup = connected();
      setup.socket.receive("S");
      return setup;
    },
    10_000,
    "unfinished-message",
  ],
];
for (const [state, setUp, ms, why] of deadlines) {
  test(`${state} may take ${ms} ms, not longer`, async () => {
    const { clock, connection, socket, heard, failures, onFailure } = setUp();
    const hasBeenOpen = connection.hasBeenOpen;
    if (!hasBeenOpen) connection.send("waiting", onFailure);
    clock.advance(ms - 1);
    assert.notEqual(connection.state, "closed");
    clock.advance(1);
    assert.equal(connection.state, "closed");
    assert.equal(connection.isOpen, false);
    assert.deepEqual(heard, hasBeenOpen ? ["closed", `flow closed: ${why}`] : ["closed"]);
    assert.equal(socket.destroyed, true);
    assert.equal(clock.pendingTimers, 0);
    await turn();
    assert.deepEqual(
      failures.map(({ code }) => code),
      hasBeenOpen ? [] : [why],
    );
    assert.equal(heard.at(-1), "socket gone");
  });
}

test("bytes that drip do not put off the end of an unfinished message", () => {
  const { clock, connection, socket } = accepted();
  for (let second = 0; second < 9; second++) {
    socket.receive("I");
    clock.advance(1000);
  }
  socket.receive("I");
  clock.advance(999);
  assert.equal(connection.state, "open");
  clock.advance(1);
  assert.equal(connection.state, "closed");
});

test("a finished message gives the next one its whole time; none unfinished, no deadline", () => {
  const { clock, connection, socket } = accepted();
  socket.receive(message.slice(0, 5));
  clock.advance(9000);
  socket.receive(`${message.slice(5)}I`);
  clock.advance(9999);
  assert.equal(connection.state, "open");
  socket.receive(message.slice(0, 0));
  clock.advance(1);
  assert.equal(connection.state, "closed");

  const whole = accepted();
  whole.socket.receive(message.slice(0, 5));
  whole.socket.receive(message.slice(5));
  whole.clock.advance(60_000);
  assert.equal(whole.connection.state, "open");
});

test("a keep-alive counts as the first message; one split in two is no unfinished message", () => {
  const { clock, connection, socket } = accepted();
  socket.receive("\r\n");
  socket.receive("\r\n");
  assert.equal(socket.takeWritten(), "\r\n");
  clock.advance(60_000);
  assert.equal(connection.state, "open");
});

const lives: [what: string, live: (setup: Setup) => void, doesLive: boolean][] = [
  ["a received message", ({ socket }) => socket.receive(message), true],
  ["a received ping", ({ socket }) => socket.receive("\r\n\r\n"), true],
  ["a sent message", ({ connection, onFailure }) => connection.send("x", onFailure), true],
  ["a pong", ({ socket }) => socket.receive("\r\n"), false],
];
for (const [what, live, doesLive] of lives) {
  test(`${what} ${doesLive ? "puts off" : "does not put off"} the end of an idle connection`, () => {
    const setup = accepted();
    setup.socket.receive(message);
    setup.clock.advance(1_000_000);
    live(setup);
    setup.clock.advance(799_999);
    assert.equal(setup.connection.state, "open");
    setup.clock.advance(1);
    assert.equal(setup.connection.state, doesLive ? "open" : "closed");
    setup.clock.advance(999_999);
    assert.equal(setup.connection.state, doesLive ? "open" : "closed");
    setup.clock.advance(1);
    assert.equal(setup.connection.state, "closed");
    assert.equal(setup.heard.at(-1), "flow closed: idle");
    assert.equal(setup.socket.wasDestroyedSoon, true);
    assert.equal(setup.clock.pendingTimers, 0);
  });
}

test("an outgoing connection pings, idles out all the same, and closes when pongs cease", () => {
  const silent = connected();
  silent.clock.advance(30_000);
  assert.equal(silent.socket.takeWritten(), "\r\n\r\n");
  silent.clock.advance(1_769_999);
  assert.equal(silent.connection.state, "open");
  silent.clock.advance(1);
  assert.equal(silent.connection.state, "closed");

  const pongs = connected();
  pongs.clock.advance(30_000);
  pongs.socket.receive("\r\n");
  pongs.clock.advance(30_000);
  pongs.clock.advance(9999);
  assert.equal(pongs.connection.state, "open");
  pongs.clock.advance(1);
  assert.deepEqual(pongs.heard, ["closed", "flow closed: no-pong"]);
  assert.equal(pongs.clock.pendingTimers, 0);
});

test("accepted connections are not pinged", () => {
  const { clock, socket } = accepted();
  socket.receive(message);
  clock.advance(600_000);
  assert.equal(socket.takeWritten(), "");
});

test("a peer that does not read: 100 bytes may wait, 101 close the connection", async () => {
  const { socket, connection, heard, failures, onFailure } = accepted();
  socket.isStuck = true;
  assert.equal(connection.send("x".repeat(60), onFailure), true);
  assert.equal(connection.send("x".repeat(40), onFailure), true);
  assert.equal(connection.state, "open");
  assert.equal(connection.send("x", onFailure), false);
  assert.deepEqual(heard, ["closed", "flow closed: slow-reader"]);
  assert.equal(socket.wasDestroyedSoon, false);
  assert.equal(socket.destroyed, true);
  assert.deepEqual(failures, []);
  await turn();
  assert.deepEqual(
    failures.map(({ code }) => code),
    ["slow-reader", "slow-reader", "slow-reader"],
  );
});

test("pongs to a peer that does not read count too", () => {
  const { socket, connection, onFailure } = accepted();
  socket.isStuck = true;
  connection.send("x".repeat(98), onFailure);
  socket.receive("\r\n\r\n");
  assert.equal(connection.state, "open");
  socket.receive("\r\n\r\n");
  assert.equal(connection.state, "closed");
});

test("before the connection 100 bytes may wait; more fail alone", async () => {
  const { socket, connection, failures, onFailure } = new Setup("TCP", true);
  assert.equal(connection.send("x".repeat(100), onFailure), true);
  assert.equal(connection.send("y", onFailure), false);
  await turn();
  assert.deepEqual(
    failures.map(({ code }) => code),
    ["send-queue-full"],
  );
  socket.emit("connect");
  assert.equal(socket.takeWritten(), "x".repeat(100));
});

test("garbage is told with the header at fault, may be answered, and ends the connection", () => {
  const setup = accepted();
  const header = "INVITE sip:a SIP/2.0\r\nTo: b\r\n\r\n";
  setup.socket.receive(`${message}${header}${message}`);
  assert.deepEqual(setup.heard, [
    message,
    `garbage: content-length-missing ${header}`,
    "closed",
    "flow closed: content-length-missing",
  ]);
  assert.equal(setup.socket.wasDestroyedSoon, true);
});

for (const how of ["in time", "never"] as const) {
  test(`the refusal of garbage leaves before the connection ends, to a peer that reads ${how}`, async () => {
    const setup = accepted();
    const receiver = setup.receiver();
    setup.receiver = () => ({
      ...receiver,
      onGarbage: () => setup.connection.send("refused", setup.onFailure),
    });
    setup.socket.isStuck = true;
    setup.socket.receive("INVITE sip:a SIP/2.0\r\nTo: b\r\n\r\n");
    assert.deepEqual(setup.heard, ["closed", "flow closed: content-length-missing"]);
    assert.equal(setup.socket.destroyed, false);
    if (how === "in time") setup.socket.takeStuck();
    else {
      setup.clock.advance(999);
      await turn();
      assert.equal(setup.socket.destroyed, false);
      setup.clock.advance(1);
    }
    await turn();
    assert.equal(setup.socket.destroyed, true);
    assert.deepEqual(setup.failures.length, how === "in time" ? 0 : 1);
    await turn();
    assert.equal(setup.clock.pendingTimers, 0);
  });
}

test("the limits of the framer are those of messages", () => {
  const fits = accepted();
  const head = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\nX: ";
  const padding = messageLimits.maximumHeaderBytes - head.length - 4;
  fits.socket.receive(`${head}${"x".repeat(padding)}\r\n\r\n`);
  assert.equal(fits.heard.length, 1);
  assert.equal(fits.connection.state, "open");
  const tooLong = accepted();
  tooLong.socket.receive(`${head}${"x".repeat(padding + 1)}\r\n\r\n`);
  assert.equal(tooLong.heard.at(-1), "flow closed: header-too-large");
});

test("a receiver that closes the flow gets no more of the chunk", () => {
  const setup = accepted();
  const receiver = setup.receiver();
  setup.receiver = () => ({
    ...receiver,
    onMessage: (text) => {
      receiver.onMessage(text);
      setup.connection.close("asked");
    },
  });
  setup.socket.receive(`${message}${message}`);
  assert.deepEqual(setup.heard, [message, "closed", "flow closed: asked"]);
});

test("an error of the socket closes with its code and is told to what waits", async () => {
  const { socket, connection, heard, failures, onFailure } = new Setup("TCP", true);
  connection.send("one", onFailure);
  socket.destroy(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
  await turn();
  assert.deepEqual(heard, ["closed", "socket gone"]);
  await turn();
  assert.deepEqual(failures, [{ code: "connection-refused", text: "connect ECONNREFUSED" }]);
});

test("an odd error in the handshake is a failed handshake, later a failed connection", async () => {
  const handshaking = new Setup("TLS", true);
  handshaking.socket.emit("connect");
  handshaking.connection.send("one", handshaking.onFailure);
  handshaking.socket.destroy(new Error("alert 40"));
  const open = accepted();
  open.socket.destroy(new Error("odd"));
  await turn();
  await turn();
  assert.deepEqual(handshaking.failures, [{ code: "tls-handshake-failed", text: "alert 40" }]);
  assert.deepEqual(open.heard, ["closed", "flow closed: connection-failed", "socket gone"]);
});

test("the peer's end closes; closing again does nothing; sending afterwards fails", async () => {
  const { socket, connection, heard, failures, onFailure } = accepted();
  socket.emit("end");
  connection.close("again");
  assert.deepEqual(heard, ["closed", "flow closed: closed-by-peer"]);
  assert.equal(connection.send("late", onFailure), false);
  socket.receive(message);
  await turn();
  assert.deepEqual(failures, [{ code: "closed", text: "the connection is closed" }]);
  assert.deepEqual(heard, ["closed", "flow closed: closed-by-peer", "socket gone"]);
});

test("a connection that comes too late stays closed", () => {
  for (const event of ["connect", "secureConnect"]) {
    const { clock, connection, socket } = new Setup("TLS", true);
    clock.advance(4000);
    socket.emit(event);
    assert.equal(connection.state, "closed");
    assert.equal(clock.pendingTimers, 0);
  }
});
