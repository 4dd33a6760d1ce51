/** A private line over IPsec for strongSwan (swanctl.conf). IKEv2, pre-shared key, AEAD first. */
import { listName } from "./frr.ts";
import type { LineEnd, LinePlan, VpnPlan } from "./line-plan.ts";

/** RFC 8247 and RFC 8221: what must and should be there, strongest first. */
export const ikeProposals = "aes256gcm16-prfsha384-ecp384,aes256-sha256-modp2048";
export const espProposals = "aes256gcm16-ecp384,aes256-sha256-modp2048";

export function strongswanText(line: LinePlan, vpn: VpnPlan, end: LineEnd): string {
  const isCustomer = end.side === "customer";
  const [local, remote] = isCustomer
    ? [vpn.customerGateway, vpn.exchangeGateway]
    : [vpn.exchangeGateway, vpn.customerGateway];
  const [localNetworks, remoteNetworks] = isCustomer
    ? [vpn.customerNetworks, vpn.exchangeNetworks]
    : [vpn.exchangeNetworks, vpn.customerNetworks];
  const name = listName(line).toLowerCase();
  return `# ${line.friendlyName}: ${line.type} at ${line.edge}, ${line.sid}
# Side of the ${end.side}. swanctl.conf of strongSwan 5.9 or newer.
connections {
  ${name} {
    version = 2
    local_addrs = ${local}
    remote_addrs = ${remote}
    proposals = ${ikeProposals}
    rekey_time = 4h
    dpd_delay = 5s
    keyingtries = 0
    unique = replace
    mobike = no
    local {
      auth = psk
      id = ${local}
    }
    remote {
      auth = psk
      id = ${remote}
    }
    children {
      ${name} {
        local_ts = ${localNetworks.join(",")}
        remote_ts = ${remoteNetworks.join(",")}
        esp_proposals = ${espProposals}
        rekey_time = 1h
${interfaceLines(end)}        start_action = ${isCustomer ? "start" : "trap"}
        close_action = ${isCustomer ? "start" : "trap"}
        dpd_action = restart
      }
    }
  }
}
secrets {
  ike-${name} {
    id-1 = ${vpn.customerGateway}
    id-2 = ${vpn.exchangeGateway}
    secret = "${vpn.preSharedKey}"
  }
}
`;
}

/** The exchange's end is an XFRM interface, so that the line is a device like any other: `ip link add … type xfrm if_id N`. */
function interfaceLines(end: LineEnd): string {
  if (end.side === "customer") return "";
  const { device, routingTable } = end.gateway;
  return `        # ip link add ${device} type xfrm if_id ${routingTable}
        if_id_in = ${routingTable}
        if_id_out = ${routingTable}
`;
}
