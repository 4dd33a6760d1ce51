/* A UDP packet as the program sees it, whichever its IP version, and how it is read. */
#pragma once
#include "layout.h"
#include "source-gate.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

/* More than the headers of a packet up to those of RTP. */
#define HEADERS_BYTES 96

struct packet {
	struct flow_key to;
	struct source from;
	__u32 ip_bytes;		/* of the IP header */
	__u32 bytes;		/* of the UDP payload */
	__u32 segments;
	__be16 checksum;
	__u8 hop_limit;
	__be32 payload[3];	/* its beginning, as far as there is one */
};

/* What reading came to. */
enum reading { NOT_FOR_US, FRAGMENT, WHOLE };

static __always_inline struct address mapped(__be32 ipv4)
{
	struct address address = { .word = { 0, 0, bpf_htonl(0xffff), ipv4 } };
	return address;
}

/* Reads from the IP header on. What a device left in pages of their own is gathered first. */
static __always_inline int read_bytes(struct __sk_buff *skb, __u32 at, void *into, __u32 bytes)
{
	if (!bpf_skb_load_bytes_relative(skb, at, into, bytes, BPF_HDR_START_NET))
		return 1;
	if (bpf_skb_pull_data(skb, skb->len < HEADERS_BYTES ? skb->len : HEADERS_BYTES))
		return 0;
	return !bpf_skb_load_bytes_relative(skb, at, into, bytes, BPF_HDR_START_NET);
}

/* What follows the IP header, up to the end of RTP's. */
struct head_of_udp {
	struct udphdr udp;
	__be32 payload[3];
};

/* Headers that are read in one go, since each call of a helper costs. */
struct ipv4_head {
	struct iphdr ip;
	struct head_of_udp rest;
};
struct ipv6_head {
	struct ipv6hdr ip;
	struct head_of_udp rest;
};

/* Whole headers, or with zeros in place of a payload that is too short for them. */
static __always_inline int read_head(struct __sk_buff *skb, void *head, __u32 bytes)
{
	return read_bytes(skb, 0, head, bytes) || read_bytes(skb, 0, head, bytes - 4) || read_bytes(skb, 0, head, bytes - 12);
}

static __always_inline enum reading take_udp(struct __sk_buff *skb, struct packet *packet,
					     const struct head_of_udp *head, __u32 ip_payload)
{
	__u32 length = bpf_ntohs(head->udp.len);
	if (length < sizeof(head->udp) || length > ip_payload)
		return NOT_FOR_US;
	packet->bytes = length - sizeof(head->udp);
	packet->from.port = head->udp.source;
	packet->to.port = head->udp.dest;
	packet->checksum = head->udp.check;
	packet->segments = skb->gso_segs > 1 ? skb->gso_segs : 1;
	for (int i = 0; i < 3; i++)
		packet->payload[i] = head->payload[i];
	return WHOLE;
}

static __always_inline enum reading read_ipv4(struct __sk_buff *skb, struct packet *packet)
{
	struct ipv4_head head = {};
	if (!read_head(skb, &head, sizeof(head)))
		return NOT_FOR_US;
	/* Options are left to the stack. */
	if (head.ip.protocol != IPPROTO_UDP || head.ip.version != 4 || head.ip.ihl != 5)
		return NOT_FOR_US;
	packet->to.address = mapped(head.ip.daddr);
	if (head.ip.frag_off & bpf_htons(0x3fff))
		return FRAGMENT;
	packet->from.address = mapped(head.ip.saddr);
	packet->hop_limit = head.ip.ttl;
	packet->ip_bytes = sizeof(head.ip);
	return take_udp(skb, packet, &head.rest, bpf_ntohs(head.ip.tot_len) - sizeof(head.ip));
}

static __always_inline enum reading read_ipv6(struct __sk_buff *skb, struct packet *packet)
{
	struct ipv6_head head = {};
	if (!read_head(skb, &head, sizeof(head)))
		return NOT_FOR_US;
	__builtin_memcpy(&packet->to.address, &head.ip.daddr, sizeof(head.ip.daddr));
	if (head.ip.nexthdr == IPPROTO_FRAGMENT)
		return FRAGMENT;
	if (head.ip.nexthdr != IPPROTO_UDP)
		return NOT_FOR_US;
	__builtin_memcpy(&packet->from.address, &head.ip.saddr, sizeof(head.ip.saddr));
	packet->hop_limit = head.ip.hop_limit;
	packet->ip_bytes = sizeof(head.ip);
	return take_udp(skb, packet, &head.rest, bpf_ntohs(head.ip.payload_len));
}

static __always_inline enum reading read_packet(struct __sk_buff *skb, struct packet *packet)
{
	packet->to.ifindex = skb->ingress_ifindex;
	if (skb->protocol == bpf_htons(ETH_P_IP))
		return read_ipv4(skb, packet);
	return skb->protocol == bpf_htons(ETH_P_IPV6) ? read_ipv6(skb, packet) : NOT_FOR_US;
}

/* A word of the payload's beginning, 0 to 2. */
static __always_inline __u32 word_of(const struct packet *packet, __u32 index)
{
	return bpf_ntohl(packet->payload[index]);
}

static __always_inline int is_version_2(const struct packet *packet)
{
	return word_of(packet, 0) >> 30 == 2;
}

/* RFC 5761 §4 tells packet types 192 to 223 from RTP. */
static __always_inline int is_rtcp(const struct packet *packet)
{
	__u8 type = word_of(packet, 0) >> 16;
	return packet->bytes >= 8 && is_version_2(packet) && type >= 192 && type <= 223;
}

static __always_inline int is_rtp(const struct packet *packet)
{
	return packet->bytes >= 12 && is_version_2(packet);
}
