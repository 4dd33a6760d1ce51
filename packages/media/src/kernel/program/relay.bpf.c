/*
 * The kernel media engine: a tc program on ingress of the devices that calls come by. It takes packets of known flows
 * by the flow's source policy, counts and measures them, and sends them on from the partner flow's address. User space
 * makes and reads `flows`, and sees no packet. Deviations from the userspace engine: none are meant;
 * test/engine-behaviours.ts is run against both.
 *
 * What a packet costs is mostly memory that is not in the cache: all that it needs of its flow stands together, and is
 * read and changed under one lock. Flows of neighbouring ports are found by the same lines.
 */
#include "maps.h"
#include "packet.h"
#include "reception.h"
#include "sending.h"
#include "source-gate.h"

char LICENSE[] SEC("license") = "GPL";

/* Goes on with other programs on this device, then with the stack. */
#define TO_STACK TC_ACT_UNSPEC

static __always_inline struct partition *partition_of(const struct flow_key *to)
{
	struct partition_key key = { .ifindex = to->ifindex, .address = to->address };
	return bpf_map_lookup_elem(&partitions, &key);
}

static __always_inline int is_trusted(const struct flow_terms *terms, const struct address *address)
{
	if (terms->source != SOURCE_SYMMETRIC || !terms->networks)
		return 0;
	struct network_key key = { .prefix = 160, .networks = terms->networks, .address = *address };
	return bpf_map_lookup_elem(&networks, &key) != 0;
}

/* It may be given to another flow before it is locked: see is_of. */
static __always_inline struct flow *flow_at(const struct flow_key *key)
{
	struct flow_key first = *key;
	first.port &= bpf_htons(~(BLOCK_PORTS - 1));
	struct port_block *block = bpf_map_lookup_elem(&ports, &first);
	if (!block)
		return 0;
	__u32 number = *(const volatile __u32 *)&block->flows[bpf_ntohs(key->port) % BLOCK_PORTS] - 1;
	return bpf_map_lookup_elem(&flows, &number);
}

/* An entry may be given to another flow between lookup and lock. */
static __always_inline int is_of(const struct flow *flow, const struct flow_key *key)
{
	return flow->terms.key.ifindex == key->ifindex && flow->terms.key.port == key->port &&
	       same(&flow->terms.key.address, &key->address);
}

/* What becomes of an arrived packet. */
enum passage {
	PASSAGE_UNKNOWN,	/* there is no such flow any more */
	PASSAGE_TO_STACK,
	PASSAGE_DROP,
	PASSAGE_RTP,
	PASSAGE_RTCP,
	PASSAGE_MUXED_RTCP,	/* RTCP on the RTP port */
};

/* Judges a packet of a flow that is relayed, and counts it. Under the lock. */
static __always_inline enum passage take(struct flow *flow, struct packet *packet)
{
	struct flow_state *state = &flow->state;
	const struct flow_terms *terms = &flow->terms;
	int on_rtcp_port = terms->flags & IS_RTCP_PORT;
	int is_control = terms->kind == KIND_RTP && is_rtcp(packet);
	int is_valid = on_rtcp_port ? is_control : is_control || terms->kind != KIND_RTP || is_rtp(packet);
	enum drop verdict = DROP_NOT_RTP;

	packet->from.ssrc = terms->kind == KIND_RTP ? word_of(packet, is_control ? 1 : 2) : 0;
	follow_terms(state, terms);
	/* RTCP on the RTP port neither locks nor latches anything. */
	if (is_valid)
		verdict = is_control && !on_rtcp_port ? judge(state, terms, &packet->from)
						      : admit(state, terms, &packet->from);
	if (verdict != ACCEPTED) {
		if (verdict < DROPS)
			flow->tally.drops[verdict] += packet->segments;
		return PASSAGE_DROP;
	}
	state->last_ns = packet->from.now_ns;
	if (is_control) {
		flow->tally.rtcp_packets += packet->segments;
		return on_rtcp_port ? PASSAGE_RTCP : PASSAGE_MUXED_RTCP;
	}
	state->packets += packet->segments;
	state->bytes += packet->bytes;
	if (terms->kind == KIND_RTP) {
		struct rtp_numbers rtp = {
			.payload_type = word_of(packet, 0) >> 16 & 0x7f,
			.sequence = word_of(packet, 0),
			.timestamp = word_of(packet, 1),
			.ssrc = packet->from.ssrc,
			.segments = packet->segments,
		};
		receive(state, terms, &rtp, packet->from.now_ns);
	}
	return PASSAGE_RTP;
}

/* Whether a flow names that one, or the other port of its pair, as its partner. */
static __always_inline int is_partner_of(const struct flow_terms *terms, const struct flow_key *key)
{
	return terms->partner.ifindex == key->ifindex && same(&terms->partner.address, &key->address) &&
	       (terms->partner.port | bpf_htons(1)) == (key->port | bpf_htons(1));
}

/* Where the far side of a flow wants its packets, as its terms and its latch say. Under the lock. */
static __always_inline void read_way(struct flow *flow, const struct flow_key *arrived, struct way *way)
{
	const struct flow_terms *terms = &flow->terms;
	if (!is_of(flow, &way->from) || terms->mode != MODE_RELAY || !is_partner_of(terms, arrived))
		return;
	follow_terms(&flow->state, terms);
	way->to = flow->state.send;
	way->port = flow->state.send_port;
	way->dscp = terms->dscp;
	/* An address that there is no way to is not looked for in the routes. */
	if (same(&way->to, &terms->remote)) {
		way->ifindex = terms->flags & HAS_WAY_TO_REMOTE ? way->from.ifindex : 0;
		way->next = terms->remote_next;
	} else if (same(&way->to, &terms->other)) {
		way->ifindex = terms->flags & HAS_WAY_TO_OTHER ? way->from.ifindex : 0;
		way->next = terms->other_next;
	} else if (terms->flags & ANY_ROUTE) {
		way->ifindex = way->from.ifindex;
		way->by_routes = 1;
	}
}

