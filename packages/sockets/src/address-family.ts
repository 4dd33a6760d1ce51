/** AF_INET and AF_INET6 of Linux. */
export const addressFamily = { IPv4: 2, IPv6: 10 } as const;
/** IPPROTO_IP and IPPROTO_IPV6: levels of socket options. */
export const level = { IPv4: 0, IPv6: 41 } as const;
