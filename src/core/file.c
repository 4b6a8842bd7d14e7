/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "file.h"

#include "failure.h"
#include "parallel.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* The most that one system call is asked for; Linux moves at most 2 GiB at once. */
#define LARGEST_CALL (UINT64_C(1) << 30)

/* O_NONBLOCK: opening a FIFO must not wait for its other end. */
enum
{
  READ_FLAGS = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
};

static iwf_status
check_regular(int descriptor, const char * path, iwf_error * error)
{
  struct stat status;
  if (fstat(descriptor, &status) != 0)
  {
    return iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not examine '%s'", path);
  }
  if (!S_ISREG(status.st_mode))
  {
    return iwf_fail(error,
                    IWF_ERROR_PATH,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected a regular file, found %s",
                    S_ISDIR(status.st_mode) ? "a directory" : "a FIFO, socket or device");
  }
  return IWF_OK;
}

iwf_status
iwf_file_open(const char * path, int * descriptor, iwf_error * error)
{
  const int opened = open(path, READ_FLAGS);
  if (opened < 0)
  {
    return iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not open the file");
  }
  const iwf_status status = check_regular(opened, path, error);
  if (status != IWF_OK)
  {
    (void)close(opened);
    return status;
  }
  *descriptor = opened;
  return IWF_OK;
}

static iwf_status
reject_path(const char * path, const char * found, iwf_error * error)
{
  char quoted[IWF_DESCRIPTION];
  return iwf_fail(error,
                  IWF_ERROR_PATH,
                  IWF_NO_OFFSET,
                  NULL,
                  "expected the path of a file inside of the directory, found %s in %s",
                  found,
                  iwf_quote(path, strlen(path), quoted));
}

/* Opens one part of a path; `last` tells whether it is the file itself. */
static iwf_status
open_part(int          directory,
          const char * name,
          bool         last,
          bool         writable,
          const char * path,
          int *        opened,
          bool *       missing,
          iwf_error *  error)
{
  int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
  if (last)
  {
    flags = writable ? O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW : READ_FLAGS | O_NOFOLLOW;
  }
  *opened = openat(directory, name, flags, 0666);
  if (*opened >= 0)
  {
    return IWF_OK;
  }
  const int   reason = errno;
  struct stat status;
  if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode))
  {
    return reject_path(path, "a symbolic link", error);
  }
  if (missing != NULL)
  {
    *missing = reason == ENOENT || reason == ENOTDIR;
  }
  return iwf_fail_system(error, IWF_ERROR_OPEN, reason, "could not open '%s'", path);
}

iwf_status
iwf_file_open_below(int          directory,
                    const char * path,
                    bool         writable,
                    int *        descriptor,
                    bool *       missing,
                    iwf_error *  error)
{
  char part[256];
  int  parent = directory;
  int  opened = -1;
  if (missing != NULL)
  {
    *missing = false;
  }
  if (path[0] == '/' || path[0] == '\0' || strchr(path, '\\') != NULL || strchr(path, ':') != NULL)
  {
    return reject_path(path, path[0] == '\0' ? "nothing" : "an absolute path, a drive or a backslash", error);
  }
  iwf_status status = IWF_OK;
  for (const char * rest = path; status == IWF_OK && rest != NULL;)
  {
    const char * slash = strchr(rest, '/');
    const size_t length = slash != NULL ? (size_t)(slash - rest) : strlen(rest);
    if (length >= sizeof(part))
    {
      status = reject_path(path, "a name of more than 255 bytes", error);
      break;
    }
    memcpy(part, rest, length);
    part[length] = '\0';
    if (length == 0 || strcmp(part, "..") == 0)
    {
      status = reject_path(path, length == 0 ? "an empty name" : "'..'", error);
      break;
    }
    status = open_part(parent, part, slash == NULL, writable, path, &opened, missing, error);
    if (parent != directory)
    {
      (void)close(parent);
    }
    parent = opened;
    rest = slash != NULL ? slash + 1 : NULL;
  }
  if (status == IWF_OK)
  {
    status = check_regular(opened, path, error);
    if (status == IWF_OK)
    {
      *descriptor = opened;
      return IWF_OK;
    }
  }
  if (parent != directory && parent >= 0)
  {
    (void)close(parent);
  }
  return status;
}

