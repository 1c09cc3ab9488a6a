/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * savefile.c - `pcap:IN[,out=OUT]`: play one savefile, record another.
 *
 * This runs, shows and tests a switch without any device. The port stays up
 * when the file has ended. IN may be "-": nothing is played.
 *
 * The fd is readable when a frame is due: it is an eventfd that stays readable
 * until the end of the file, or, with pace=real, a timerfd set to the time of
 * the next frame, counted from the first one.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <bsd/string.h>
#include <pcap/pcap.h>

#include "kinds.h"

enum {
	SNAPLEN = 262144,
	/* O_NONBLOCK: opening a pipe must not wait for its reader */
	OUT_FLAGS = O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	OUT_MODE = 0666, /* less the umask */
};

struct savefile {
	pcap_t *in;	  /* NULL: nothing to play, or played to the end */
	bool real;	  /* at the times in the file */
	int64_t shift_ns; /* from time in the file to CLOCK_MONOTONIC */
	/* the next frame, read ahead; its bytes are libpcap's */
	struct pcap_pkthdr *head;
	const u_char *bytes;

	struct stat played_file; /* what @in reads */

	pcap_t *format; /* of the recording */
	pcap_dumper_t *out;

	uint64_t played;
	uint64_t recorded;
	char end[PCAP_ERRBUF_SIZE]; /* why playing ended */
	uint8_t copy[FRAME_MAX + VLAN_TAG];
};

static const char *const keys[] = {"out", "pace", "mtu", NULL};

static int open_port(struct port *port, char *err);
static int read_options(struct port *port, char *err);
static int open_in(struct port *port, char *err);
static FILE *open_to_play(const char *path, struct stat *st, char *err);
static void read_ahead(struct savefile *file);
static void end_playing(struct savefile *file, const char *why);
static int open_out(struct port *port, char *err);
static int open_in_dir(const struct port *port, const char *name, char *err);
static int open_anywhere(const char *path, char *err);
static int check_out(const struct savefile *file, int fd, bool on_request,
    const char *path, char *err);
static bool is_memory_device(const struct stat *st);
static int open_fd(struct port *port, char *err);
static int64_t monotonic_ns(void);
static int64_t ns(const struct timespec *ts);
static int64_t captured_at_ns(const struct savefile *file);
static void arm(const struct port *port);
static int receive(struct port *port, struct batch *batch);
static bool is_due(const struct savefile *file, int64_t now_ns);
static int send_frames(
    struct port *port, const struct frame *const *frames, int n);
static void record(
    struct savefile *file, const struct frame *f, const struct timeval *now);
static void stop_recording(struct port *port, int error);
static void flush(struct port *port);
static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);
static void close_port(struct port *port);

const struct port_kind kind_savefile = {
    .name = "pcap",
    .help = "IN[,out=OUT][,pace=fast|real][,mtu=N]\n"
	    "play a savefile (- for none) and record another",
    .keys = keys,
    .open = open_port,
    .receive = receive,
    .send = send_frames,
    .flush = flush,
    .facts = facts,
    .close = close_port,
};

/* #syscalls openat eventfd2 timerfd_create timerfd_settime */
static int open_port(struct port *port, char *err)
{
	struct savefile *file = calloc(1, sizeof(*file));
	const char *in = port->spec.arg;
	int result;

	port->priv = file;
	if (!file)
		return port_refuse(err, -ENOMEM, "out of memory");
	result = read_options(port, err);
	if (result == 0 && in[0] != '\0' && strcmp(in, "-") != 0)
		result = open_in(port, err);
	if (result == 0)
		result = open_out(port, err);
	if (result == 0)
		result = open_fd(port, err);
	port->can = 0;
	port->carrier = result == 0;
	return result;
}

static int read_options(struct port *port, char *err)
{
	struct savefile *file = port->priv;
	const char *pace = port_spec_get(&port->spec, "pace");

	if (pace && strcmp(pace, "real") != 0 && strcmp(pace, "fast") != 0)
		return port_refuse(err, -EINVAL,
		    "pcap:%s: pace=%s: give fast or real", port->spec.arg,
		    pace);
	file->real = pace && strcmp(pace, "real") == 0;
	port->mtu = PORT_MTU_MAX;
	return port_spec_mtu(&port->spec, &port->mtu, err);
}

static int open_in(struct port *port, char *err)
{
	struct savefile *file = port->priv;
	const char *path = port->spec.arg;
	char errbuf[PCAP_ERRBUF_SIZE];
	FILE *stream = open_to_play(path, &file->played_file, err);

	if (!stream)
		return -errno;
	file->in = pcap_fopen_offline_with_tstamp_precision(
	    stream, PCAP_TSTAMP_PRECISION_NANO, errbuf);
	if (!file->in) {
		fclose(stream);
		return port_refuse(err, -EMEDIUMTYPE,
		    "cannot play %s: %s: give a savefile", path, errbuf);
	}
	if (pcap_datalink(file->in) != DLT_EN10MB)
		return port_refuse(err, -EMEDIUMTYPE,
		    "cannot play %s: its frames are not Ethernet but %s: give "
		    "a savefile of Ethernet",
		    path,
		    pcap_datalink_val_to_description_or_dlt(
			pcap_datalink(file->in)));
	read_ahead(file);
	return 0;
}

