/** RFC 3261 §18: the transport layer, with RFC 3581. */
import type { CoverageRow } from "../coverage-row.ts";

const interfaceSockets = "packages/sip/src/transport/interface-sockets.ts";
const udpTransportTest = "packages/sip/src/transport/udp-transport.test.ts";
const streamTransportTest = "packages/sip/src/transport/stream-transport.test.ts";
const streamConnection = "packages/sip/src/transport/stream-connection.ts";
const streamConnectionTest = "packages/sip/src/transport/stream-connection.test.ts";
const transportLimits = "packages/sip/src/transport/transport-limits.ts";
const transportLimitsTest = "packages/sip/src/transport/transport-limits.test.ts";
const datagramThresholdTest = "packages/sip/src/transport/datagram-threshold.test.ts";
const viaRewrite = "packages/sip/src/transport/via-rewrite.ts";
const viaRewriteTest = "packages/sip/src/transport/via-rewrite.test.ts";
const transportLayer = "packages/sip/src/transport/transport-layer.ts";
const topVia = "packages/sip/src/transaction/top-via.ts";
const transactionLayerTest = "packages/sip/src/transaction/transaction-layer.test.ts";
const connectionPool = "packages/sip/src/transport/connection-pool.ts";
const transactionLayer = "packages/sip/src/transaction/transaction-layer.ts";
const createResponse = "packages/sip/src/message/create-response.ts";
const createResponseTest = "packages/sip/src/message/create-response.test.ts";
const responseDestination = "packages/sip/src/transport/response-destination.ts";
const responseDestinationTest = "packages/sip/src/transport/response-destination.test.ts";
const transportTopVia = "packages/sip/src/transport/top-via.ts";
const parseMessage = "packages/sip/src/message/parse-message.ts";
const parseMessageTest = "packages/sip/src/message/parse-message.test.ts";
const validateRequestTest = "packages/sip/src/message/validate-request.test.ts";
const validateResponse = "packages/sip/src/message/validate-response.ts";
const validateResponseTest = "packages/sip/src/message/validate-response.test.ts";
const streamFramer = "packages/sip/src/message/stream-framer.ts";
const streamFramerTest = "packages/sip/src/message/stream-framer.test.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "18",
    level: "MUST",
    sentence: "All SIP elements MUST implement UDP.",
    code: interfaceSockets,
    line: "return this.udp;",
    breaks: "return undefined;",
    test: udpTransportTest,
    name: "every byte comes through as one character, with a flow that leads back",
  },
  {
    section: "18",
    level: "MUST",
    sentence: "All SIP elements MUST implement TCP.",
    code: interfaceSockets,
    line: 'return protocol === "TCP" ? this.tcp : this.tls;',
    breaks: 'return protocol === "TLS" ? this.tls : undefined;',
    test: streamTransportTest,
    name: "requests to one target share a connection, also while it is being made; responses come back on it",
  },
  {
    section: "18",
    level: "RECOMMENDED",
    sentence:
      "Connections are kept open for some implementation-defined duration after the last message was sent or received over them.",
    code: streamConnection,
    line: 'if (remainingMs <= 0) return this.close("idle");',
    breaks: 'return this.close("idle");',
    test: streamConnectionTest,
    name: "a received message puts off the end of an idle connection",
  },
  {
    section: "18",
    level: "SHOULD",
    sentence:
      "This duration SHOULD at least equal the longest amount of time the element would need to bring a transaction from instantiation to terminated.",
    code: transportLimits,
    line: "idleTimeoutMs: 1_800_000,",
    breaks: "idleTimeoutMs: 18_000,",
    test: transportLimitsTest,
    name: "defaults of a gateway",
  },
  {
    section: "18.1.1",
    level: "MUST",
    sentence:
      "A request that is larger than 1300 bytes, where the path MTU is unknown, MUST be sent by a congestion controlled transport such as TCP.",
    code: transportLimits,
    line: "datagramThresholdBytes: 1300,",
    breaks: "datagramThresholdBytes: 1400,",
    test: datagramThresholdTest,
    name: "1300 bytes go by UDP, 1301 by TCP with the topmost Via rewritten (RFC 3261 §18.1.1)",
  },
  {
    section: "18.1.1",
    level: "MUST",
    sentence:
      "If this causes a change in the transport protocol from the one indicated in the top Via, the value in the top Via MUST be changed.",
    code: viaRewrite,
    line: "    protocol +",
    breaks: "    text.slice(via.protocolStart, via.protocolEnd) +",
    test: viaRewriteTest,
    name: "transport and sent-by of the topmost Via change, all else stays",
  },
  {
    section: "18.1.1",
    level: "SHOULD",
    sentence:
      "If an element sends a request over TCP because of its size, and the attempt to establish the connection is refused, the element SHOULD retry the request using UDP.",
    code: transportLayer,
    line: "if (flow?.hasBeenOpen === true) return onFailure(failure);",
    breaks: "if (flow !== undefined) return onFailure(failure);",
    test: datagramThresholdTest,
    name: "TCP refused: UDP after all, unchanged, and no failure; the refusal is remembered for its time",
  },
  {
    section: "18.1.1",
    level: "MUST",
    sentence:
      "Before a request is sent, the client transport MUST insert a value of the sent-by field into the Via: an address or name, and port.",
    code: topVia,
    line: "${sentBy.host}:${sentBy.port}",
    breaks: "${sentBy.host}",
    test: transactionLayerTest,
    name: "send puts our Via on top, with a new branch each time, and Max-Forwards below",
  },
  {
    section: "18.1.1",
    level: "rule",
    sentence: "The Via names the transport that is used to send the request.",
    code: topVia,
    line: "SIP/2.0/${protocol} ",
    breaks: "SIP/2.0/UDP ",
    test: transactionLayerTest,
    name: "the Via names the transport; only UDP asks for rport (RFC 3581)",
  },
  {
    section: "18.1.1",
    level: "MUST",
    sentence:
      "The client transport MUST be prepared to receive the response on the same connection used to send the request.",
    code: streamConnection,
    line: "return this.#owner.receiver().onMessage(event.text, this);",
    breaks: "if (!this.isOutgoing) this.#owner.receiver().onMessage(event.text, this);\n        return;",
    test: streamTransportTest,
    name: "requests to one target share a connection, also while it is being made; responses come back on it",
  },
  {
    section: "18.1.1",
    level: "SHOULD",
    sentence:
      "Existing connections to the destination are reused, so that a request does not open one of its own.",
    code: connectionPool,
    line: "this.#outgoing.set(key, connection);",
    breaks: "this.#outgoing.set(connection.id, connection);",
    test: streamTransportTest,
    name: "requests to one target share a connection, also while it is being made; responses come back on it",
  },
  {
    section: "18.1.1",
    level: "MUST",
    sentence:
      "The transport MUST also be prepared to receive an incoming connection on the source address and the port of the sent-by.",
    code: interfaceSockets,
    line: 'protocol === "TCP" ? this.tcp?.port :',
    breaks: 'protocol === "TCP" ? 5060 :',
    test: streamTransportTest,
    name: "the port of the sent-by takes connections: a response may come on one of its own (RFC 3261 §18.1.1)",
  },
  {
    section: "18.1.2",
    level: "MUST",
    sentence:
      "If the value of the sent-by parameter in the Via does not correspond to a value that the client transport is configured to insert into requests, the response MUST be silently discarded (host).",
    code: transactionLayer,
    line: "via.value.host !== sentBy.host.toLowerCase()",
    breaks: 'via.value.host === ""',
    test: transactionLayerTest,
    name: "a response whose topmost Via does not name us is dropped (RFC 3261 §18.1.2), port and host alike",
  },
  {
    section: "18.1.2",
    level: "MUST",
    sentence: "A response with another port than ours in the sent-by MUST be silently discarded as well.",
    code: transactionLayer,
    line: "=== sentBy.port;",
    breaks: "> 0;",
    test: transactionLayerTest,
    name: "a response whose topmost Via does not name us is dropped (RFC 3261 §18.1.2), port and host alike",
  },
  {
    section: "18.1.2",
    level: "MUST",
    sentence:
      "If there is no match to a client transaction, the response to an INVITE MUST be passed to the core.",
    code: transactionLayer,
    line: "this.#user.onStrayResponse(response, flow);",
    breaks: "",
    test: transactionLayerTest,
    name: "stray responses: to INVITE they go to the TU, to others they are dropped (RFC 4320 §4.2)",
  },
  {
    section: "18.2.1",
    level: "MUST",
    sentence:
      'If the host portion of the sent-by differs from the packet source address, the server MUST add a "received" parameter to that Via.',
    code: createResponse,
    line: "isAsked || withoutBrackets(via.host) !== address.toLowerCase()",
    breaks: "isAsked",
    test: createResponseTest,
    name: "topmost Via: another address is noted",
  },
  {
    section: "18.2.1",
    level: "MUST",
    sentence: 'The server MUST add "received" if the sent-by contains a domain name.',
    code: createResponse,
    line: "withoutBrackets(via.host) !== address.toLowerCase()",
    breaks: "(/^[\\d.:a-f[\\]]+$/.test(via.host) && withoutBrackets(via.host) !== address.toLowerCase())",
    test: createResponseTest,
    name: "topmost Via: a name is noted",
  },
  {
    section: "18.2.1",
    level: "MUST",
    sentence: 'The "received" parameter MUST contain the source address from which the packet was received.',
    code: createResponse,
    line: ";received=${address}",
    breaks: ";received=${withoutBrackets(via.host)}",
    test: createResponseTest,
    name: "topmost Via: another address is noted",
  },
  {
    section: "18.2.2",
    level: "MUST",
    sentence:
      "If the sent-protocol is a reliable transport, the response MUST be sent using the existing connection to the source of the original request, if that connection is still open.",
    code: transportLayer,
    line: "if (flow instanceof StreamConnection && flow.isOpen) {",
    breaks: "if (flow instanceof StreamConnection && !flow.isOpen) {",
    test: streamTransportTest,
    name: "requests to one target share a connection, also while it is being made; responses come back on it",
  },
  {
    section: "18.2.2",
    level: "SHOULD",
    sentence:
      'If that connection is no longer open, the server SHOULD open a connection to the address in "received", using the port in the sent-by.',
    code: responseDestination,
    line: "address: flow.remoteAddress,",
    breaks: "address: flow.localAddress,",
    test: responseDestinationTest,
    name: "a response on a lost TCP connection goes to the source address and the sent-by port",
  },
  {
    section: "18.2.2",
    level: "rule",
    sentence: "That connection goes to the default port for that transport, if no port is specified.",
    code: transportTopVia,
    line: "(portColon < via.sentByStart || portColon < bracket) return defaultPort(protocol);",
    breaks: '(portColon < via.sentByStart || portColon < bracket) return defaultPort("TCP");',
    test: responseDestinationTest,
    name: "a response on a lost TLS connection goes to 5061, verified by the name of the sent-by",
  },
  {
    section: "18.2.2",
    level: "MUST",
    sentence:
      'Over an unreliable unicast transport, the response MUST be sent to the address in "received", using the port indicated in the sent-by.',
    code: responseDestination,
    line: 'const port = sentByPort(text, via, "UDP");',
    breaks: "const port = flow.remotePort;",
    test: responseDestinationTest,
    name: "UDP response, no rport: the sent-by port (RFC 3261 §18.2.2)",
  },
  {
    section: "18.2.2",
    level: "rule",
    sentence: "Port 5060 is used if none is specified explicitly.",
    code: transportTopVia,
    line: 'protocol === "TLS" ? 5061 : 5060',
    breaks: 'protocol === "TLS" ? 5061 : 5061',
    test: responseDestinationTest,
    name: "UDP response, no rport, no port: 5060",
  },
  {
    section: "18.2.2",
    level: "MUST",
    sentence:
      "If the Via contains a maddr parameter, the response MUST be forwarded to the address listed there.",
    deviation:
      "The response goes to the address that the request came from. Obeying maddr would let anybody who can write one datagram aim our responses at somebody else; no carrier or PBX behind a trunk uses multicast.",
  },
  {
    section: "18.3",
    level: "MUST",
    sentence:
      "In a datagram, additional bytes beyond the end of the body that Content-Length announces MUST be discarded.",
    code: parseMessage,
    line: "return length > available ? text.length : index.bodyStart + length;",
    breaks: "return text.length;",
    test: parseMessageTest,
    name: "Content-Length in a datagram: shorter than the rest",
  },
  {
    section: "18.3",
    level: "SHOULD",
    sentence:
      "If the datagram ends before the end of the message body, this is an error: a request SHOULD be answered with 400.",
    code: parseMessage,
    line: "if (length > available) index.note(longerThanDatagram);",
    breaks: "",
    test: validateRequestTest,
    name: "validating a request: Content-Length too large",
  },
  {
    section: "18.3",
    level: "MUST",
    sentence: "If the message that ends before its body does is a response, it MUST be discarded.",
    code: validateResponse,
    line: "if (response.syntaxFault !== undefined) return response.syntaxFault;",
    breaks: "",
    test: validateResponseTest,
    name: "validating a response: Content-Length too large",
  },
  {
    section: "18.3",
    level: "rule",
    sentence:
      "If a datagram has no Content-Length, the message body is assumed to end at the end of the transport packet.",
    code: parseMessage,
    line: "if (length === undefined) return text.length;",
    breaks: "if (length === undefined) return index.bodyStart;",
    test: parseMessageTest,
    name: "Content-Length in a datagram: missing",
  },
  {
    section: "18.3",
    level: "MUST",
    sentence:
      "In the case of stream-oriented transports, Content-Length indicates the size of the body and MUST be used.",
    code: streamFramer,
    line: "this.messageBytes = headerBytes + contentLength.value;",
    breaks: "this.messageBytes = this.end - this.start;",
    test: streamFramerTest,
    name: "stream: messages back to back",
  },
  {
    section: "18.3",
    level: "rule",
    sentence: "Without Content-Length a stream can not be cut into messages.",
    code: streamFramer,
    line: "else if (contentLength.value === undefined) this.fail(lengthMissing, header);",
    breaks: "else if (contentLength.value === undefined) this.messageBytes = headerBytes;",
    test: streamFramerTest,
    name: "stream: no Content-Length",
  },
  {
    section: "18.4",
    level: "SHOULD",
    sentence:
      "If a request is to be sent over a reliable transport, and the result is a connection failure, the transport layer SHOULD inform the transport user.",
    code: streamConnection,
    line: "for (const message of waiting) failLater(message.onFailure, why, text);",
    breaks: "",
    test: streamTransportTest,
    name: "nobody listens: connection-refused, once per message, and the connection is forgotten",
  },
  {
    section: "18.4",
    level: "SHOULD",
    sentence:
      "Host, network, port or protocol unreachable errors SHOULD cause the transport layer to inform the transport user of a failure in sending.",
    deviation:
      "Over TCP and TLS they do. Over UDP the kernel tells ICMP errors to connected sockets only, and one socket serves all peers: a peer that is not there is found by the transaction's timer.",
  },
  {
    rfc: 3581,
    section: "3",
    level: "MUST",
    sentence:
      "A client that supports the extension MUST insert an rport parameter without a value into the top Via of UDP requests.",
    code: topVia,
    line: 'protocol === "UDP" ? ";rport" : ""',
    breaks: 'protocol === "TCP" ? ";rport" : ""',
    test: transactionLayerTest,
    name: "send puts our Via on top, with a new branch each time, and Max-Forwards below",
  },
  {
    rfc: 3581,
    section: "4",
    level: "MUST",
    sentence:
      "When a server receives a request whose top Via has an rport without a value, it MUST set the value to the source port of the request.",
    code: createResponse,
    line: "withoutSource(via, isAsked ? source.port : undefined",
    breaks: "withoutSource(via, isAsked ? 5060 : undefined",
    test: createResponseTest,
    name: "topmost Via: rport is filled, and received added even for the same address (RFC 3581 §4)",
  },
  {
    rfc: 3581,
    section: "4",
    level: "MUST",
    sentence:
      'The server MUST also insert a "received" parameter with the source address, even if it is identical to the sent-by.',
    code: createResponse,
    line: "const isNeeded = isAsked || ",
    breaks: "const isNeeded = ",
    test: createResponseTest,
    name: "topmost Via: rport is filled, and received added even for the same address (RFC 3581 §4)",
  },
  {
    rfc: 3581,
    section: "4",
    level: "MUST",
    sentence: 'The response MUST be sent to the address in "received" and the port in "rport".',
    code: responseDestination,
    line: "|| wantsSymmetricResponse(text, via)",
    breaks: "",
    test: responseDestinationTest,
    name: "UDP response, rport: the source port (RFC 3581 §4)",
  },
  {
    rfc: 3581,
    section: "4",
    level: "rule",
    sentence: "An rport that has a value already is not ours to fill.",
    code: createResponse,
    line: "const isAsked = via.rport === true;",
    breaks: "const isAsked = via.rport !== undefined;",
    test: createResponseTest,
    name: "topmost Via: an rport with a value is left alone",
  },
];
