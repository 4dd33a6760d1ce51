/* The source policy, as source-gate.ts has it. All of it runs under the flow's lock. */
#pragma once
#include "layout.h"

#define PACKETS_TO_LOCK 5
#define RELATCH_SILENCE_NS 2000000000ULL

/* One packet as the gate sees it. */
struct source {
	struct address address;
	__be16 port;
	__u8 is_trusted;
	__u32 ssrc;
	__u64 now_ns;
};

static __always_inline int same(const struct address *a, const struct address *b)
{
	return a->half[1] == b->half[1] && a->half[0] == b->half[0];
}

/* Takes over what user space has said since the last packet. */
static __always_inline void follow_terms(struct flow_state *state, const struct flow_terms *terms)
{
	if (state->sending != terms->sending) {
		state->sending = terms->sending;
		state->send = terms->remote;
		state->send_port = terms->flags & HAS_REMOTE ? terms->remote_port : 0;
	}
	if (state->armed != terms->armed) {
		state->armed = terms->armed;
		state->bound_port = 0;
		state->candidate_port = 0;
		state->candidate_packets = 0;
	}
}

static __always_inline int is_bound_to(const struct flow_state *state, const struct source *from)
{
	return from->port == state->bound_port && same(&from->address, &state->bound);
}

static __always_inline int may_latch(const struct flow_terms *terms, const struct source *from)
{
	return (terms->flags & HAS_REMOTE && same(&from->address, &terms->remote)) ||
	       (terms->flags & HAS_SIGNALING && same(&from->address, &terms->signaling)) || from->is_trusted;
}

static __always_inline enum drop judge(const struct flow_state *state, const struct flow_terms *terms,
				       const struct source *from)
{
	if (state->bound_port) {
		if (is_bound_to(state, from))
			return ACCEPTED;
		if (from->now_ns - state->accepted_ns < RELATCH_SILENCE_NS)
			return same(&from->address, &state->bound) ? DROP_SOURCE_PORT : DROP_SOURCE_ADDRESS;
	}
	if (terms->source == SOURCE_SYMMETRIC)
		return may_latch(terms, from) ? ACCEPTED : DROP_SOURCE_ADDRESS;
	if (!(terms->flags & HAS_REMOTE))
		return DROP_NO_REMOTE;
	if (!same(&from->address, &terms->remote))
		return DROP_SOURCE_ADDRESS;
	return terms->source == SOURCE_STRICT && from->port != terms->remote_port ? DROP_SOURCE_PORT : ACCEPTED;
}

static __always_inline void bind(struct flow_state *state, const struct source *from)
{
	state->bound = from->address;
	state->bound_port = from->port;
}

static __always_inline void learn(struct flow_state *state, const struct flow_terms *terms,
				  const struct source *from)
{
	if (terms->source == SOURCE_SYMMETRIC) {
		bind(state, from);
		state->send = from->address;
		state->send_port = from->port;
		return;
	}
	if (terms->source != SOURCE_ADDRESS)
		return;
	if (from->port != state->candidate_port || from->ssrc != state->candidate_ssrc) {
		state->candidate_port = from->port;
		state->candidate_ssrc = from->ssrc;
		state->candidate_packets = 0;
	}
	state->candidate_packets += 1;
	if (state->candidate_packets >= PACKETS_TO_LOCK)
		bind(state, from);
}

/* Judges a packet and remembers it. */
static __always_inline enum drop admit(struct flow_state *state, const struct flow_terms *terms,
				       const struct source *from)
{
	enum drop verdict = judge(state, terms, from);
	if (verdict != ACCEPTED)
		return verdict;
	/* Another source than the bound one is accepted only after that one's silence. */
	if (state->bound_port && !is_bound_to(state, from)) {
		state->bound_port = 0;
		state->candidate_port = 0;
		state->candidate_packets = 0;
	}
	state->accepted_ns = from->now_ns;
	if (!state->bound_port)
		learn(state, terms, from);
	return ACCEPTED;
}
