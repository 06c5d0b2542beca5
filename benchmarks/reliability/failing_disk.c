/* A disk that fails: for LD_PRELOAD. Counts the changes that the process makes to files under one
   folder, and fails the nth of them with an error of the system, or kills the process there. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[4096];
static atomic_long changes;
static long fails_at, lasts;
static int error_number, lies;

/* From change number `at` on (0: never) fail `last` changes with `number`; 0 kills the process.
   With `lie` the disk tells of a terabyte of free space. */
void arm_failing_disk(const char *path, long at, long last, int number, int lie)
{
    strncpy(folder, path, sizeof folder - 1);
    fails_at = at, lasts = last, error_number = number, lies = lie;
    atomic_store(&changes, 0);
}

long count_changes(void) { return atomic_load(&changes); }

static int is_due(const char *path)
{
    size_t length = strlen(folder);
    if (length == 0 || strncmp(path, folder, length) != 0)
        return 0;
    long now = atomic_fetch_add(&changes, 1) + 1;
    return fails_at > 0 && now >= fails_at && now < fails_at + lasts;
}

static int fails(void)
{
    if (error_number == 0)
        kill(getpid(), SIGKILL);
    errno = error_number;
    return -1;
}

static int is_file_due(int file)
{
    char link[32], path[4096];
    if (folder[0] == 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return is_due(path);
}

/* A name relative to another folder than the working one is not looked at. */
static int is_name_due(const char *name)
{
    return name[0] == '/' && is_due(name);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* A kill in the middle of a write leaves half of it. */
ssize_t write(int file, const void *data, size_t size)
{
    if (is_file_due(file)) {
        if (error_number == 0)
            REAL(write)(file, data, size / 2);
        return fails();
    }
    return REAL(write)(file, data, size);
}

#define PWRITE(name, offset_type)                                                                  \
    ssize_t name(int file, const void *data, size_t size, offset_type offset)                      \
    {                                                                                              \
        if (is_file_due(file)) {                                                                   \
            if (error_number == 0)                                                                 \
                REAL(name)(file, data, size / 2, offset);                                          \
            return fails();                                                                        \
        }                                                                                          \
        return REAL(name)(file, data, size, offset);                                               \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int file, const struct iovec *parts, int count)
{
    return is_file_due(file) ? fails() : REAL(writev)(file, parts, count);
}

int fsync(int file) { return is_file_due(file) ? fails() : REAL(fsync)(file); }
int fdatasync(int file) { return is_file_due(file) ? fails() : REAL(fdatasync)(file); }

int ftruncate(int file, off_t size)
{
    return is_file_due(file) ? fails() : REAL(ftruncate)(file, size);
}

int ftruncate64(int file, off64_t size)
{
    return is_file_due(file) ? fails() : REAL(ftruncate64)(file, size);
}

int fallocate64(int file, int mode, off64_t offset, off64_t size)
{
    return is_file_due(file) ? fails() : REAL(fallocate64)(file, mode, offset, size);
}

int mkdir(const char *path, mode_t mode)
{
    return is_name_due(path) ? fails() : REAL(mkdir)(path, mode);
}

int rename(const char *from, const char *to)
{
    return is_name_due(to) ? fails() : REAL(rename)(from, to);
}

/* Only opening to make a file changes the disk. */
#define OPEN(name, ...)                                                                            \
    {                                                                                              \
        mode_t mode = 0;                                                                           \
        if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {                                                       \
            va_list rest;                                                                          \
            va_start(rest, flags);                                                                 \
            mode = va_arg(rest, mode_t);                                                           \
            va_end(rest);                                                                          \
            if ((flags & O_CREAT) && is_name_due(path))                                            \
                return fails();                                                                    \
        }                                                                                          \
        return REAL(name)(__VA_ARGS__, flags, mode);                                               \
    }
int open(const char *path, int flags, ...) OPEN(open, path)
int open64(const char *path, int flags, ...) OPEN(open64, path)
int openat(int at, const char *path, int flags, ...) OPEN(openat, at, path)
int openat64(int at, const char *path, int flags, ...) OPEN(openat64, at, path)

#define STATVFS(name)                                                                              \
    int name(const char *path, struct name *told)                                                  \
    {                                                                                              \
        int result = REAL(name)(path, told);                                                       \
        if (lies && result == 0)                                                                   \
            told->f_bfree = told->f_bavail = (1UL << 40) / told->f_frsize;                         \
        return result;                                                                             \
    }
STATVFS(statvfs)
STATVFS(statvfs64)