/* Opens a regular file to read. Not one of another kind, not for a moment: to
 * open a pipe may wait, to open a device may do anything. */
static FILE *open_to_play(const char *path, struct stat *st, char *err)
{
	FILE *stream = NULL;
	int fd = -1;

	if (stat(path, st) == 0 && S_ISREG(st->st_mode))
		fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	else if (stat(path, st) == 0)
		errno = EMEDIUMTYPE;
	if (fd >= 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		stream = fdopen(fd, "r");
	else if (fd >= 0)
		errno = EMEDIUMTYPE;
	if (stream)
		return stream;
	int error = errno;
	if (fd >= 0)
		close(fd);
	port_refuse(err, 0, "cannot play %s: %s: give the path of a savefile",
	    path,
	    error == EMEDIUMTYPE ? "it is not a regular file, and reading it "
				   "could block all ports"
				 : strerror(error));
	errno = error;
	return NULL;
}

static void read_ahead(struct savefile *file)
{
	int result = pcap_next_ex(file->in, &file->head, &file->bytes);

	if (result == PCAP_ERROR_BREAK)
		end_playing(file, "end of file");
	else if (result != 1)
		end_playing(file, pcap_geterr(file->in));
}

static void end_playing(struct savefile *file, const char *why)
{
	strlcpy(file->end, why, sizeof(file->end));
	pcap_close(file->in);
	file->in = NULL;
}

static int open_out(struct port *port, char *err)
{
	struct savefile *file = port->priv;
	const char *path = port_spec_get(&port->spec, "out");

	if (!path)
		return 0;
	int fd = port->spec.on_request ? open_in_dir(port, path, err)
				       : open_anywhere(path, err);
	if (fd < 0)
		return fd;
	int result = check_out(file, fd, port->spec.on_request, path, err);
	FILE *stream = result ? NULL : fdopen(fd, "w");
	if (!stream) {
		close(fd);
		return result ? result
			      : port_refuse(err, -ENOMEM, "out of memory");
	}
	file->format = pcap_open_dead(DLT_EN10MB, SNAPLEN);
	if (file->format)
		file->out = pcap_dump_fopen(file->format, stream);
	if (!file->out) {
		fclose(stream);
		return port_refuse(err, -EIO, "cannot record to %s: %s", path,
		    file->format ? pcap_geterr(file->format) : "out of memory");
	}
	if (pcap_dump_flush(file->out) < 0)
		return port_refuse(err, -errno, "cannot record to %s: %s", path,
		    strerror(errno));
	return 0;
}

/* A client writes with the rights of the switch: only where it was told to. */
static int open_in_dir(const struct port *port, const char *name, char *err)
{
	int dir = port->host->pcap_dir;

	if (!dir)
		return port_refuse(err, -EACCES,
		    "cannot record to %s on request: start qswitchd with "
		    "--pcap-dir DIR, or use \"qswitchctl capture\"",
		    name);
	if (strchr(name, '/'))
		return port_refuse(err, -EACCES,
		    "cannot record to %s on request: give the name of a file "
		    "in the directory of --pcap-dir, without /",
		    name);
	int fd = openat(dir, name, OUT_FLAGS | O_NOFOLLOW, OUT_MODE);
	if (fd < 0)
		return port_refuse(err, -errno,
		    "cannot record to %s in the directory of --pcap-dir: %s: "
		    "choose another name for out=",
		    name, strerror(errno));
	return fd;
}

static int open_anywhere(const char *path, char *err)
{
	int fd = open(path, OUT_FLAGS, OUT_MODE);

	if (fd < 0)
		return port_refuse(err, -errno, "cannot record to %s: %s: %s",
		    path, strerror(errno),
		    errno == ENOENT  ? "make its directory, or choose another"
		    : errno == ENXIO ? "give the path of a regular file"
				     : "choose another path for out=");
	return fd;
}

/* May @fd be recorded to? Empties it. */
static int check_out(const struct savefile *file, int fd, bool on_request,
    const char *path, char *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return port_refuse(err, -errno, "cannot record to %s: %s", path,
		    strerror(errno));
	if (!S_ISREG(st.st_mode) && (on_request || !is_memory_device(&st)))
		return port_refuse(err, -EMEDIUMTYPE,
		    "cannot record to %s: it is not a regular file, and its "
		    "reader could block all ports: use \"qswitchctl "
		    "capture\"",
		    path);
	if (on_request && st.st_nlink > 1)
		return port_refuse(err, -EMLINK,
		    "cannot record to %s: it has other names elsewhere: choose "
		    "another",
		    path);
	if (file->played_file.st_ino && st.st_dev == file->played_file.st_dev &&
	    st.st_ino == file->played_file.st_ino)
		return port_refuse(err, -EINVAL,
		    "cannot record over %s, which is being played: choose "
		    "another path for out=",
		    path);
	if (S_ISREG(st.st_mode) && ftruncate(fd, 0) < 0)
		return port_refuse(
		    err, -errno, "cannot empty %s: %s", path, strerror(errno));
	return 0;
}

/* /dev/null and /dev/full, which do not make anybody wait. */
static bool is_memory_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && major(st->st_rdev) == 1;
}

