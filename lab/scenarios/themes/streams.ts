/** Bytes on TCP and TLS: in pieces, in heaps, too many, too few, and connections that come and go. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { Heard } from "../runner/heard.ts";
import { everyTransport, scenario, type Theme } from "../runner/scenario.ts";
import { StreamCutter } from "../runner/stream-cutter.ts";

const streams = { over: ["TCP", "TLS"] } as const;

export const onStreams: Theme = {
  name: "bytes on streams",
  network: "127.0.199",
  scenarios: [
    scenario("an INVITE byte by byte is an INVITE", streams, async (scene) => {
      const caller = scene.customer.dial();
      await caller.send("INVITE", { writing: { pieces: "bytes" } });
      const callee = await scene.carrier.incoming();
      callee.answer();
      await caller.answered();
      await callee.expect("ACK");
      await scene.hangUp({ caller, callee });
    }),

    ...[1, 7, 40, 300].map((size) =>
      scenario(`messages cut behind ${size} bytes come out whole`, streams, async (scene) => {
        const caller = scene.customer.dial();
        await caller.send("INVITE", { writing: { pieces: [size, size, 3] } });
        const callee = await scene.carrier.incoming();
        callee.answer();
        const answer = await caller.expect("200 INVITE");
        await callee.expect("ACK");
        await caller.ack(answer, { writing: { pieces: [size] } });
        await scene.hangUp({ caller, callee });
      }),
    ),

    scenario("ACK and BYE in one segment are both taken", streams, async (scene) => {
      const caller = scene.customer.dial();
      await caller.send("INVITE");
      const callee = await scene.carrier.incoming();
      callee.answer();
      const answer = await caller.expect("200 INVITE");
      await callee.expect("ACK");
      const ack = caller.request("ACK", { sequenceNumber: answer.sequenceNumber });
      await scene.customer.send(`${ack.text}${caller.request("BYE").text}`);
      await caller.expect("200 BYE");
      await callee.takeBye();
    }),

    scenario("five calls in one segment are five calls", streams, async (scene) => {
      const callers = Array.from({ length: 5 }, () => scene.customer.dial());
      await scene.customer.send(callers.map((caller) => caller.request("INVITE").text).join(""));
      for (const _ of callers) {
        const callee = await scene.carrier.incoming();
        callee.respond(486);
        await callee.expect("ACK");
      }
      for (const caller of callers) await caller.refused(486);
    }),

    scenario("an INVITE and its CANCEL in one segment", streams, async (scene) => {
      const caller = scene.customer.dial();
      const invite = caller.request("INVITE").text;
      const branch = /branch=([^;]*)/.exec(invite)?.[1] ?? "";
      const cancel = caller.request("CANCEL", { branch, sequenceNumber: 1, uri: scene.customer.dials });
      await scene.customer.send(`${invite}${cancel.text}`);
      const [, refusal] = await caller.expectAll("200 CANCEL", "487 INVITE");
      if (refusal !== undefined) await caller.ack(refusal);
      const callee = await scene.carrier.incoming();
      callee.respond(100);
      await callee.takeCancel();
    }),

    scenario("a double CRLF is answered with one, and messages go on", streams, async (scene) => {
      const { customer } = scene;
      await customer.send("\r\n\r\n");
      await customer.inbox.until(() => customer.pongs === 1, "no answer to the keep-alive");
      const probe = customer.dial();
      await probe.send("OPTIONS", { raw: (text) => `\r\n\r\n\r\n${text}\r\n` });
      await probe.expect("200 OPTIONS");
    }),

    scenario("a double CRLF in two segments is answered, too", streams, async ({ customer }) => {
      await customer.send("\r\n\r\n", { pieces: [1, 1, 1] });
      await customer.inbox.until(() => customer.pongs === 1, "no answer to the keep-alive");
    }),

    ...[
      ["no Content-Length", (text: string) => text.replace(/^Content-Length:.*\r\n/m, "")],
      [
        "a negative Content-Length",
        (text: string) => text.replace(/^Content-Length:.*$/m, "Content-Length: -1"),
      ],
      [
        "a Content-Length that is no number",
        (text: string) => text.replace(/^Content-Length:.*$/m, "Content-Length: ten"),
      ],
      [
        "two Content-Lengths that differ",
        (text: string) => text.replace(/^(Content-Length:.*)$/m, "Content-Length: 5\r\n$1"),
      ],
    ].map(([what, raw]) =>
      scenario(
        `${what as string}: 400, and the connection ends, for nobody knows where the message does`,
        streams,
        async ({ customer }) => {
          const caller = customer.dial();
          await caller.send("INVITE", { raw: raw as (text: string) => string });
          await caller.expect(400);
          await customer.closed();
        },
      ),
    ),

    scenario("a body beyond the limit: 513, and the connection ends", streams, async ({ customer }) => {
      const caller = customer.dial();
      await caller.send("INVITE", {
        raw: (text) => text.replace(/^Content-Length:.*$/m, "Content-Length: 9999999"),
      });
      await caller.expect(513);
      await customer.closed();
    }),

    scenario("a header that does not end: the connection ends at 64 KiB", streams, async ({ customer }) => {
      await customer.send(`INVITE sip:x SIP/2.0\r\nX: ${"x".repeat(70_000)}`).catch(() => undefined);
      await customer.closed();
    }),

    scenario("garbage ends the connection", streams, async ({ customer }) => {
      await customer.send("hello\r\n\r\n");
      await customer.closed();
    }),

    scenario(
      "a Content-Length that is too small leaves garbage behind it, which ends the connection, not the call",
      streams,
      async (scene) => {
        const caller = scene.customer.dial();
        await caller.send("INVITE");
        const callee = await scene.carrier.incoming();
        callee.respond(180);
        await caller.expect(180);
        await caller.send("INFO", {
          body: "0123456789\r\n\r\n",
          contentType: "text/plain",
          raw: (text) => text.replace(/^Content-Length:.*$/m, "Content-Length: 4"),
        });
        await scene.customer.closed();
        callee.answer({ to: callee.invite! });
        caller.ignoreRest();
        await callee.expect("ACK");
        await caller.answered();
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario(
      "a caller that closes its side behind the INVITE is answered by a connection to its Via",
      streams,
      async (scene) => {
        const caller = scene.customer.dial();
        await caller.send("INVITE");
        const callee = await scene.carrier.incoming();
        scene.customer.wire.dropConnections("end");
        await scene.customer.closed();
        await scene.pause(scene.t1Ms * 4);
        callee.respond(486);
        await callee.expect("ACK");
        await caller.refused(486);
      },
    ),

    scenario(
      "a TLS peer that vanishes in the middle of a message costs nobody else anything",
      streams,
      async (scene) => {
        const whole = scene.customer.dial().request("INVITE").text;
        await scene.customer.send(whole.slice(0, 200));
        scene.customer.wire.dropConnections("reset");
        await scene.customer.closed();
        await scene.hangUp(await scene.setUp());
      },
    ),

    scenario(
      "a peer that connects and says nothing is left alone, and its leaving too",
      streams,
      async (scene) => {
        await scene.customer.wire.connected();
        await scene.hangUp(await scene.setUp());
        scene.customer.wire.dropConnections("end");
      },
    ),

    scenario("ten connections of one customer carry ten calls", { over: ["TCP"] }, async (scene) => {
      for (let times = 0; times < 10; times += 1) {
        await scene.hangUp(await scene.setUp());
        scene.customer.wire.dropConnections("end");
        await scene.customer.closed(times + 1);
      }
    }),

    scenario(
      "an ACK that comes behind the BYE does not cost a customer its connection",
      { over: everyTransport },
      async (scene) => {
        const caller = scene.customer.dial();
        await caller.send("INVITE");
        const callee = await scene.carrier.incoming();
        callee.answer();
        const answer = await caller.expect("200 INVITE");
        await callee.expect("ACK");
        await caller.bye();
        await callee.takeBye();
        await caller.ack(answer);
        await scene.pause(scene.t1Ms * 4);
        assert.equal(scene.customer.closings, 0);
        await scene.hangUp(await scene.setUp());
        assert.equal(scene.customer.closings, 0);
      },
    ),

    scenario(
      "an INVITE above 1300 bytes for a UDP carrier goes by TCP, where that is taken",
      {},
      async (scene) => {
        const { address, port } = scene.carrier;
        const heard = Promise.withResolvers<Heard>();
        const server = createServer((socket) => {
          const cutter = new StreamCutter();
          socket.on("data", (chunk) => {
            for (const text of cutter.push(chunk.toString("latin1"))) {
              const one = new Heard(text, (reply) => socket.write(reply, "latin1"));
              if (one.method === "INVITE") heard.resolve(one);
              else if (one.method === "ACK") socket.end();
            }
          });
          socket.on("error", () => undefined);
        });
        await new Promise<void>((resolve) => server.listen(port, address, resolve));
        const caller = scene.customer.dial();
        await caller.send("INVITE", { headers: { "X-Long": "x".repeat(2000) } });
        const invite = await heard.promise;
        assert.match(invite.value("Via"), /^SIP\/2\.0\/TCP/);
        invite.reply(
          [
            "SIP/2.0 486 Busy Here",
            ...["Via", "From", "Call-ID", "CSeq"].map((name) => `${name}: ${invite.value(name)}`),
            `To: ${invite.value("To")};tag=t1`,
            "Content-Length: 0",
            "",
            "",
          ].join("\r\n"),
        );
        await caller.refused(486);
        await new Promise<void>((resolve) => server.close(() => resolve()));
      },
    ),

    scenario("an INVITE above 1300 bytes goes by UDP after all where TCP is refused", {}, async (scene) => {
      const caller = scene.customer.dial();
      await caller.send("INVITE", { headers: { "X-Long": "x".repeat(2000) } });
      const callee = await scene.carrier.incoming();
      assert.match(callee.invite!.value("Via"), /^SIP\/2\.0\/UDP/);
      callee.respond(486);
      await callee.expect("ACK");
      await caller.refused(486);
    }),
  ],
};
