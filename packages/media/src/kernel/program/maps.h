/* The program's maps. User space opens them by their pins. */
#pragma once
#include "layout.h"

#include <bpf/bpf_helpers.h>

/* Nobody maps it into memory: the flag makes it begin with a page, and so each flow with a cache line. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAXIMUM_FLOWS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

/* Keys have the first port of the block. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAXIMUM_PORT_BLOCKS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct flow_key);
	__type(value, struct port_block);
} ports SEC(".maps");

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

/* What is too big for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct control_packet);
} control_copies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow_change);
} changes SEC(".maps");

static __always_inline void count(enum count what, __u64 by)
{
	__u32 index = what;
	__u64 *number = bpf_map_lookup_elem(&counts, &index);
	if (number)
		*number += by;
}
