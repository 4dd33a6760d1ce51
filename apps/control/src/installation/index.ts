/** The one installation of a database: its birth, its key, its names, its nonce keys. */
export { bootstrapInstallation, type OperatorCredentials } from "./bootstrap-installation.ts";
export { changeNames } from "./change-names.ts";
export { checkKey } from "./key-check.ts";
export { rotateDueNonceKeys } from "./rotate-nonce-keys.ts";
export { exampleTopologyFile, readTopology } from "./topology.ts";
