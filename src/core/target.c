/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "target.h"

#include "failure.h"
#include "object_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum
{
  MOST_WRITERS = 64,  /* of one object at the same time */
  LONGEST_NAME = 200, /* of the object in its temporary's name; file systems allow 255 bytes in all */
  TEMPORARY_EXTRA = 32
};

/* The path without trailing slashes; of a link, the path that it leads to. */
static iwf_status
resolve(const char * path, char ** resolved, iwf_error * error)
{
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/')
  {
    --length;
  }
  char * copy = strndup(path, length);
  if (copy == NULL)
  {
    return iwf_fail_memory(error);
  }
  struct stat status;
  if (lstat(copy, &status) == 0 && S_ISLNK(status.st_mode))
  {
    char *    followed = realpath(copy, NULL);
    const int reason = errno;
    free(copy);
    if (followed == NULL)
    {
      return iwf_fail_system(error, IWF_ERROR_OPEN, reason, "could not follow the symbolic link");
    }
    copy = followed;
  }
  *resolved = copy;
  return IWF_OK;
}

/* Checks what is at the path now. `*exists`, and `*mode` then, are for the temporary. */
static iwf_status
check_existing(const iwf_target * target, bool * exists, mode_t * mode, iwf_error * error)
{
  struct stat status;
  *exists = stat(target->path, &status) == 0;
  if (!*exists)
  {
    return errno == ENOENT ? IWF_OK : iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not examine the path");
  }
  *mode = status.st_mode & 07777;
  if (target->is_directory ? !S_ISDIR(status.st_mode) : !S_ISREG(status.st_mode))
  {
    return iwf_fail(error,
                    IWF_ERROR_OPEN,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected %s to replace, found %s",
                    target->is_directory ? "a directory" : "a file",
                    S_ISDIR(status.st_mode)   ? "a directory"
                    : S_ISREG(status.st_mode) ? "a file"
                                              : "a device");
  }
  if (access(target->path, W_OK) != 0)
  {
    return iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not replace what is there");
  }
  if (!target->is_directory)
  {
    return IWF_OK;
  }
  const int directory = open(target->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0)
  {
    return iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not list the directory to replace");
  }
  const iwf_status checked = iwf_object_files_check(directory, error);
  (void)close(directory);
  return checked;
}

/* The name of the temporary for one of several writers. */
static iwf_status
name_temporary(iwf_target * target, int writer, iwf_error * error)
{
  const char * slash = strrchr(target->path, '/');
  const char * name = slash != NULL ? slash + 1 : target->path;
  const size_t folder = (size_t)(name - target->path);
  const size_t capacity = strlen(target->path) + TEMPORARY_EXTRA;
  char *       temporary = realloc(target->temporary, capacity);
  if (temporary == NULL)
  {
    return iwf_fail_memory(error);
  }
  target->temporary = temporary;
  (void)snprintf(temporary, capacity, "%.*s.%.*s.iwf-%d.tmp", (int)folder, target->path, LONGEST_NAME, name, writer);
  return IWF_OK;
}

/* Tells whether an open temporary is what its name leads to, and belongs to this user. */
static bool
is_own(int descriptor, const char * temporary, mode_t type)
{
  struct stat by_descriptor;
  struct stat by_name;
  return fstat(descriptor, &by_descriptor) == 0 && lstat(temporary, &by_name) == 0 &&
         by_descriptor.st_dev == by_name.st_dev && by_descriptor.st_ino == by_name.st_ino &&
         (by_name.st_mode & S_IFMT) == type && by_name.st_uid == geteuid();
}

static void
remove_temporary_directory(const char * temporary, int descriptor)
{
  iwf_object_files_remove(descriptor);
  (void)rmdir(temporary);
}

/* Removes a temporary that no writer has locked. What somebody else put under its name stays. */
static void
remove_stale(const char * temporary, bool is_directory)
{
  const int flags = is_directory ? O_RDONLY | O_DIRECTORY : O_RDONLY | O_NONBLOCK | O_NOCTTY;
  const int descriptor = open(temporary, flags | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0)
  {
    return;
  }
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && is_own(descriptor, temporary, is_directory ? S_IFDIR : S_IFREG))
  {
    if (is_directory)
    {
      remove_temporary_directory(temporary, descriptor);
    }
    else
    {
      (void)unlink(temporary);
    }
  }
  (void)close(descriptor);
}

