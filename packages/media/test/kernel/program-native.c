/* Gate and reception of the program, compiled for this machine: commands on standard input, what they did on output. */
#include <stdio.h>
#include <string.h>
#include "layout.h"
#include "reception.h"
#include "source-gate.h"

static struct flow_terms terms;
static struct flow_state state;

static struct address address_of(unsigned number)
{
	struct address address = { .word = { 0, 0, 0, number } };
	return address;
}

/* admit ADDRESS PORT SSRC TRUSTED NS, judge …: the verdict, and where packets go. */
static void gate(const char *command, unsigned address, unsigned port, unsigned ssrc, unsigned trusted,
		 unsigned long long now_ns)
{
	struct source from = { address_of(address), port, trusted, ssrc, now_ns };
	follow_terms(&state, &terms);
	int verdict = strcmp(command, "admit") ? judge(&state, &terms, &from) : admit(&state, &terms, &from);
	printf("%d %u %u\n", verdict, state.send_port ? state.send.word[3] : 0, state.send_port);
}

/* rtp SEQUENCE TIMESTAMP SSRC NS CLOCK-RATE PAYLOAD-TYPE: lost, reordered, duplicates, events, jitter. */
static void rtp(unsigned sequence, unsigned timestamp, unsigned ssrc, unsigned long long now_ns, unsigned clock_rate,
		unsigned payload_type)
{
	struct rtp_numbers numbers = { payload_type, sequence, timestamp, ssrc, 1 };
	terms.clock_rate = clock_rate;
	receive(&state, &terms, &numbers, now_ns);
	printf("%llu %llu %llu %llu %.9f\n", (unsigned long long)(state.lost_before + lost_of_source(&state)),
	       (unsigned long long)state.reordered, (unsigned long long)state.duplicates,
	       (unsigned long long)state.events, state.jitter / 16.0 / 1e6);
}

int main(void)
{
	char line[256], command[16];
	while (fgets(line, sizeof line, stdin)) {
		unsigned long long a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;
		if (sscanf(line, "%15s %llu %llu %llu %llu %llu %llu", command, &a, &b, &c, &d, &e, &f) < 1)
			return 1;
		if (!strcmp(command, "reset")) {
			memset(&terms, 0, sizeof terms);
			memset(terms.event_types, NO_EVENT_TYPE, sizeof terms.event_types);
			memset(&state, 0, sizeof state);
		} else if (!strcmp(command, "terms")) {
			/* SOURCE ARMED SENDING REMOTE PORT, then `signaling`. */
			terms.source = a, terms.armed = b, terms.sending = c;
			terms.flags = (terms.flags & HAS_SIGNALING) | (d ? HAS_REMOTE : 0);
			terms.remote = address_of(d), terms.remote_port = e;
		} else if (!strcmp(command, "signaling")) {
			terms.signaling = address_of(a);
			terms.flags |= HAS_SIGNALING;
		} else if (!strcmp(command, "events")) {
			/* Two payload types. */
			terms.event_types[0] = a, terms.event_types[1] = b;
		} else if (!strcmp(command, "rtp")) {
			rtp(a, b, c, d, e, f);
		} else {
			gate(command, a, b, c, d, e);
		}
	}
	return 0;
}
