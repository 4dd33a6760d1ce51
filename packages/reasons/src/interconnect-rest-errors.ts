import { restErrorTable } from "./rest-error.ts";

/** Errors about private connections. */
export const interconnectRestErrors = restErrorTable({
  interconnectInvalidSid: { code: 62001, httpStatus: 400, text: "The SID has the wrong form." },
  exchangeNotFound: { code: 62002, httpStatus: 404, text: "There is no such exchange." },
  mplsCarrierNotFound: { code: 62003, httpStatus: 404, text: "There is no such MPLS carrier." },
  directConnectNotFound: { code: 62004, httpStatus: 404, text: "There is no such direct connect." },
  bandwidthReserveNotFound: { code: 62005, httpStatus: 404, text: "There is no such bandwidth reserve." },
  mplsCarrierOfOtherExchange: {
    code: 62006,
    httpStatus: 400,
    text: "The MPLS carrier belongs to another exchange.",
  },
  directConnectOfOtherExchange: {
    code: 62007,
    httpStatus: 400,
    text: "The direct connect belongs to another exchange.",
  },
  bandwidthReserveOfOtherExchange: {
    code: 62008,
    httpStatus: 400,
    text: "The bandwidth reserve belongs to another exchange.",
  },
  interconnectAccountUnknown: {
    code: 62009,
    httpStatus: 404,
    text: "The account is not known to Interconnect.",
  },
  interconnectAuthenticationMissing: {
    code: 62010,
    httpStatus: 401,
    text: "The request has no credentials.",
  },
  interconnectForbidden: { code: 62011, httpStatus: 403, text: "The account may not do this." },
  interconnectConnectionNotFound: { code: 62012, httpStatus: 404, text: "There is no such connection." },
  connectionOrphaned: { code: 62013, httpStatus: 409, text: "The connection has lost its owner." },
  connectionNotReady: {
    code: 62014,
    httpStatus: 409,
    text: "A connection needs at least one IP route, a VPN also the customer's gateway, before it can be activated.",
  },
  connectionInTransition: {
    code: 62015,
    httpStatus: 409,
    text: "Only an inactive connection can be activated.",
  },
  interconnectConnectionNotActive: {
    code: 62016,
    httpStatus: 409,
    text: "Only an active connection can be deactivated.",
  },
  ipRouteMissing: { code: 62017, httpStatus: 400, text: "The IP route is missing." },
  invalidIpRoute: {
    code: 62018,
    httpStatus: 400,
    text: "The IP route is not a network that may be used here.",
  },
  ipRouteTooLarge: { code: 62019, httpStatus: 400, text: "An IP route has at most 256 addresses." },
  connectionPendingDeletion: {
    code: 62020,
    httpStatus: 409,
    text: "The connection is being deleted and can not be changed.",
  },
  invalidVpnGateway: {
    code: 62021,
    httpStatus: 400,
    text: "The VPN gateway is not an address that may be used here.",
  },
  accountSidMissing: { code: 62022, httpStatus: 400, text: "The account SID is missing." },
  exchangeMissing: { code: 62023, httpStatus: 400, text: "The exchange is missing." },
  connectionTypeMissing: { code: 62024, httpStatus: 400, text: "The connection type is missing." },
  invalidConnectionType: {
    code: 62025,
    httpStatus: 400,
    text: "The connection type is none of vpn, crossconnect, mpls, cloudconnect.",
  },
  mplsCarrierMissing: {
    code: 62026,
    httpStatus: 400,
    text: "A connection of type mpls needs an MPLS carrier.",
  },
  mplsCarrierNotAllowed: {
    code: 62027,
    httpStatus: 400,
    text: "Only a connection of type mpls has an MPLS carrier.",
  },
  connectionExpired: { code: 62028, httpStatus: 409, text: "The connection has expired. Create a new one." },
  nothingToUpdate: {
    code: 62034,
    httpStatus: 400,
    text: "The update names no parameter that can be changed.",
  },
  invalidBandwidth: {
    code: 62035,
    httpStatus: 400,
    text: "The bandwidth is missing or none of 10, 100, 500, 1000 Mb/s.",
  },
  notASubaccount: {
    code: 62052,
    httpStatus: 403,
    text: "The account is no subaccount of the connection's owner.",
  },
  subaccountNotAuthorized: {
    code: 62053,
    httpStatus: 403,
    text: "The subaccount may not use this connection.",
  },
  ipAddressOfOtherConnection: {
    code: 62100,
    httpStatus: 409,
    text: "The address belongs to another connection.",
  },
  networkProvisioningFailed: { code: 62200, httpStatus: 503, text: "The network could not be set up." },
  networkOutOfCapacity: { code: 62220, httpStatus: 503, text: "The network device has no capacity left." },
  tooManyConnections: { code: 91131, httpStatus: 400, text: "The account has its maximum of connections." },
  tooManyIpRoutes: {
    code: 91132,
    httpStatus: 400,
    text: "The connection has more IP routes than the maximum.",
  },
  tooManyConnectionShares: {
    code: 91133,
    httpStatus: 400,
    text: "The connection has its maximum of shares.",
  },
  connectionInUse: {
    code: 91134,
    httpStatus: 409,
    text: "An IP access control list names the connection. Take it out of the list first.",
  },
  lineDeviceTaken: {
    code: 91135,
    httpStatus: 409,
    text: "Another connection of the edge has this network device.",
  },
  invalidPeerAddresses: {
    code: 91136,
    httpStatus: 400,
    text: "The peer addresses are not the two ends of one /30 or /31.",
  },
});