/* Creates a new file or directory; -1 and `*reason` if that fails. */
static int
create_new(const char * temporary, bool is_directory, int * reason)
{
  int descriptor = -1;
  if (!is_directory)
  {
    descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    *reason = errno;
    return descriptor;
  }
  if (mkdir(temporary, 0777) != 0)
  {
    *reason = errno;
    return -1;
  }
  descriptor = open(temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0)
  {
    *reason = errno == ENOENT ? EBUSY : errno; /* another writer may take it for one left behind and remove it */
    if (*reason != EBUSY)
    {
      (void)rmdir(temporary);
    }
  }
  return descriptor;
}

/*
 * Creates the temporary of this name and locks it; one that was left behind is removed before. False, with EBUSY as the
 * reason, when another writer has it.
 */
static bool
lock_temporary(iwf_target * target, int * reason)
{
  int descriptor = create_new(target->temporary, target->is_directory, reason);
  if (descriptor < 0 && *reason == EEXIST)
  {
    remove_stale(target->temporary, target->is_directory);
    descriptor = create_new(target->temporary, target->is_directory, reason);
  }
  if (descriptor < 0)
  {
    return false;
  }
  /* Between the two calls another writer may have taken it for one left behind. */
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 &&
      is_own(descriptor, target->temporary, target->is_directory ? S_IFDIR : S_IFREG))
  {
    target->descriptor = descriptor;
    return true;
  }
  *reason = EBUSY;
  (void)close(descriptor);
  return false;
}

/* Removes what other writers of this object left behind; those before `writer` are in use. */
static void
remove_other_temporaries(iwf_target * target, int writer)
{
  iwf_target other = { .path = target->path };
  for (int i = writer + 1; i < MOST_WRITERS && name_temporary(&other, i, NULL) == IWF_OK; ++i)
  {
    if (access(other.temporary, F_OK) != 0)
    {
      break;
    }
    remove_stale(other.temporary, target->is_directory);
  }
  free(other.temporary);
}

static iwf_status
create_temporary(iwf_target * target, iwf_error * error)
{
  int reason = 0;
  for (int writer = 0; writer < MOST_WRITERS; ++writer)
  {
    IWF_TRY(name_temporary(target, writer, error));
    if (lock_temporary(target, &reason))
    {
      remove_other_temporaries(target, writer);
      return IWF_OK;
    }
    if (reason != EBUSY && reason != EEXIST)
    {
      break;
    }
  }
  free(target->temporary);
  target->temporary = NULL;
  return iwf_fail_system(error, IWF_ERROR_OPEN, reason, "could not create a temporary beside the path");
}

/* Where replace_directory_in_steps() moves the old directory for a moment. */
static char *
name_aside(const iwf_target * target)
{
  char * aside = NULL;
  return asprintf(&aside, "%s.old", target->temporary) >= 0 ? aside : NULL;
}

/* A writer that was killed between its steps left the old object aside: puts it back, or removes it if there is a new one. */
static iwf_status
recover_aside(const iwf_target * target, iwf_error * error)
{
  char * aside = target->is_directory ? name_aside(target) : NULL;
  if (aside == NULL)
  {
    return target->is_directory ? iwf_fail_memory(error) : IWF_OK;
  }
  if (access(aside, F_OK) == 0 && (access(target->path, F_OK) == 0 || rename(aside, target->path) != 0))
  {
    remove_stale(aside, true);
  }
  free(aside);
  return IWF_OK;
}

iwf_status
iwf_target_open(iwf_target * target, const char * path, bool is_directory, iwf_error * error)
{
  *target = (iwf_target){ .descriptor = -1, .is_directory = is_directory };
  bool       exists = false;
  mode_t     mode = 0;
  iwf_status status = resolve(path, &target->path, error);
  if (status == IWF_OK)
  {
    status = check_existing(target, &exists, &mode, error);
  }
  if (status == IWF_OK)
  {
    status = create_temporary(target, error);
  }
  if (status == IWF_OK)
  {
    status = recover_aside(target, error);
  }
  if (status == IWF_OK && is_directory && !exists)
  {
    status = check_existing(target, &exists, &mode, error); /* what came back */
  }
  if (status == IWF_OK && exists && fchmod(target->descriptor, mode) != 0)
  {
    status = iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not keep the permissions of what is there");
  }
  if (status != IWF_OK)
  {
    iwf_target_close(target);
  }
  return status;
}

