/*
 * Loaded before a program (LD_PRELOAD), notes every change that the program makes to files under one folder, and every sync,
 * in the order in which they happened. disk.ts makes of these notes what a disk would hold after a power cut. The syncs
 * themselves are left out: what counts is that they were asked for.
 *
 *   POWER_CUT_ROOT  folder that is watched, absolute
 *   POWER_CUT_LOG   file that takes the notes, outside of it
 *   POWER_CUT_AT    the process kills itself (SIGKILL) after so many notes; 0 or left out: never
 *   POWER_CUT_AFTER these notes are counted from when this text was written to stdout; left out: from the beginning
 *
 * A note: u8 what, u64 inode, u64 offset or size, u32 bytes of the name, u32 bytes of the second name, u32 bytes of data, then those;
 * all little endian. Calls go straight to the kernel. A write is noted before it is made, so that nothing can be on the real
 * disk that the notes lack; a sync is noted after it, at the moment at which the program can first know of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC, CREATE, RENAME, UNLINK, LINK, MKDIR, RMDIR, SYNC_FOLDER, UNKNOWN };

#define DESCRIPTORS 65536

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char root[PATH_MAX];
static size_t root_length;
static int notes = -1;
static long notes_left;
static const char *after;
/* 0: not watched, 1: file, 2: folder */
static unsigned char watched[DESCRIPTORS];
static uint64_t inode_of[DESCRIPTORS];
static char *folder_of[DESCRIPTORS];

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("POWER_CUT_ROOT"), *log = getenv("POWER_CUT_LOG"), *at = getenv("POWER_CUT_AT");
  if (folder == NULL || log == NULL || strlen(folder) >= sizeof root) return;
  strcpy(root, folder);
  root_length = strlen(root);
  notes_left = at == NULL ? 0 : atol(at);
  after = getenv("POWER_CUT_AFTER");
  notes = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  /* Programs take the lowest numbers for themselves. */
  int high = fcntl(notes, F_DUPFD_CLOEXEC, 1000);
  syscall(SYS_close, notes);
  notes = high;
}

static void note(uint8_t what, uint64_t inode, uint64_t at, const char *name, const char *second, const void *data, uint32_t bytes) {
  unsigned char head[29];
  uint32_t name_bytes = name ? (uint32_t)strlen(name) : 0, second_bytes = second ? (uint32_t)strlen(second) : 0;
  head[0] = what;
  memcpy(head + 1, &inode, 8);
  memcpy(head + 9, &at, 8);
  memcpy(head + 17, &name_bytes, 4);
  memcpy(head + 21, &second_bytes, 4);
  memcpy(head + 25, &bytes, 4);
  struct iovec parts[4] = {{head, sizeof head}, {(void *)name, name_bytes}, {(void *)second, second_bytes}, {(void *)data, bytes}};
  size_t whole = sizeof head + name_bytes + second_bytes + bytes;
  if (syscall(SYS_writev, notes, parts, 4) != (long)whole) abort();
  if (after == NULL && notes_left > 0 && --notes_left == 0) {
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    for (;;) pause();
  }
}

