/* How a packet is sent on: its way, and what of its headers is rewritten. */
#pragma once
#include "maps.h"
#include "packet.h"

#include <linux/pkt_cls.h>

#define AF_INET 2
#define AF_INET6 10

/* Where a packet leaves from and goes to. */
struct way {
	struct flow_key from;
	struct address to;
	__be16 port;
	__u8 dscp;
	__u32 ifindex;
	struct address next;
	int by_routes;	/* the neighbour is to be found in the routes */
};

static __always_inline int is_ipv4(const struct address *address)
{
	return !address->word[0] && !address->word[1] && address->word[2] == bpf_htonl(0xffff);
}

static __always_inline __u16 folded(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* RFC 1624: what replacing one address by another adds to a sum. Mapped IPv4 addresses differ in their last words only. */
static __always_inline __u64 difference(const struct address *old, const struct address *new)
{
	__u64 sum = 0;
	for (int i = 0; i < 4; i++)
		sum += (__u64)(__u32)~old->word[i] + new->word[i];
	return sum;
}

static __always_inline int rewrite_checksum(struct __sk_buff *skb, const struct packet *packet, struct way *way,
					    __u32 ip_at)
{
	__u32 at = ip_at + packet->ip_bytes + __builtin_offsetof(struct udphdr, check);
	__u64 addresses = difference(&packet->from.address, &way->from.address) + difference(&packet->to.address, &way->to);
	__u64 ports = (__u64)(__u16)~packet->from.port + way->from.port + (__u16)~packet->to.port + way->port;
	/* None stays none; but the headers must be made writable either way. */
	if (!packet->checksum)
		return bpf_skb_pull_data(skb, at + 2);
	return bpf_l4_csum_replace(skb, at, 0, folded(addresses), BPF_F_PSEUDO_HDR | BPF_F_MARK_MANGLED_0) ||
	       bpf_l4_csum_replace(skb, at, 0, folded(ports), BPF_F_MARK_MANGLED_0);
}

static __always_inline int rewrite_ipv4(struct __sk_buff *skb, struct way *way, __u32 ip_at)
{
	struct {
		struct iphdr ip;
		struct udphdr udp;
	} *head = (void *)(long)skb->data + (ip_at & 31);
	if ((void *)(head + 1) > (void *)(long)skb->data_end)
		return -1;
	head->ip.saddr = way->from.address.word[3];
	head->ip.daddr = way->to.word[3];
	head->ip.ttl -= 1;
	head->ip.tos = way->dscp << 2 | (head->ip.tos & 3);
	head->ip.check = 0;
	__u64 sum = 0;
	const __u16 *words = (const __u16 *)&head->ip;
	for (__u32 i = 0; i < sizeof(head->ip) / 2; i++)
		sum += words[i];
	head->ip.check = ~folded(sum);
	head->udp.source = way->from.port;
	head->udp.dest = way->port;
	return 0;
}

static __always_inline int rewrite_ipv6(struct __sk_buff *skb, struct way *way, __u32 ip_at)
{
	struct {
		struct ipv6hdr ip;
		struct udphdr udp;
	} *head = (void *)(long)skb->data + (ip_at & 31);
	if ((void *)(head + 1) > (void *)(long)skb->data_end)
		return -1;
	__builtin_memcpy(&head->ip.saddr, &way->from.address, sizeof(head->ip.saddr));
	__builtin_memcpy(&head->ip.daddr, &way->to, sizeof(head->ip.daddr));
	head->ip.hop_limit -= 1;
	/* Traffic class: the DSCP's upper four bits end the first byte, its lower two begin the second. */
	head->ip.priority = way->dscp >> 2;
	head->ip.flow_lbl[0] = (way->dscp & 3) << 6 | (head->ip.flow_lbl[0] & 0x3f);
	head->udp.source = way->from.port;
	head->udp.dest = way->port;
	return 0;
}

static __always_inline int fits(struct __sk_buff *skb, __u32 ifindex)
{
	__u32 mtu = 0;
	/* No link has less; the question costs time. A joined packet is cut to its segments on the way out. */
	if (skb->len <= 1280 || skb->gso_segs > 1)
		return 1;
	return bpf_check_mtu(skb, ifindex, &mtu, 0, 0) == 0;
}

static __always_inline int send(struct __sk_buff *skb, const struct packet *packet, struct way *way, __u32 ip_at)
{
	struct bpf_redir_neigh neighbour = {};
	int ipv4 = is_ipv4(&way->to);
	if (packet->hop_limit <= 1) {
		count(COUNT_EXPIRED, packet->segments);
		return TC_ACT_SHOT;
	}
	if (!fits(skb, way->ifindex)) {
		count(COUNT_TOO_BIG, 1);
		return TC_ACT_SHOT;
	}
	if (rewrite_checksum(skb, packet, way, ip_at) ||
	    (ipv4 ? rewrite_ipv4(skb, way, ip_at) : rewrite_ipv6(skb, way, ip_at)))
		return TC_ACT_SHOT;
	if (way->by_routes)
		return bpf_redirect_neigh(way->ifindex, 0, 0, 0);
	if (is_ipv4(&way->next)) {
		neighbour.nh_family = AF_INET;
		neighbour.ipv4_nh = way->next.word[3];
	} else {
		neighbour.nh_family = AF_INET6;
		__builtin_memcpy(neighbour.ipv6_nh, &way->next, sizeof(way->next));
	}
	return bpf_redirect_neigh(way->ifindex, &neighbour, sizeof(neighbour), 0);
}