/* Where the system cannot exchange: for a moment there is no object at the path. */
static iwf_status
replace_directory_in_steps(const iwf_target * target, iwf_error * error)
{
  char * aside = name_aside(target);
  if (aside == NULL)
  {
    return iwf_fail_memory(error);
  }
  iwf_status status = IWF_OK;
  if (rename(target->path, aside) != 0)
  {
    status = iwf_fail_system(error, IWF_ERROR_COMMIT, errno, "could not move the old directory aside");
  }
  else if (rename(target->temporary, target->path) != 0)
  {
    const int reason = errno;
    (void)rename(aside, target->path);
    status = iwf_fail_system(error, IWF_ERROR_COMMIT, reason, "could not put the new directory in its place");
  }
  else
  {
    remove_stale(aside, true);
  }
  free(aside);
  return status;
}

/* The old directory's writer may be between putting it there and unlocking it. */
static void
remove_old(const char * temporary)
{
  const struct timespec moment = { .tv_nsec = 1000000 };
  struct stat           old;
  struct stat           now;
  const bool            known = lstat(temporary, &old) == 0;
  remove_stale(temporary, true);
  for (int attempt = 0; known && attempt < 50 && lstat(temporary, &now) == 0 && now.st_ino == old.st_ino; ++attempt)
  {
    (void)nanosleep(&moment, NULL);
    remove_stale(temporary, true);
  }
}

static iwf_status
replace_directory(const iwf_target * target, iwf_error * error)
{
#if defined(RENAME_EXCHANGE)
  if (renameat2(AT_FDCWD, target->temporary, AT_FDCWD, target->path, RENAME_EXCHANGE) == 0)
  {
    remove_old(target->temporary); /* the name leads to the old directory now */
    return IWF_OK;
  }
  if (errno != EINVAL && errno != ENOSYS)
  {
    return iwf_fail_system(error, IWF_ERROR_COMMIT, errno, "could not exchange the directories");
  }
#endif
  return replace_directory_in_steps(target, error);
}

/* Network file systems report failed writes when a descriptor is closed; the lock must be kept meanwhile. */
static iwf_status
check_written(int descriptor, iwf_error * error)
{
  const int copy = dup(descriptor);
  if (copy < 0 || close(copy) != 0)
  {
    return iwf_fail_system(error, IWF_ERROR_WRITE, errno, "could not finish writing");
  }
  return IWF_OK;
}

iwf_status
iwf_target_commit(iwf_target * target, iwf_error * error)
{
  if (!target->is_directory)
  {
    IWF_TRY(check_written(target->descriptor, error));
  }
  /* A directory takes the place of none, or of an empty one. */
  if (rename(target->temporary, target->path) != 0)
  {
    if (!target->is_directory || (errno != ENOTEMPTY && errno != EEXIST))
    {
      return iwf_fail_system(error, IWF_ERROR_COMMIT, errno, "could not put the new object in its place");
    }
    IWF_TRY(replace_directory(target, error));
  }
  free(target->temporary);
  target->temporary = NULL;
  /* The lock goes with the descriptor: the next writer may want to remove what this one has just written. */
  (void)close(target->descriptor);
  target->descriptor = -1;
  return IWF_OK;
}

void
iwf_target_close(iwf_target * target)
{
  if (target->temporary != NULL && target->descriptor >= 0)
  {
    if (target->is_directory)
    {
      remove_temporary_directory(target->temporary, target->descriptor);
    }
    else
    {
      (void)unlink(target->temporary);
    }
  }
  if (target->descriptor >= 0)
  {
    (void)close(target->descriptor);
  }
  free(target->temporary);
  free(target->path);
  *target = (iwf_target){ .descriptor = -1 };
}
