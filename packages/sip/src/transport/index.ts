/** SIP transport: UDP, TCP and TLS sockets, flows, and the connection pool (RFC 3261 §18, RFC 3581, RFC 5626 keep-alives). */
export type { Flow, TransportProtocol } from "./flow.ts";
export { deafReceiver, type MessageReceiver } from "./message-receiver.ts";
export type { MessageSink } from "./message-sink.ts";
export type { SendFailure, Target } from "./target.ts";
export type { TlsKeyPair, TlsOptions, TlsServerCertificate } from "./tls-options.ts";
export type { TransportInterface } from "./transport-interface.ts";
export { type TransportCounts, TransportLayer, type TransportLayerOptions } from "./transport-layer.ts";
export { defaultTransportLimits, type TransportLimits } from "./transport-limits.ts";