/* The name under the watched folder ("" for itself), or NULL. Names are kept whole in `buffer`. */
static const char *watched_name(int folder, const char *path, char *buffer) {
  if (notes < 0 || path == NULL) return NULL;
  if (path[0] == '/') {
    if (snprintf(buffer, PATH_MAX, "%s", path) >= PATH_MAX) return NULL;
  } else {
    char base[PATH_MAX], link[64];
    if (folder == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, base, sizeof base - 1);
    if (length < 0) return NULL;
    base[length] = 0;
    if (snprintf(buffer, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return NULL;
  }
  size_t length = strlen(buffer);
  for (;;) {
    if (length > 1 && buffer[length - 1] == '/') buffer[--length] = 0;
    else if (length > 2 && strcmp(buffer + length - 2, "/.") == 0) buffer[--length] = 0;
    else break;
  }
  if (strncmp(buffer, root, root_length) != 0) return NULL;
  if (buffer[root_length] == 0) return buffer + root_length;
  return buffer[root_length] == '/' ? buffer + root_length + 1 : NULL;
}

static int is_file(int descriptor) { return descriptor >= 0 && descriptor < DESCRIPTORS && watched[descriptor] == 1; }

static int opened(int folder, const char *path, int flags, mode_t mode) {
  char buffer[PATH_MAX];
  const char *name = watched_name(folder, path, buffer);
  if (name == NULL) return (int)syscall(SYS_openat, folder, path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat status;
  int stood = fstatat(folder, path, &status, 0) == 0;
  int descriptor = (int)syscall(SYS_openat, folder, path, flags, mode);
  int error = errno;
  if (descriptor >= 0 && descriptor < DESCRIPTORS && fstat(descriptor, &status) == 0) {
    free(folder_of[descriptor]);
    folder_of[descriptor] = NULL;
    inode_of[descriptor] = status.st_ino;
    if (S_ISDIR(status.st_mode)) {
      watched[descriptor] = 2;
      folder_of[descriptor] = strdup(name);
    } else {
      watched[descriptor] = 1;
      if (!stood) note(CREATE, status.st_ino, 0, name, NULL, NULL, 0);
      else if (flags & O_TRUNC) note(TRUNCATE, status.st_ino, 0, NULL, NULL, NULL, 0);
    }
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return descriptor;
}

static mode_t mode_in(int flags, va_list more) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; }

#define OPEN(NAME)                                  \
  int NAME(const char *path, int flags, ...) {      \
    va_list more;                                   \
    va_start(more, flags);                          \
    mode_t mode = mode_in(flags, more);             \
    va_end(more);                                   \
    return opened(AT_FDCWD, path, flags, mode);     \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(NAME)                                        \
  int NAME(int folder, const char *path, int flags, ...) {  \
    va_list more;                                           \
    va_start(more, flags);                                  \
    mode_t mode = mode_in(flags, more);                     \
    va_end(more);                                           \
    return opened(folder, path, flags, mode);               \
  }
OPENAT(openat)
OPENAT(openat64)

int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int close(int descriptor) {
  if (descriptor == notes && notes >= 0) return 0;
  if (descriptor >= 0 && descriptor < DESCRIPTORS) watched[descriptor] = 0;
  return (int)syscall(SYS_close, descriptor);
}

static uint64_t position_of(int descriptor) {
  struct stat status;
  int flags = fcntl(descriptor, F_GETFL);
  if (flags >= 0 && (flags & O_APPEND) && fstat(descriptor, &status) == 0) return (uint64_t)status.st_size;
  return (uint64_t)lseek(descriptor, 0, SEEK_CUR);
}

ssize_t write(int descriptor, const void *data, size_t bytes) {
  if (descriptor == 1 && after != NULL && memmem(data, bytes, after, strlen(after)) != NULL) after = NULL;
  if (!is_file(descriptor)) return syscall(SYS_write, descriptor, data, bytes);
  pthread_mutex_lock(&lock);
  note(WRITE, inode_of[descriptor], position_of(descriptor), NULL, NULL, data, (uint32_t)bytes);
  ssize_t written = syscall(SYS_write, descriptor, data, bytes);
  pthread_mutex_unlock(&lock);
  return written;
}

ssize_t pwrite64(int descriptor, const void *data, size_t bytes, off64_t at) {
  if (!is_file(descriptor)) return syscall(SYS_pwrite64, descriptor, data, bytes, at);
  pthread_mutex_lock(&lock);
  note(WRITE, inode_of[descriptor], (uint64_t)at, NULL, NULL, data, (uint32_t)bytes);
  ssize_t written = syscall(SYS_pwrite64, descriptor, data, bytes, at);
  pthread_mutex_unlock(&lock);
  return written;
}
ssize_t pwrite(int descriptor, const void *data, size_t bytes, off_t at) { return pwrite64(descriptor, data, bytes, at); }

/* One part after the other, so that each is noted. */
static ssize_t written_parts(int descriptor, const struct iovec *parts, int count, off64_t at) {
  ssize_t whole = 0;
  for (int part = 0; part < count; part++) {
    ssize_t written = at < 0 ? write(descriptor, parts[part].iov_base, parts[part].iov_len)
                             : pwrite64(descriptor, parts[part].iov_base, parts[part].iov_len, at + whole);
    if (written < 0) return whole > 0 ? whole : -1;
    whole += written;
    if ((size_t)written < parts[part].iov_len) break;
  }
  return whole;
}
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  return is_file(descriptor) ? written_parts(descriptor, parts, count, -1) : syscall(SYS_writev, descriptor, parts, count);
}
ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t at) {
  return is_file(descriptor) ? written_parts(descriptor, parts, count, at) : syscall(SYS_pwritev, descriptor, parts, count, at, 0L);
}
ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t at) { return pwritev64(descriptor, parts, count, at); }

int ftruncate64(int descriptor, off64_t size) {
  if (!is_file(descriptor)) return (int)syscall(SYS_ftruncate, descriptor, size);
  pthread_mutex_lock(&lock);
  note(TRUNCATE, inode_of[descriptor], (uint64_t)size, NULL, NULL, NULL, 0);
  int result = (int)syscall(SYS_ftruncate, descriptor, size);
  pthread_mutex_unlock(&lock);
  return result;
}
int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

/* What is not followed is noted as such: disk.ts refuses a run in which it happened. */
static void unknown(const char *call) { note(UNKNOWN, 0, 0, call, NULL, NULL, 0); }

int fallocate64(int descriptor, int mode, off64_t at, off64_t bytes) {
  if (is_file(descriptor)) unknown("fallocate");
  return (int)syscall(SYS_fallocate, descriptor, mode, at, bytes);
}
int fallocate(int descriptor, int mode, off_t at, off_t bytes) { return fallocate64(descriptor, mode, at, bytes); }
int posix_fallocate64(int descriptor, off64_t at, off64_t bytes) { return fallocate64(descriptor, 0, at, bytes) == 0 ? 0 : errno; }
int posix_fallocate(int descriptor, off_t at, off_t bytes) { return posix_fallocate64(descriptor, at, bytes); }
ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t bytes, unsigned flags) {
  if (is_file(to)) unknown("copy_file_range");
  return syscall(SYS_copy_file_range, from, from_at, to, to_at, bytes, flags);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t bytes) {
  if (is_file(to)) unknown("sendfile");
  return syscall(SYS_sendfile, to, from, at, bytes);
}
ssize_t sendfile(int to, int from, off_t *at, size_t bytes) { return sendfile64(to, from, at, bytes); }

