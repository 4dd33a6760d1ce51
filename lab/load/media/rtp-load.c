/*
 * Sends and receives RTP at a fixed rate, and tells what it took.
 *
 *   rtp-load send FROM TO SECONDS RATE PORT…     RATE packets per second to each port, spread evenly
 *   rtp-load receive ADDRESS PORT SECONDS        for so long, then tells of what came
 *
 * The sender writes its wall clock into each packet; the receiver compares it with the time at which the kernel got the
 * packet at the far device, so that waking up costs nothing here. One line of JSON at the end.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

enum { PACKET_BYTES = 172, BATCH = 64, TICK_NS = 1000000, SLOTS = 20000 };

static uint64_t now_ns(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000u + time.tv_nsec;
}

static struct sockaddr_in address_of(const char *text, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	inet_pton(AF_INET, text, &address.sin_addr);
	return address;
}

static int socket_at(const char *address, int port)
{
	int descriptor = socket(AF_INET, SOCK_DGRAM, 0), bytes = 8 << 20;
	struct sockaddr_in local = address_of(address, port);
	setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
	setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
	if (bind(descriptor, (struct sockaddr *)&local, sizeof local)) {
		perror("bind");
		exit(1);
	}
	return descriptor;
}

static double cpu_seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void fill(uint8_t *packet, uint32_t stream, uint32_t number)
{
	uint16_t sequence = htons((uint16_t)number);
	uint32_t timestamp = htonl(number * 160), ssrc = htonl(stream + 1);
	uint64_t sent_ns = now_ns(CLOCK_REALTIME);
	packet[0] = 0x80;
	memcpy(packet + 2, &sequence, 2);
	memcpy(packet + 4, &timestamp, 4);
	memcpy(packet + 8, &ssrc, 4);
	memcpy(packet + 12, &sent_ns, 8);
}

static int send_load(const char *from, const char *to, double seconds, double rate, char **ports, int streams)
{
	static uint8_t packets[BATCH][PACKET_BYTES];
	struct mmsghdr messages[BATCH] = { 0 };
	struct iovec vectors[BATCH];
	struct sockaddr_in targets[BATCH];
	int descriptor = socket_at(from, 0);
	uint64_t total = seconds * rate * streams, sent = 0, refused = 0, start = now_ns(CLOCK_MONOTONIC);
	for (int i = 0; i < BATCH; i++) {
		vectors[i] = (struct iovec){ packets[i], PACKET_BYTES };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &vectors[i], .msg_iovlen = 1, .msg_name = &targets[i],
						       .msg_namelen = sizeof targets[i] };
	}
	for (uint64_t tick = 0; sent < total; tick++) {
		struct timespec until = { 0 };
		uint64_t at = start + tick * TICK_NS, due = (double)(tick + 1) * TICK_NS / 1e9 * rate * streams;
		until.tv_sec = at / 1000000000u;
		until.tv_nsec = at % 1000000000u;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		while (sent < due && sent < total) {
			int count = due - sent < BATCH ? due - sent : BATCH;
			for (int i = 0; i < count; i++) {
				uint32_t stream = (sent + i) % streams;
				targets[i] = address_of(to, atoi(ports[stream]));
				fill(packets[i], stream, (sent + i) / streams);
			}
			int done = sendmmsg(descriptor, messages, count, 0);
			if (done < 0)
				refused++, done = count;
			sent += done;
		}
	}
	printf("{\"sent\":%llu,\"refused\":%llu,\"cpuSeconds\":%f,\"seconds\":%f}\n", (unsigned long long)sent,
	       (unsigned long long)refused, cpu_seconds(), (now_ns(CLOCK_MONOTONIC) - start) / 1e9);
	return 0;
}

static uint32_t histogram[SLOTS];

/* Microseconds below which this share of the packets took. */
static double quantile(double share, uint64_t count)
{
	uint64_t wanted = share * count, seen = 0;
	for (int slot = 0; slot < SLOTS; slot++)
		if ((seen += histogram[slot]) > wanted)
			return slot / 2.0 + 0.5;
	return SLOTS / 2.0;
}

static void note(struct msghdr *message, const uint8_t *packet)
{
	for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each; each = CMSG_NXTHDR(message, each)) {
		struct timespec arrived;
		uint64_t sent_ns;
		if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SO_TIMESTAMPNS)
			continue;
		memcpy(&arrived, CMSG_DATA(each), sizeof arrived);
		memcpy(&sent_ns, packet + 12, 8);
		int64_t took = (int64_t)((uint64_t)arrived.tv_sec * 1000000000u + arrived.tv_nsec - sent_ns) / 500;
		histogram[took < 0 ? 0 : took >= SLOTS ? SLOTS - 1 : took]++;
	}
}

static int receive_load(const char *address, int port, double seconds)
{
	static uint8_t packets[BATCH][2048], controls[BATCH][128];
	struct mmsghdr messages[BATCH];
	struct iovec vectors[BATCH];
	int descriptor = socket_at(address, port), on = 1;
	struct timeval wait = { 0, 200000 };
	uint64_t received = 0, end = now_ns(CLOCK_MONOTONIC) + seconds * 1e9;
	setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
	setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	puts("ready");
	fflush(stdout);
	while (now_ns(CLOCK_MONOTONIC) < end) {
		for (int i = 0; i < BATCH; i++) {
			vectors[i] = (struct iovec){ packets[i], sizeof packets[i] };
			messages[i].msg_hdr = (struct msghdr){ .msg_iov = &vectors[i], .msg_iovlen = 1,
							       .msg_control = controls[i], .msg_controllen = sizeof controls[i] };
		}
		int count = recvmmsg(descriptor, messages, BATCH, MSG_WAITFORONE, NULL);
		for (int i = 0; i < count; i++)
			if (messages[i].msg_len == PACKET_BYTES)
				received++, note(&messages[i].msg_hdr, packets[i]);
	}
	printf("{\"received\":%llu,\"cpuSeconds\":%f,\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f}\n", (unsigned long long)received,
	       cpu_seconds(), quantile(0.5, received), quantile(0.99, received), quantile(0.999, received));
	return 0;
}

int main(int count, char **arguments)
{
	if (count > 6 && !strcmp(arguments[1], "send"))
		return send_load(arguments[2], arguments[3], atof(arguments[4]), atof(arguments[5]), arguments + 6, count - 6);
	if (count == 5 && !strcmp(arguments[1], "receive"))
		return receive_load(arguments[2], atoi(arguments[3]), atof(arguments[4]));
	fputs("usage: rtp-load send FROM TO SECONDS RATE PORT... | receive ADDRESS PORT SECONDS\n", stderr);
	return 2;
}
