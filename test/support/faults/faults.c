// Makes chosen file operations fail, for tests: preloaded into a real process, steered through a shared file.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { READS = 1, WRITES = 2, SYNCS = 4, CREATES = 8, HANGS = 16 };

// As faults.ts writes it.
struct control {
  volatile int operations;
  volatile int error;
  volatile char path[248];
};

static struct control *control;

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("FAULTS_FILE");
  if (file == NULL) return;
  int descriptor = open(file, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  void *at = mmap(NULL, sizeof(struct control), PROT_READ, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (at != MAP_FAILED) control = at;
}

/* With a `$` behind it a name has to stand at the end, so that `signalbox.db$` leaves its log alone. */
static int matches(const char *path) {
  const char *wanted = (const char *)control->path;
  size_t length = strlen(wanted), has = strlen(path);
  if (length == 0 || wanted[length - 1] != '$') return strstr(path, wanted) != NULL;
  return has >= length - 1 && strncmp(path + has - (length - 1), wanted, length - 1) == 0;
}

static int fails(int operation, int descriptor) {
  if (control == NULL || (control->operations & operation) == 0) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  if (!matches(path)) return 0;
  while (control->operations & HANGS) usleep(20000);
  errno = control->error;
  return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t read(int fd, void *to, size_t n) { return fails(READS, fd) ? -1 : NEXT(read)(fd, to, n); }
ssize_t pread(int fd, void *to, size_t n, off_t at) { return fails(READS, fd) ? -1 : NEXT(pread)(fd, to, n, at); }
ssize_t pread64(int fd, void *to, size_t n, off64_t at) { return fails(READS, fd) ? -1 : NEXT(pread64)(fd, to, n, at); }
ssize_t write(int fd, const void *from, size_t n) { return fails(WRITES, fd) ? -1 : NEXT(write)(fd, from, n); }
ssize_t pwrite(int fd, const void *from, size_t n, off_t at) { return fails(WRITES, fd) ? -1 : NEXT(pwrite)(fd, from, n, at); }
ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at) {
  return fails(WRITES, fd) ? -1 : NEXT(pwrite64)(fd, from, n, at);
}
int fsync(int fd) { return fails(SYNCS, fd) ? -1 : NEXT(fsync)(fd); }
int fdatasync(int fd) { return fails(SYNCS, fd) ? -1 : NEXT(fdatasync)(fd); }

static int mayNotCreate(const char *path, int flags) {
  if (control == NULL || (control->operations & CREATES) == 0 || (flags & O_CREAT) == 0 || !matches(path)) return 0;
  if (access(path, F_OK) == 0) return 0;
  errno = control->error;
  return 1;
}

#define OPEN(name)                                                  \
  int name(const char *path, int flags, ...) {                      \
    va_list rest;                                                   \
    va_start(rest, flags);                                          \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, int) : 0; \
    va_end(rest);                                                   \
    return mayNotCreate(path, flags) ? -1 : NEXT(name)(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
