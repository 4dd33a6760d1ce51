import type { Api, ApiObject } from "./api.ts";

export interface TrunkWishes {
  readonly name: string;
  /** Label of the termination name; left out: the trunk only takes calls. */
  readonly label?: string;
  readonly baseDomain: string;
  /** Addresses in its access control list; left out: none attached. */
  readonly addresses?: readonly string[];
  /** Private line over which alone those addresses count; left out: over any way. */
  readonly addressesOverLine?: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly originationUrls?: readonly {
    readonly url: string;
    readonly priority?: number;
    readonly weight?: number;
  }[];
  readonly numbers?: readonly string[];
  /** Further parameters of the trunk. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

/** Makes a trunk and everything that hangs on it, over REST only. */
export async function provisionTrunk(api: Api, wishes: TrunkWishes): Promise<ApiObject> {
  const trunk = await api.post("/v1/Trunks", {
    FriendlyName: wishes.name,
    ...(wishes.label === undefined ? {} : { DomainName: `${wishes.label}.pstn.${wishes.baseDomain}` }),
    ...wishes.parameters,
  });
  if (wishes.addresses !== undefined) await attachAddresses(api, trunk.sid, wishes);
  if (wishes.credentials !== undefined) await attachCredentials(api, trunk.sid, wishes);
  for (const [index, url] of (wishes.originationUrls ?? []).entries()) {
    await api.post(`/v1/Trunks/${trunk.sid}/OriginationUrls`, {
      FriendlyName: `url ${index + 1}`,
      SipUrl: url.url,
      Priority: url.priority ?? 10,
      Weight: url.weight ?? 10,
      Enabled: true,
    });
  }
  for (const number of wishes.numbers ?? []) {
    await api.post(`${api.accountPath}/IncomingPhoneNumbers.json`, {
      PhoneNumber: number,
      TrunkSid: trunk.sid,
    });
  }
  return trunk;
}

async function attachAddresses(api: Api, trunkSid: string, wishes: TrunkWishes): Promise<void> {
  const lists = `${api.accountPath}/SIP/IpAccessControlLists`;
  const list = await api.post(`${lists}.json`, {
    FriendlyName: `${wishes.name} addresses`,
    ...(wishes.addressesOverLine === undefined ? {} : { ConnectionSid: wishes.addressesOverLine }),
  });
  for (const address of wishes.addresses ?? []) {
    await api.post(`${lists}/${list.sid}/IpAddresses.json`, { FriendlyName: address, IpAddress: address });
  }
  await api.post(`/v1/Trunks/${trunkSid}/IpAccessControlLists`, { IpAccessControlListSid: list.sid });
}

async function attachCredentials(api: Api, trunkSid: string, wishes: TrunkWishes): Promise<void> {
  const lists = `${api.accountPath}/SIP/CredentialLists`;
  const list = await api.post(`${lists}.json`, { FriendlyName: `${wishes.name} credentials` });
  await api.post(`${lists}/${list.sid}/Credentials.json`, {
    Username: wishes.credentials?.username ?? "",
    Password: wishes.credentials?.password ?? "",
  });
  await api.post(`/v1/Trunks/${trunkSid}/CredentialLists`, { CredentialListSid: list.sid });
}

export interface CarrierWishes {
  readonly name: string;
  readonly sourceAddresses: readonly string[];
  readonly gateways: readonly {
    readonly url: string;
    /** Whose gateways call it; default any. */
    readonly edge?: string;
    readonly priority?: number;
    readonly weight?: number;
  }[];
  readonly prefixes: readonly string[];
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

/** Makes a carrier with its gateways, routes and source addresses. */
export async function provisionCarrier(api: Api, wishes: CarrierWishes): Promise<ApiObject> {
  const carrier = await api.post("/v1/Carriers", { FriendlyName: wishes.name, ...wishes.parameters });
  const path = `/v1/Carriers/${carrier.sid}`;
  for (const gateway of wishes.gateways) {
    await api.post(`${path}/Gateways`, {
      SipUrl: gateway.url,
      ...(gateway.edge === undefined ? {} : { Edge: gateway.edge }),
      Priority: gateway.priority ?? 10,
      Weight: gateway.weight ?? 10,
    });
  }
  for (const prefix of wishes.prefixes) await api.post(`${path}/Routes`, { Prefix: prefix });
  for (const address of wishes.sourceAddresses) await api.post(`${path}/Sources`, { Network: address });
  return carrier;
}
