/*
 * The kernel media engine: a tc program on ingress of the devices that calls come by. It takes packets of known flows
 * by the flow's source policy, counts and measures them, and sends them on from the partner flow's address. User space
 * writes `flows`, reads `states`, and sees no packet. Deviations from the userspace engine: none are meant;
 * test/engine-behaviours.ts is run against both.
 */
#include "layout.h"
#include "reception.h"
#include "source-gate.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>

#define AF_INET 2
#define AF_INET6 10

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAXIMUM_FLOWS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct flow_key);
	__type(value, struct flow_config);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAXIMUM_FLOWS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct flow_key);
	__type(value, struct flow_state);
} states SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAXIMUM_PARTITIONS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct partition_key);
	__type(value, struct partition);
} partitions SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, MAXIMUM_NETWORKS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct network_key);
	__type(value, __u32);
} networks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

/* CLOCK_MONOTONIC until which packets are relayed. A gateway puts it off; when none does, calls must not go on for ever. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lease SEC(".maps");

/* RTCP on its way to be read. Without a gateway it fills, and stays as it is. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, MAXIMUM_CONTROL_PACKETS);
	__uint(key_size, 0);
	__uint(value_size, sizeof(struct control_packet));
} control SEC(".maps");

/* Copies of what `flows` says, for the packet in hand and its partner: too big for the stack. */
struct scratch {
	struct flow_terms arrived;
	struct flow_terms partner;
	struct control_packet control;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

/* More than the headers of a packet up to those of RTP. */
#define HEADERS_BYTES 96

/* Goes on with other programs on this device, then with the stack. */
#define TO_STACK TC_ACT_UNSPEC

/* A UDP packet, whichever its IP version. */
struct packet {
	struct flow_key to;
	struct source from;
	__u32 ip_bytes;		/* of the IP header */
	__u32 bytes;		/* of the UDP payload */
	__u32 segments;
	__be16 checksum;
	__u8 hop_limit;
	__u8 payload[12];	/* its beginning, as far as there is one */
};

static __always_inline void count(enum count what, __u64 by)
{
	__u32 index = what;
	__u64 *number = bpf_map_lookup_elem(&counts, &index);
	if (number)
		*number += by;
}

static __always_inline struct partition *partition_of(const struct flow_key *to)
{
	struct partition_key key = { .ifindex = to->ifindex, .address = to->address };
	return bpf_map_lookup_elem(&partitions, &key);
}

static __always_inline struct address mapped(__be32 ipv4)
{
	struct address address = { { 0, 0, bpf_htonl(0xffff), ipv4 } };
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

/* What the stack puts together, and sends to nobody: only whole packets are relayed. */
static __always_inline int fragment(const struct packet *packet)
{
	if (partition_of(&packet->to))
		count(COUNT_FRAGMENT, 1);
	return 0;
}

/* What follows the IP header, up to the end of RTP's. */
struct head_of_udp {
	struct udphdr udp;
	__u8 payload[12];
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

/* 0: not for us. */
static __always_inline int take_udp(struct __sk_buff *skb, struct packet *packet, const struct head_of_udp *head,
				    __u32 ip_payload)
{
	__u32 length = bpf_ntohs(head->udp.len);
	if (length < sizeof(head->udp) || length > ip_payload)
		return 0;
	packet->bytes = length - sizeof(head->udp);
	packet->from.port = head->udp.source;
	packet->to.port = head->udp.dest;
	packet->checksum = head->udp.check;
	packet->segments = skb->gso_segs > 1 ? skb->gso_segs : 1;
	__builtin_memcpy(packet->payload, head->payload, sizeof(packet->payload));
	return 1;
}

static __always_inline int read_ipv4(struct __sk_buff *skb, struct packet *packet)
{
	struct ipv4_head head = {};
	if (!read_head(skb, &head, sizeof(head)))
		return 0;
	/* Options are left to the stack. */
	if (head.ip.protocol != IPPROTO_UDP || head.ip.version != 4 || head.ip.ihl != 5)
		return 0;
	packet->to.address = mapped(head.ip.daddr);
	if (head.ip.frag_off & bpf_htons(0x3fff))
		return fragment(packet);
	packet->from.address = mapped(head.ip.saddr);
	packet->hop_limit = head.ip.ttl;
	packet->ip_bytes = sizeof(head.ip);
	return take_udp(skb, packet, &head.rest, bpf_ntohs(head.ip.tot_len) - sizeof(head.ip));
}

static __always_inline int read_ipv6(struct __sk_buff *skb, struct packet *packet)
{
	struct ipv6_head head = {};
	if (!read_head(skb, &head, sizeof(head)))
		return 0;
	__builtin_memcpy(&packet->to.address, &head.ip.daddr, sizeof(head.ip.daddr));
	if (head.ip.nexthdr == IPPROTO_FRAGMENT)
		return fragment(packet);
	if (head.ip.nexthdr != IPPROTO_UDP)
		return 0;
	__builtin_memcpy(&packet->from.address, &head.ip.saddr, sizeof(head.ip.saddr));
	packet->hop_limit = head.ip.hop_limit;
	packet->ip_bytes = sizeof(head.ip);
	return take_udp(skb, packet, &head.rest, bpf_ntohs(head.ip.payload_len));
}

static __always_inline int is_version_2(const struct packet *packet)
{
	return (packet->payload[0] & 0xc0) == 0x80;
}

/* RFC 5761 §4 tells packet types 192 to 223 from RTP. */
static __always_inline int is_rtcp(const struct packet *packet)
{
	return packet->bytes >= 8 && is_version_2(packet) && packet->payload[1] >= 192 && packet->payload[1] <= 223;
}

static __always_inline int is_rtp(const struct packet *packet)
{
	return packet->bytes >= 12 && is_version_2(packet);
}

static __always_inline __u32 word_of(const struct packet *packet, __u32 at)
{
	const __u8 *p = packet->payload + at;
	return (__u32)p[0] << 24 | (__u32)p[1] << 16 | (__u32)p[2] << 8 | p[3];
}

static __always_inline int is_trusted(const struct flow_terms *terms, const struct address *address)
{
	if (terms->source != SOURCE_SYMMETRIC || !terms->networks)
		return 0;
	struct network_key key = { .prefix = 160, .networks = terms->networks, .address = *address };
	return bpf_map_lookup_elem(&networks, &key) != 0;
}

/* What becomes of an arrived packet: counted for its flow, and whether it goes on. */
enum passage { PASSAGE_DROP, PASSAGE_RTP, PASSAGE_RTCP };

static __always_inline enum passage take(struct flow_state *state, const struct flow_terms *terms,
					 struct packet *packet)
{
	int on_rtcp_port = terms->flags & IS_RTCP_PORT;
	int is_control = terms->kind == KIND_RTP && is_rtcp(packet);
	int is_valid = on_rtcp_port ? is_control : is_control || terms->kind != KIND_RTP || is_rtp(packet);
	struct rtp_numbers rtp = { .segments = packet->segments };
	enum drop verdict = DROP_NOT_RTP;

	packet->from.ssrc = 0;
	if (terms->kind == KIND_RTP)
		packet->from.ssrc = word_of(packet, is_control ? 4 : 8);
	rtp.sequence = (__u16)packet->payload[2] << 8 | packet->payload[3];
	rtp.timestamp = word_of(packet, 4);
	rtp.ssrc = packet->from.ssrc;

	bpf_spin_lock(&state->lock);
	follow_terms(state, terms);
	/* RTCP on the RTP port neither locks nor latches anything. */
	if (is_valid)
		verdict = is_control && !on_rtcp_port ? judge(state, terms, &packet->from)
						      : admit(state, terms, &packet->from);
	if (verdict == ACCEPTED) {
		state->last_ns = packet->from.now_ns;
		if (is_control) {
			state->rtcp_packets += packet->segments;
		} else {
			state->packets += packet->segments;
			state->bytes += packet->bytes;
			if (terms->kind == KIND_RTP)
				receive(state, &rtp, packet->from.now_ns, terms->clock_rate);
		}
	} else if (verdict < DROPS) {
		state->drops[verdict] += packet->segments;
	}
	bpf_spin_unlock(&state->lock);
	if (verdict != ACCEPTED)
		return PASSAGE_DROP;
	return is_control ? PASSAGE_RTCP : PASSAGE_RTP;
}

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

static __always_inline int copy_terms(struct flow_terms *copy, const struct flow_key *key)
{
	struct flow_config *config = bpf_map_lookup_elem(&flows, key);
	if (!config)
		return 0;
	bpf_spin_lock(&config->lock);
	*copy = config->terms;
	bpf_spin_unlock(&config->lock);
	return copy->key.ifindex == key->ifindex && copy->key.port == key->port &&
	       same(&copy->key.address, &key->address);
}

/* The way of the terms: the partner's far side has one address only. 0: nowhere. */
static __always_inline int fixed_way(const struct flow_terms *terms, struct way *way)
{
	way->from = terms->partner;
	way->to = terms->way.to;
	way->port = terms->way.port;
	way->dscp = terms->way.dscp;
	way->ifindex = terms->way.ifindex;
	way->next = terms->way.next;
	way->by_routes = 0;
	return way->ifindex && way->port && way->from.ifindex;
}

/* Whether a flow names that one, or the other port of its pair, as its partner. */
static __always_inline int is_partner_of(const struct flow_terms *terms, const struct flow_key *key)
{
	return terms->partner.ifindex == key->ifindex && same(&terms->partner.address, &key->address) &&
	       (terms->partner.port | bpf_htons(1)) == (key->port | bpf_htons(1));
}

/* Where the far side of a flow wants its packets. 0: nowhere. Both flows must name each other. */
static __always_inline int find_way(const struct flow_key *arrived, const struct flow_key *flow,
				    struct flow_terms *terms, struct way *way)
{
	if (!flow->ifindex || !copy_terms(terms, flow) || terms->mode != MODE_RELAY || !is_partner_of(terms, arrived))
		return 0;
	struct flow_state *state = bpf_map_lookup_elem(&states, flow);
	if (!state)
		return 0;
	bpf_spin_lock(&state->lock);
	follow_terms(state, terms);
	way->to = state->send;
	way->port = state->send_port;
	bpf_spin_unlock(&state->lock);
	if (!way->port)
		return 0;
	way->from = *flow;
	way->dscp = terms->dscp;
	way->by_routes = 0;
	if (same(&way->to, &terms->hops[0].address)) {
		way->ifindex = terms->hops[0].ifindex;
		way->next = terms->hops[0].next;
	} else if (same(&way->to, &terms->hops[1].address)) {
		way->ifindex = terms->hops[1].ifindex;
		way->next = terms->hops[1].next;
	} else if (terms->flags & ANY_ROUTE) {
		way->ifindex = flow->ifindex;
		way->by_routes = 1;
	} else {
		return 0;
	}
	return way->ifindex != 0;
}

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

/* What a side says of its reception is read by user space; the packet itself goes on. */
static __always_inline void copy_control(struct __sk_buff *skb, const struct packet *packet,
					 struct control_packet *copy)
{
	__u32 bytes = packet->bytes;
	if (bytes > CONTROL_BYTES)
		bytes = CONTROL_BYTES;
	if (bytes < 8)
		return;
	if (bpf_skb_load_bytes_relative(skb, packet->ip_bytes + sizeof(struct udphdr), copy->payload, bytes,
					BPF_HDR_START_NET))
		return;
	copy->key = packet->to;
	copy->arrived_ns = packet->from.now_ns;
	copy->bytes = packet->bytes;
	copy->copied = bytes;
	bpf_map_push_elem(&control, copy, 0);
}

static __always_inline int unmatched(const struct packet *packet)
{
	struct partition *partition = partition_of(&packet->to);
	__u16 port = bpf_ntohs(packet->to.port);
	if (!partition || port < partition->first || port > partition->last)
		return TO_STACK;
	count(COUNT_STRAY, packet->segments);
	return TC_ACT_SHOT;
}

SEC("tc")
int tandem_relay(struct __sk_buff *skb)
{
	struct packet packet = {};
	struct way way = {};
	__u32 zero = 0;
	struct scratch *scratch = bpf_map_lookup_elem(&scratches, &zero);
	if (!scratch)
		return TO_STACK;
	struct flow_terms *terms = &scratch->arrived;
	packet.to.ifindex = skb->ingress_ifindex;
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		if (!read_ipv4(skb, &packet))
			return TO_STACK;
	} else if (skb->protocol != bpf_htons(ETH_P_IPV6) || !read_ipv6(skb, &packet)) {
		return TO_STACK;
	}
	if (!copy_terms(terms, &packet.to))
		return unmatched(&packet);
	if (terms->mode != MODE_RELAY)
		return TO_STACK;
	struct flow_state *state = bpf_map_lookup_elem(&states, &packet.to);
	if (!state)
		return TC_ACT_SHOT;
	packet.from.now_ns = bpf_ktime_get_ns();
	__u64 *lease_ns = bpf_map_lookup_elem(&lease, &zero);
	if (!lease_ns || packet.from.now_ns > *lease_ns)
		return TC_ACT_SHOT;
	packet.from.is_trusted = is_trusted(terms, &packet.from.address);
	enum passage passage = take(state, terms, &packet);
	if (passage == PASSAGE_DROP)
		return TC_ACT_SHOT;
	if (passage == PASSAGE_RTCP)
		copy_control(skb, &packet, &scratch->control);
	int found;
	int is_muxed = passage == PASSAGE_RTCP && !(terms->flags & IS_RTCP_PORT);
	if (terms->way.is_fixed && !is_muxed) {
		found = fixed_way(terms, &way);
	} else {
		struct flow_key partner = terms->partner;
		/* RTCP that came to the RTP port leaves by the RTCP port: the other side has not asked for mux. */
		if (is_muxed)
			partner.port = bpf_htons(bpf_ntohs(partner.port) + 1);
		found = find_way(&packet.to, &partner, &scratch->partner, &way);
	}
	if (!found) {
		__sync_fetch_and_add(&state->unforwarded, packet.segments);
		return TC_ACT_SHOT;
	}
	return send(skb, &packet, &way, terms->link_header);
}
