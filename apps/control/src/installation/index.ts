/** The one installation of a database: its birth, its key, its names, its topology, its signing keys, its line pool. */
export { bootstrapInstallation, type OperatorCredentials } from "./bootstrap-installation.ts";
export { changeLinePool } from "./change-line-pool.ts";
export { changeNames } from "./change-names.ts";
export { followTopology, type TopologyChoice } from "./follow-topology.ts";
export { checkKey } from "./key-check.ts";
export { KeyRotation } from "./key-rotation.ts";
export { rotateDueBackboneKeys } from "./rotate-backbone-keys.ts";
export { rotateDueNonceKeys } from "./rotate-nonce-keys.ts";
export { readTopologyFile, shippedTopologyFile } from "./topology-file.ts";
