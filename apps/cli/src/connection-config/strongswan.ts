/** A private line over IPsec for strongSwan (swanctl.conf). IKEv2, pre-shared key, AEAD first. */
import { listName, type Side } from "./frr.ts";
import type { LinePlan, VpnPlan } from "./line-plan.ts";

/** RFC 8247 and RFC 8221: what must and should be there, strongest first. */
export const ikeProposals = "aes256gcm16-prfsha384-ecp384,aes256-sha256-modp2048";
export const espProposals = "aes256gcm16-ecp384,aes256-sha256-modp2048";

export function strongswanText(line: LinePlan, vpn: VpnPlan, side: Side): string {
  const isCustomer = side === "customer";
  const [local, remote] = isCustomer
    ? [vpn.customerGateway, vpn.exchangeGateway]
    : [vpn.exchangeGateway, vpn.customerGateway];
  const [localNetworks, remoteNetworks] = isCustomer
    ? [vpn.customerNetworks, vpn.exchangeNetworks]
    : [vpn.exchangeNetworks, vpn.customerNetworks];
  const name = listName(line).toLowerCase();
  return `# ${line.friendlyName}: ${line.type} at ${line.edge}, ${line.sid}
# Side of the ${side}. swanctl.conf of strongSwan 5.9 or newer.
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
${interfaceLines(line, isCustomer)}        start_action = ${isCustomer ? "start" : "trap"}
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
function interfaceLines(line: LinePlan, isCustomer: boolean): string {
  if (isCustomer) return "";
  return `        # ip link add ${line.device} type xfrm if_id ${line.routingTable}
        if_id_in = ${line.routingTable}
        if_id_out = ${line.routingTable}
`;
}
