/* Layout of the maps. ../layout writes and reads the same bytes; a change of either raises layoutVersion there. */
#pragma once
#include <linux/bpf.h>
#include <linux/types.h>

/* Addresses are IPv6, IPv4 as ::ffff:a.b.c.d; addresses and ports in network byte order, all else as the machine has it. */
struct address {
	union {
		__u32 word[4];
		__u64 half[2];
	};
};

/*
 * A packet costs mostly the cache lines that it waits for. So a flow is found by its number, what every packet needs of it
 * stands in four lines of 64 bytes (offsets in struct flow), and a line has what packets change or what they only read.
 */

/* A local transport address and the device that its packets come by. */
struct flow_key {
	__u32 ifindex;
	__be16 port;
	__u16 zero;
	struct address address;
};

enum flow_mode { MODE_RELAY, MODE_TO_STACK };
enum flow_kind { KIND_RTP, KIND_UDPTL, KIND_OPAQUE };
enum source_policy { SOURCE_ADDRESS, SOURCE_STRICT, SOURCE_SYMMETRIC };
enum { HAS_REMOTE = 1, HAS_SIGNALING = 2, ANY_ROUTE = 4, IS_RTCP_PORT = 8, HAS_WAY_TO_REMOTE = 16, HAS_WAY_TO_OTHER = 32 };

/* Where packets of a flow go when no latch of the partner decides it. */
struct fixed_way {
	struct address to;
	struct address next;
	__u32 ifindex;	/* 0: nowhere */
	__be16 port;
	__u8 dscp;
	__u8 is_fixed;	/* 0: the partner's terms and state say where */
};

#define EVENT_TYPES 4
/* No payload type: they have seven bits. */
#define NO_EVENT_TYPE 0xff

/* What user space says of a flow. Packets leave by the device that the flow's own come by. */
struct flow_terms {
	/* Few packets need these: before the latch, or when the partner asks for the way. */
	struct address remote;
	struct address signaling;
	struct address remote_next;	/* neighbour on the way to the remote */
	struct address other;		/* the signaling address, or what was latched to */
	struct address other_next;
	/* Every packet needs these. */
	__u32 armed;	/* another number than the state's: forget lock and latch */
	__u32 sending;	/* another number than the state's: send to `remote` */
	__u8 mode;
	__u8 kind;
	__u8 source;
	__u8 flags;
	__u32 clock_rate;	/* Hz */
	__u32 networks;		/* list of trusted networks, 0: none */
	__u8 event_types[EVENT_TYPES];	/* payload types of telephone events that come by it */
	__be16 remote_port;
	__u8 dscp;
	__u8 link_header;	/* bytes before the IP header on the ingress device */
	__u32 zero;
	struct flow_key key;		/* its own: an entry that was given to another flow meanwhile is no match */
	struct flow_key partner;	/* packets leave from there; ifindex 0: there is none */
	struct fixed_way way;
};

enum { HAS_SOURCE = 1, HAS_TRANSIT = 2, HAS_EVENT = 4 };
enum drop { DROP_NO_REMOTE, DROP_SOURCE_ADDRESS, DROP_SOURCE_PORT, DROP_NOT_RTP, DROPS, ACCEPTED };

/* Counters that few packets change. */
struct flow_tally {
	__u64 drops[DROPS];
	__u64 rtcp_packets;
	__u64 unforwarded;
};

/* What the program knows of a flow. What every packet changes comes first. */
struct flow_state {
	__u32 armed;
	__u32 sending;
	/* Whom packets are taken from. Port 0: bound to none. */
	struct address bound;
	__be16 bound_port;
	__u16 base;
	__u16 maximum;
	__u16 zero;
	__u64 accepted_ns;
	__u64 last_ns;		/* CLOCK_MONOTONIC of the last packet taken, RTCP too */
	__u64 packets;
	__u64 bytes;
	/* Reception, RFC 3550 A.1, A.3, A.8 */
	__u64 seen[2];		/* bit i: number `maximum - i` has come */
	__u64 arrival_ns;
	__u64 jitter;		/* 16 * ns */
	__u32 flags;
	__u32 ssrc;
	__u32 timestamp;
	__u32 cycles;
	__u32 received;
	__u32 bad;		/* the number that confirms a jump; NO_SEQUENCE: none */
	__u64 lost_before;
	/* From here on what few packets need. */
	__u64 reordered;
	__u64 duplicates;
	__u64 events;
	/* Where packets to the far side go. Port 0: nowhere. */
	struct address send;
	__be16 send_port;
	__be16 candidate_port;
	__u32 candidate_ssrc;
	__u32 candidate_packets;
	/* Of the last telephone event that was counted. */
	__u32 event_ssrc;
	__u32 event_timestamp;
	__u32 zero_too;
};
#define NO_SEQUENCE 0x10000

/* User space makes it, reads it, and has its terms changed by a program (struct flow_change). */
struct flow {
	struct flow_tally tally;
	struct flow_terms terms;	/* at 48: those of every packet from 128 on */
	struct bpf_spin_lock lock;
	__u32 zero;
	struct flow_state state;	/* at 256: those of every packet up to 384 */
};

/* Neighbouring ports of a local address, and their flows. */
#define BLOCK_PORTS 32
struct port_block {
	struct bpf_spin_lock lock;	/* user space changes it in place; the program reads a word, and takes none */
	__u32 flows[BLOCK_PORTS];	/* number of the flow, plus 1; 0: there is none */
};

/* A packet for the program that changes terms: the key is in them. It begins as packets of a link do. */
struct flow_change {
	__u8 link_header[16];
	struct flow_terms terms;
};
enum flow_change_result { CHANGE_UNKNOWN_FLOW, CHANGE_MADE };

/* The ports of a local address that are the program's alone; host byte order, both inclusive. */
struct partition_key {
	__u32 ifindex;
	__u32 zero;
	struct address address;
};
struct partition {
	__u16 first;
	__u16 last;
};

struct network_key {
	__u32 prefix;	/* bits: 32 of the list and those of the network */
	__u32 networks;
	struct address address;
};

/* Of an RTCP packet what is copied for user space: room for the reports of a few sources. */
#define CONTROL_BYTES 128

/* A copy of an RTCP packet that was taken. */
struct control_packet {
	struct flow_key key;	/* the flow that took it */
	__u64 arrived_ns;	/* CLOCK_MONOTONIC */
	__u32 bytes;		/* of the whole UDP payload */
	__u32 copied;
	__u8 payload[CONTROL_BYTES];
};

/* Packets that belong to no flow. */
enum count { COUNT_STRAY, COUNT_FRAGMENT, COUNT_EXPIRED, COUNT_TOO_BIG, COUNTS };

/* Four for a call of one medium: RTP and RTCP of each side. */
#define MAXIMUM_FLOWS 131072
/* The two ports of a pair are in one. An entry costs memory only while it is there. */
#define MAXIMUM_PORT_BLOCKS (MAXIMUM_FLOWS / 2)
#define MAXIMUM_PARTITIONS 4096
#define MAXIMUM_NETWORKS 8192
/* Copies that wait for user space, which comes ten times a second; more are not made. */
#define MAXIMUM_CONTROL_PACKETS 1024
