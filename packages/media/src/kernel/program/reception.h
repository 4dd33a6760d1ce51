/* Loss, order, jitter and telephone events of one RTP flow, as reception-statistics.ts has it. Runs under the flow's lock. */
#pragma once
#include "layout.h"

#define MAXIMUM_DROPOUT 3000
#define MAXIMUM_MISORDER 100

struct rtp_numbers {
	__u8 payload_type;
	__u16 sequence;
	__u32 timestamp;
	__u32 ssrc;
	/* The packet holds the run of numbers that begins with `sequence`: more than 1 when the kernel has joined packets. */
	__u32 segments;
};

static __always_inline __u64 lost_of_source(const struct flow_state *state)
{
	if (!(state->flags & HAS_SOURCE))
		return 0;
	__u64 expected = (__u64)state->cycles + state->maximum - state->base + 1;
	return expected > state->received ? expected - state->received : 0;
}

static __always_inline void start_source(struct flow_state *state, __u32 ssrc, __u16 sequence)
{
	state->lost_before += lost_of_source(state);
	state->flags = HAS_SOURCE | (state->flags & HAS_EVENT);
	state->ssrc = ssrc;
	state->base = sequence;
	state->maximum = sequence;
	state->cycles = 0;
	state->received = 0;
	state->seen[0] = 0;
	state->seen[1] = 0;
	state->bad = NO_SEQUENCE;
	state->jitter = 0;
}

/* The newest number moves on by `by`. */
static __always_inline void move_seen(struct flow_state *state, __u32 by)
{
	if (by >= 128) {
		state->seen[0] = 0;
		state->seen[1] = 0;
	} else if (by >= 64) {
		state->seen[1] = state->seen[0] << (by & 63);
		state->seen[0] = 0;
	} else if (by > 0) {
		state->seen[1] = state->seen[1] << by | state->seen[0] >> (64 - by);
		state->seen[0] <<= by;
	}
}

/* Marks the number `behind` the newest; returns whether it had come before. */
static __always_inline int mark_seen(struct flow_state *state, __u32 behind)
{
	__u64 bit = 1ULL << (behind & 63);
	int had_come;
	if (behind < 64) {
		had_come = (state->seen[0] & bit) != 0;
		state->seen[0] |= bit;
	} else {
		had_come = (state->seen[1] & bit) != 0;
		state->seen[1] |= bit;
	}
	return had_come;
}

/* RFC 3550 A.1 without probation. False: a jump that the next number has to confirm. */
static __always_inline int follow_sequence(struct flow_state *state, __u16 sequence)
{
	__u16 ahead = sequence - state->maximum;
	if (ahead < MAXIMUM_DROPOUT) {
		if (sequence < state->maximum)
			state->cycles += 0x10000;
		state->maximum = sequence;
		state->bad = NO_SEQUENCE;
		move_seen(state, ahead);
		if (mark_seen(state, 0))
			state->duplicates += 1;
		return 1;
	}
	if (ahead > 0x10000 - MAXIMUM_MISORDER) {
		if (mark_seen(state, 0x10000 - ahead))
			state->duplicates += 1;
		else
			state->reordered += 1;
		return 1;
	}
	if (sequence == state->bad) {
		start_source(state, state->ssrc, sequence);
		/* The sender's timestamps may have jumped with its numbers. */
		state->flags &= ~HAS_EVENT;
		mark_seen(state, 0);
		return 1;
	}
	state->bad = (__u16)(sequence + 1);
	return 0;
}

/* RFC 3550 A.8 in differences of nanoseconds. */
static __always_inline void measure_jitter(struct flow_state *state, __u32 timestamp, __u64 now_ns, __u32 clock_rate)
{
	if (state->flags & HAS_TRANSIT) {
		/* Packets of one telephone event share a timestamp (RFC 4733 §2.3.5): they say nothing about transit. */
		if (timestamp == state->timestamp)
			return;
		__s32 ticks = timestamp - state->timestamp;
		__u64 magnitude = ticks < 0 ? -(__s64)ticks : ticks;
		__u64 sent_ns = clock_rate ? magnitude * 1000000000ULL / clock_rate : 0;
		__s64 deviation = now_ns - state->arrival_ns;
		deviation += ticks < 0 ? (__s64)sent_ns : -(__s64)sent_ns;
		if (deviation < 0)
			deviation = -deviation;
		state->jitter += (__u64)deviation - (state->jitter >> 4);
	}
	state->flags |= HAS_TRANSIT;
	state->arrival_ns = now_ns;
	state->timestamp = timestamp;
}

static __always_inline int is_event(const struct flow_terms *terms, __u8 payload_type)
{
	for (int i = 0; i < EVENT_TYPES; i++)
		if (terms->event_types[i] == payload_type)
			return 1;
	return 0;
}

/*
 * All packets of an event, updates and those that end it, have the timestamp of its beginning (RFC 4733 §2.5.1). Its SSRC is
 * kept apart from that of the last packet: some send events as a source of their own amid the speech.
 */
static __always_inline void count_event(struct flow_state *state, __u32 ssrc, __u32 timestamp)
{
	int is_known = state->flags & HAS_EVENT && state->event_ssrc == ssrc;
	if (is_known && (__s32)(timestamp - state->event_timestamp) <= 0)
		return;
	state->flags |= HAS_EVENT;
	state->event_ssrc = ssrc;
	state->event_timestamp = timestamp;
	state->events += 1;
}

static __always_inline void receive(struct flow_state *state, const struct flow_terms *terms,
				    const struct rtp_numbers *rtp, __u64 now_ns)
{
	if (!(state->flags & HAS_SOURCE) || rtp->ssrc != state->ssrc)
		start_source(state, rtp->ssrc, rtp->sequence);
	if (!follow_sequence(state, rtp->sequence))
		return;
	state->received += rtp->segments;
	measure_jitter(state, rtp->timestamp, now_ns, terms->clock_rate);
	if (is_event(terms, rtp->payload_type))
		count_event(state, rtp->ssrc, rtp->timestamp);
	if (rtp->segments < 2)
		return;
	/* What the kernel has joined came in a row. */
	__u16 last = state->maximum + rtp->segments - 1;
	if (last < state->maximum)
		state->cycles += 0x10000;
	state->maximum = last;
	move_seen(state, rtp->segments - 1);
	for (__u32 i = 0; i < 64 && i < rtp->segments - 1; i++)
		mark_seen(state, i);
}
