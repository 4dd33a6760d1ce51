/** The one installation of a database: its birth, its key, its names, its nonce keys. */
export { bootstrapInstallation, type OperatorCredentials } from "./bootstrap-installation.ts";
export { changeNames } from "./change-names.ts";
export { InstallationError } from "./installation-error.ts";
export { checkKey } from "./key-check.ts";
export { rotateDueNonceKeys } from "./rotate-nonce-keys.ts";
export { exampleTopologyFile, readTopology, type Topology } from "./topology.ts";
