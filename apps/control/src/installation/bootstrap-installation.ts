import {
  createAccessToken,
  createSid,
  type Database,
  hashAccessToken,
  insertAccount,
  insertInstallation,
  type Transaction,
  writeTopologySettings,
} from "@tandem/database";
import {
  firstBackboneKeys,
  firstNonceKeys,
  purposes,
  type SecretBox,
  sealBackboneKeys,
  sealNonceKeys,
} from "../secrets/index.ts";
import { applyTopology } from "./apply-topology.ts";
import type { TopologyChoice } from "./follow-topology.ts";
import { keyCheckText } from "./key-check.ts";

/** The first account, which is the operator's. The token is nowhere else: the database keeps its hash. */
export interface OperatorCredentials {
  readonly accountSid: string;
  readonly authToken: string;
}

/**
 * Makes the installation and the operator's account, once; undefined when there is one already. `keep` runs before the
 * commit, so that there is never an installation whose credentials nobody has.
 */
export async function bootstrapInstallation(options: {
  readonly database: Database;
  readonly box: SecretBox;
  readonly baseDomain: string;
  readonly realm: string;
  readonly nowMs: number;
  /** Edges to begin with; left out: none. */
  readonly topology?: TopologyChoice;
  readonly keep: (credentials: OperatorCredentials) => Promise<void>;
}): Promise<OperatorCredentials | undefined> {
  const { box } = options;
  return options.database.transaction(async (transaction) => {
    const isFirst = await insertInstallation(transaction, {
      base_domain: options.baseDomain,
      realm: options.realm,
      key_check: box.seal(keyCheckText, purposes.keyCheck),
      nonce_keys_encrypted: sealNonceKeys(box, firstNonceKeys(options.nowMs)),
      backbone_keys_encrypted: sealBackboneKeys(box, firstBackboneKeys(options.nowMs)),
    });
    if (!isFirst) return undefined;
    const credentials = { accountSid: createSid("AC"), authToken: createAccessToken() };
    await insertAccount(transaction, {
      sid: credentials.accountSid,
      parent_account_sid: null,
      friendly_name: "Operator",
      auth_token_hash: hashAccessToken(credentials.authToken),
      is_operator: true,
    });
    if (options.topology !== undefined) await beginWith(transaction, options.topology);
    await options.keep(credentials);
    return credentials;
  });
}

async function beginWith(transaction: Transaction, { file, topology }: TopologyChoice): Promise<void> {
  if (topology !== undefined) await applyTopology(transaction, topology);
  await writeTopologySettings(transaction, {
    topology_file: file ?? null,
    name_servers: topology?.nameServers ?? [],
  });
}
