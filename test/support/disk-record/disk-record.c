// Records, in order, what a real process writes to its store, when it asks for that to be on disk, and what it answers:
// preloaded for tests. disk-record.ts reads what it writes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE = 1, SYNC_BEGIN = 2, SYNC_END = 3, TRUNCATE = 4, ANSWER = 5 };

struct record {
  uint32_t kind;
  uint32_t file;
  uint64_t at;
  uint64_t length;
};

static int log_descriptor = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint_fast64_t syncs;

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("DISK_RECORD_FILE");
  if (file != NULL) log_descriptor = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static void put(const void *from, size_t n) {
  const char *at = from;
  while (n > 0) {
    long written = syscall(SYS_write, log_descriptor, at, n);
    if (written <= 0) abort();
    at += written;
    n -= written;
  }
}

static void note(uint32_t kind, uint32_t file, uint64_t at, const void *data, uint64_t length) {
  struct record record = {kind, file, at, length};
  pthread_mutex_lock(&lock);
  put(&record, sizeof record);
  if (data != NULL) put(data, length);
  pthread_mutex_unlock(&lock);
}

static int ends_with(const char *path, const char *end) {
  size_t n = strlen(path), m = strlen(end);
  return n >= m && strcmp(path + n - m, end) == 0;
}

// 1: the database, 2: its log, 3: a socket, 0: anything else.
static uint32_t file_of(int descriptor) {
  if (log_descriptor < 0) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  if (ends_with(path, "/signalbox.db")) return 1;
  if (ends_with(path, "/signalbox.db-wal")) return 2;
  return strncmp(path, "socket:", 7) == 0 ? 3 : 0;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// Before it is sent: what the store has by then is what counts.
static void note_answer(const void *data, size_t n) {
  if (n > 10 && memcmp(data, "HTTP/1.1 2", 10) == 0) note(ANSWER, 0, 0, data, n);
}

ssize_t write(int fd, const void *from, size_t n) {
  uint32_t file = file_of(fd);
  if (file == 3) note_answer(from, n);
  off_t at = file == 1 || file == 2 ? lseek(fd, 0, SEEK_CUR) : 0;
  ssize_t written = NEXT(write)(fd, from, n);
  if ((file == 1 || file == 2) && written > 0) note(WRITE, file, at, from, written);
  return written;
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at) {
  ssize_t written = NEXT(pwrite)(fd, from, n, at);
  uint32_t file = file_of(fd);
  if ((file == 1 || file == 2) && written > 0) note(WRITE, file, at, from, written);
  return written;
}

ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at) {
  ssize_t written = NEXT(pwrite64)(fd, from, n, at);
  uint32_t file = file_of(fd);
  if ((file == 1 || file == 2) && written > 0) note(WRITE, file, at, from, written);
  return written;
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
  if (n > 0 && file_of(fd) == 3) note_answer(parts[0].iov_base, parts[0].iov_len);
  return NEXT(writev)(fd, parts, n);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  if (message->msg_iovlen > 0 && file_of(fd) == 3) {
    note_answer(message->msg_iov[0].iov_base, message->msg_iov[0].iov_len);
  }
  return NEXT(sendmsg)(fd, message, flags);
}

static int synced(int fd, int (*sync)(int)) {
  uint32_t file = file_of(fd);
  if (file != 1 && file != 2) return sync(fd);
  uint64_t number = atomic_fetch_add(&syncs, 1);
  note(SYNC_BEGIN, file, number, NULL, 0);
  int result = sync(fd);
  if (result == 0) note(SYNC_END, file, number, NULL, 0);
  return result;
}

int fsync(int fd) { return synced(fd, NEXT(fsync)); }
int fdatasync(int fd) { return synced(fd, NEXT(fdatasync)); }

static int truncated(int fd, off_t length, int result) {
  uint32_t file = file_of(fd);
  if (result == 0 && (file == 1 || file == 2)) note(TRUNCATE, file, length, NULL, 0);
  return result;
}

int ftruncate(int fd, off_t length) { return truncated(fd, length, NEXT(ftruncate)(fd, length)); }
int ftruncate64(int fd, off64_t length) { return truncated(fd, length, NEXT(ftruncate64)(fd, length)); }