static int open_fd(struct port *port, char *err)
{
	struct savefile *file = port->priv;

	if (!file->in)
		return 0;
	if (file->real)
		port->fd =
		    timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	else
		port->fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
	if (port->fd < 0)
		return port_refuse(
		    err, -errno, "cannot make a timer: %s", strerror(errno));
	port->events = POLLIN;
	file->shift_ns = monotonic_ns() - captured_at_ns(file);
	arm(port);
	return 0;
}

/* With pace=real frames are due by the kernel's clock, which the timer uses.
 * The switch's clock may run at another speed (see port_now_ms()). */
static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return ns(&now);
}

static int64_t ns(const struct timespec *ts)
{
	return (int64_t)ts->tv_sec * 1000000000 + ts->tv_nsec;
}

/* When the frame that was read ahead was captured (nanosecond precision). */
static int64_t captured_at_ns(const struct savefile *file)
{
	return (int64_t)file->head->ts.tv_sec * 1000000000 +
	       file->head->ts.tv_usec;
}

/* Makes the fd readable when the next frame is due, or never again. */
static void arm(const struct port *port)
{
	const struct savefile *file = port->priv;
	struct itimerspec at = {{0}, {0}};
	eventfd_t value;
	int64_t due_at_ns;

	if (!file->real) {
		if (!file->in)
			eventfd_read(port->fd, &value);
		return;
	}
	if (file->in) {
		due_at_ns = captured_at_ns(file) + file->shift_ns;
		due_at_ns =
		    due_at_ns > 0 ? due_at_ns : 1; /* 0 would disarm it */
		at.it_value.tv_sec = due_at_ns / 1000000000;
		at.it_value.tv_nsec = due_at_ns % 1000000000;
	}
	timerfd_settime(port->fd, TFD_TIMER_ABSTIME, &at, NULL);
}

/* #syscalls read */
static int receive(struct port *port, struct batch *batch)
{
	struct savefile *file = port->priv;
	int64_t now_ns = file->real ? monotonic_ns() : 0;
	int n = 0;

	while (n < BATCH_MAX && file->in && is_due(file, now_ns)) {
		uint8_t *slot = arena_slot(port->host->arena, n);
		size_t len = file->head->caplen;

		if (len == file->head->len && len > 0 && len <= ARENA_SLOT) {
			memcpy(slot, file->bytes, len);
			frame_parse(&batch->frames[n++], slot, len);
		} else {
			port->counters.rx_invalid++;
		}
		read_ahead(file);
	}
	file->played += (uint64_t)n;
	if (port->fd >= 0)
		arm(port);
	return n;
}

static bool is_due(const struct savefile *file, int64_t now_ns)
{
	return !file->real || captured_at_ns(file) + file->shift_ns <= now_ns;
}

/* Recorded frames carry the time of day, which only the system knows. */
static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	struct savefile *file = port->priv;
	struct timespec ts;
	struct timeval now;

	if (!file->out)
		return n;
	clock_gettime(CLOCK_REALTIME, &ts);
	TIMESPEC_TO_TIMEVAL(&now, &ts);
	for (int i = 0; i < n; i++)
		record(file, frames[i], &now);
	return n;
}

static void record(
    struct savefile *file, const struct frame *f, const struct timeval *now)
{
	size_t len = frame_copy(f, file->copy, sizeof(file->copy));
	struct pcap_pkthdr head = {
	    .ts = *now, .caplen = (bpf_u_int32)len, .len = (bpf_u_int32)len};

	pcap_dump((u_char *)file->out, &head, file->copy);
	file->recorded++;
}

/* The recording is whole after each batch. #syscalls write */
static void flush(struct port *port)
{
	const struct savefile *file = port->priv;

	if (file->out && pcap_dump_flush(file->out) < 0)
		stop_recording(port, errno);
}

/* A full disk, say. The port is down but stays open: opened again, it would
 * begin both files anew, and what was recorded would be lost. */
static void stop_recording(struct port *port, int error)
{
	port->carrier = false;
	port->events = 0;
	port_refuse(port->reason, 0,
	    "cannot record to %s any more: %s: remove the port, and add it "
	    "again with another file",
	    port_spec_get(&port->spec, "out"), strerror(error));
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct savefile *file = port->priv;
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, file->played);
	emit("played", text, arg);
	if (file->end[0])
		emit("playing ended by", file->end, arg);
	if (!file->out)
		return;
	snprintf(text, sizeof(text), "%" PRIu64, file->recorded);
	emit("recorded", text, arg);
}

static void close_port(struct port *port)
{
	struct savefile *file = port->priv;

	if (!file)
		return;
	if (port->fd >= 0)
		close(port->fd);
	if (file->out)
		pcap_dump_close(file->out);
	if (file->format)
		pcap_close(file->format);
	if (file->in)
		pcap_close(file->in);
	free(file);
}
