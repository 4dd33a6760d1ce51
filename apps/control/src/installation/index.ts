/** The one installation of a database: its birth, its key, its names, its topology, its nonce keys. */
export { bootstrapInstallation, type OperatorCredentials } from "./bootstrap-installation.ts";
export { changeNames } from "./change-names.ts";
export { followTopology, type TopologyChoice } from "./follow-topology.ts";
export { checkKey } from "./key-check.ts";
export { rotateDueNonceKeys } from "./rotate-nonce-keys.ts";
export { readTopologyFile, shippedTopologyFile } from "./topology-file.ts";