/* The way that the partner knows. Both flows must name each other. */
static __always_inline void find_way(const struct flow_key *arrived, struct way *way)
{
	struct flow *flow = way->from.ifindex ? flow_at(&way->from) : 0;
	if (!flow)
		return;
	bpf_spin_lock(&flow->lock);
	read_way(flow, arrived, way);
	bpf_spin_unlock(&flow->lock);
}

/* The way of the terms: the partner's far side has one address only. Under the lock. */
static __always_inline void copy_fixed_way(const struct flow_terms *terms, struct way *way)
{
	way->to = terms->way.to;
	way->port = terms->way.port;
	way->dscp = terms->way.dscp;
	way->ifindex = terms->way.ifindex;
	way->next = terms->way.next;
}

/* What a side says of its reception is read by user space; the packet itself goes on. */
static __always_inline void copy_control(struct __sk_buff *skb, const struct packet *packet)
{
	__u32 zero = 0;
	__u32 bytes = packet->bytes;
	struct control_packet *copy = bpf_map_lookup_elem(&control_copies, &zero);
	if (bytes > CONTROL_BYTES)
		bytes = CONTROL_BYTES;
	if (!copy || bytes < 8)
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

/* What the stack puts together, and sends to nobody: only whole packets are relayed. */
static __always_inline int fragment(const struct packet *packet)
{
	if (partition_of(&packet->to))
		count(COUNT_FRAGMENT, 1);
	return TO_STACK;
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

/* Reads a word of each cache line that a packet needs: they are waited for together, and not one behind the other. */
static __always_inline void touch(const struct flow *flow)
{
	(void)*(const volatile __u32 *)&flow->terms.armed;
	(void)*(const volatile __u32 *)&flow->terms.way.ifindex;
	(void)*(const volatile __u32 *)&flow->state.armed;
	(void)*(const volatile __u64 *)&flow->state.seen;
}

static __always_inline int is_relaying(__u64 now_ns)
{
	__u32 zero = 0;
	__u64 *until_ns = bpf_map_lookup_elem(&lease, &zero);
	return until_ns && now_ns <= *until_ns;
}

static __always_inline int relay(struct __sk_buff *skb, struct packet *packet, struct flow *flow)
{
	struct way way = {};
	int is_found = 0;
	enum passage passage = PASSAGE_UNKNOWN;

	touch(flow);
	packet->from.now_ns = bpf_ktime_get_ns();
	/* Asked before the lock, under which no helper may be called. */
	packet->from.is_trusted = is_trusted(&flow->terms, &packet->from.address);
	int is_leased = is_relaying(packet->from.now_ns);

	bpf_spin_lock(&flow->lock);
	__u32 link_header = flow->terms.link_header;
	if (is_of(flow, &packet->to)) {
		passage = PASSAGE_TO_STACK;
		if (flow->terms.mode == MODE_RELAY)
			passage = is_leased ? take(flow, packet) : PASSAGE_DROP;
	}
	if (passage >= PASSAGE_RTP) {
		way.from = flow->terms.partner;
		is_found = flow->terms.way.is_fixed && passage != PASSAGE_MUXED_RTCP;
		if (is_found)
			copy_fixed_way(&flow->terms, &way);
	}
	bpf_spin_unlock(&flow->lock);

	if (passage == PASSAGE_UNKNOWN)
		return unmatched(packet);
	if (passage == PASSAGE_TO_STACK)
		return TO_STACK;
	if (passage == PASSAGE_DROP)
		return TC_ACT_SHOT;
	if (passage != PASSAGE_RTP)
		copy_control(skb, packet);
	/* RTCP that came to the RTP port leaves by the RTCP port: the other side has not asked for mux. */
	if (passage == PASSAGE_MUXED_RTCP)
		way.from.port = bpf_htons(bpf_ntohs(way.from.port) + 1);
	if (!is_found)
		find_way(&packet->to, &way);
	if (!way.ifindex || !way.port || !way.from.ifindex) {
		__sync_fetch_and_add(&flow->tally.unforwarded, packet->segments);
		return TC_ACT_SHOT;
	}
	return send(skb, packet, &way, link_header);
}

SEC("tc")
int tandem_relay(struct __sk_buff *skb)
{
	struct packet packet = {};
	enum reading reading = read_packet(skb, &packet);
	if (reading == NOT_FOR_US)
		return TO_STACK;
	if (reading == FRAGMENT)
		return fragment(&packet);
	struct flow *flow = flow_at(&packet.to);
	return flow ? relay(skb, &packet, flow) : unmatched(&packet);
}

/*
 * Changes the terms of a flow while the rest of its entry goes on: user space could only write the whole of it. It is run
 * by the system call that tries programs, on a `struct flow_change` in place of a packet, and is on no device.
 */
SEC("tc")
int tandem_change(struct __sk_buff *skb)
{
	__u32 zero = 0;
	int result = CHANGE_UNKNOWN_FLOW;
	struct flow_change *change = bpf_map_lookup_elem(&changes, &zero);
	if (!change || bpf_skb_load_bytes(skb, 0, change, sizeof(*change)))
		return result;
	struct flow_key key = change->terms.key;
	struct flow *flow = flow_at(&key);
	if (!flow)
		return result;
	bpf_spin_lock(&flow->lock);
	if (is_of(flow, &key)) {
		flow->terms = change->terms;
		result = CHANGE_MADE;
	}
	bpf_spin_unlock(&flow->lock);
	return result;
}