iwf_status
iwf_file_size(int descriptor, uint64_t * size, iwf_error * error)
{
  struct stat status;
  if (fstat(descriptor, &status) != 0)
  {
    return iwf_fail_system(error, IWF_ERROR_READ, errno, "could not find out the file's size");
  }
  *size = (uint64_t)status.st_size;
  return IWF_OK;
}

typedef struct transfer
{
  int             descriptor;
  uint64_t        offset;
  unsigned char * into;
} transfer;

static iwf_status
read_range(void * context, uint64_t first, uint64_t bytes, iwf_error * error)
{
  const transfer * t = context;
  while (bytes > 0)
  {
    const size_t  wanted = (size_t)(bytes < LARGEST_CALL ? bytes : LARGEST_CALL);
    const ssize_t got = pread(t->descriptor, t->into + first, wanted, (off_t)(t->offset + first));
    if (got < 0 && errno == EINTR)
    {
      continue;
    }
    if (got < 0)
    {
      return iwf_fail_system(
        error, IWF_ERROR_READ, errno, "could not read %zu bytes at byte %" PRIu64, wanted, t->offset + first);
    }
    if (got == 0)
    {
      return iwf_fail(error,
                      IWF_ERROR_TRUNCATED,
                      t->offset + first,
                      NULL,
                      "expected %" PRIu64 " more bytes, found the end of the file",
                      bytes);
    }
    first += (uint64_t)got;
    bytes -= (uint64_t)got;
  }
  return IWF_OK;
}

iwf_status
iwf_file_read(int descriptor, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error)
{
  transfer t = { .descriptor = descriptor, .offset = offset, .into = buffer };
  return iwf_parallel(bytes, read_range, &t, error);
}

/* Beyond the process's limit (ulimit -f) the system does not only refuse: it sends a signal that kills. */
static iwf_status
check_size_limit(uint64_t end, iwf_error * error)
{
  struct rlimit limit;
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && end > limit.rlim_cur)
  {
    return iwf_fail_system(error,
                           IWF_ERROR_WRITE,
                           EFBIG,
                           "could not write a file of %" PRIu64 " bytes, more than the process's limit of %" PRIu64,
                           end,
                           (uint64_t)limit.rlim_cur);
  }
  return IWF_OK;
}

/* By one thread: the system lets only one at a time write to a file; a second one waits, which costs more than it helps. */
iwf_status
iwf_file_write(int descriptor, uint64_t offset, const void * buffer, uint64_t bytes, iwf_error * error)
{
  IWF_TRY(check_size_limit(offset + bytes, error));
  const unsigned char * from = buffer;
  while (bytes > 0)
  {
    const size_t  wanted = (size_t)(bytes < LARGEST_CALL ? bytes : LARGEST_CALL);
    const ssize_t put = pwrite(descriptor, from, wanted, (off_t)offset);
    if (put < 0 && errno == EINTR)
    {
      continue;
    }
    if (put <= 0)
    {
      return iwf_fail_system(
        error, IWF_ERROR_WRITE, put < 0 ? errno : ENOSPC, "could not write %zu bytes at byte %" PRIu64, wanted, offset);
    }
    from += put;
    offset += (uint64_t)put;
    bytes -= (uint64_t)put;
  }
  return IWF_OK;
}

iwf_status
iwf_file_allocate(int descriptor, uint64_t bytes, iwf_error * error)
{
  IWF_TRY(check_size_limit(bytes, error));
#if defined(__linux__)
  /*
   * Not posix_fallocate(): where the file system cannot allocate, that one writes zeros instead. The size is kept, so that
   * after a power failure a file is too short rather than full of zeros. It pays for small files too: ext4 begins to
   * write a file that replaces another one to the disk at once, and its removal has to wait for that, unless it has its
   * blocks already.
   */
  if (bytes > 0 && fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, (off_t)bytes) != 0 &&
      (errno == ENOSPC || errno == EFBIG || errno == EDQUOT))
  {
    return iwf_fail_system(error, IWF_ERROR_WRITE, errno, "could not get %" PRIu64 " bytes of disk space", bytes);
  }
#else
  (void)descriptor;
#endif
  return IWF_OK;
}