static int synced(int descriptor) {
  if (descriptor < 0 || descriptor >= DESCRIPTORS || watched[descriptor] == 0) return (int)syscall(SYS_fsync, descriptor);
  pthread_mutex_lock(&lock);
  if (watched[descriptor] == 2) note(SYNC_FOLDER, inode_of[descriptor], 0, folder_of[descriptor], NULL, NULL, 0);
  else note(SYNC, inode_of[descriptor], 0, NULL, NULL, NULL, 0);
  pthread_mutex_unlock(&lock);
  return 0;
}
int fsync(int descriptor) { return synced(descriptor); }
int fdatasync(int descriptor) { return synced(descriptor); }

/* A change of names is made first and noted then: where it fails there is nothing to note. */
static int noted_name(long result, int what, const char *name, const char *second, uint64_t inode) {
  int error = errno;
  if (result == 0 && (name != NULL || second != NULL)) note((uint8_t)what, inode, 0, name, second, NULL, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return (int)result;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  char first[PATH_MAX], second[PATH_MAX];
  const char *old = watched_name(from_folder, from, first), *new = watched_name(to_folder, to, second);
  pthread_mutex_lock(&lock);
  if ((old == NULL) != (new == NULL)) unknown("rename across the watched folder");
  return noted_name(syscall(SYS_renameat2, from_folder, from, to_folder, to, 0), RENAME, old, new, 0);
}
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int unlinkat(int folder, const char *path, int flags) {
  char buffer[PATH_MAX];
  const char *name = watched_name(folder, path, buffer);
  pthread_mutex_lock(&lock);
  return noted_name(syscall(SYS_unlinkat, folder, path, flags), flags & AT_REMOVEDIR ? RMDIR : UNLINK, name, NULL, 0);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  if (unlinkat(AT_FDCWD, path, 0) == 0) return 0;
  return errno == EISDIR || errno == EPERM ? unlinkat(AT_FDCWD, path, AT_REMOVEDIR) : -1;
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  char first[PATH_MAX], second[PATH_MAX];
  const char *old = watched_name(from_folder, from, first), *new = watched_name(to_folder, to, second);
  pthread_mutex_lock(&lock);
  return noted_name(syscall(SYS_linkat, from_folder, from, to_folder, to, flags), LINK, old, new, 0);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int mkdirat(int folder, const char *path, mode_t mode) {
  char buffer[PATH_MAX];
  const char *name = watched_name(folder, path, buffer);
  pthread_mutex_lock(&lock);
  return noted_name(syscall(SYS_mkdirat, folder, path, mode), MKDIR, name, NULL, 0);
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
