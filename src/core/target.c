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
                    S_ISDIR(status.st_mode) ? "a directory" : S_ISREG(status.st_mode) ? "a file" : "a device");
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

/* Creates or takes over the temporary of this name and locks it; false when another writer has it. */
static bool
lock_temporary(iwf_target * target, int * descriptor, int * reason)
{
  *descriptor = -1;
  if (target->is_directory && mkdir(target->temporary, 0777) != 0 && errno != EEXIST)
  {
    *reason = errno;
    return false;
  }
  *descriptor = target->is_directory
                  ? open(target->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
                  : open(target->temporary, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  if (*descriptor < 0)
  {
    *reason = errno;
    return false;
  }
  struct stat open_status;
  struct stat path_status;
  const bool  locked = flock(*descriptor, LOCK_EX | LOCK_NB) == 0;
  /* The one who had it may have moved it away meanwhile. What belongs to another user is not ours to take over. */
  const bool same = locked && fstat(*descriptor, &open_status) == 0 && lstat(target->temporary, &path_status) == 0 &&
                    open_status.st_dev == path_status.st_dev && open_status.st_ino == path_status.st_ino;
  if (same && open_status.st_uid == geteuid() && (target->is_directory || open_status.st_nlink == 1))
  {
    return true;
  }
  *reason = EBUSY;
  (void)close(*descriptor);
  *descriptor = -1;
  return false;
}

static iwf_status
create_temporary(iwf_target * target, iwf_error * error)
{
  int reason = 0;
  for (int writer = 0; writer < MOST_WRITERS; ++writer)
  {
    IWF_TRY(name_temporary(target, writer, error));
    if (lock_temporary(target, &target->descriptor, &reason))
    {
      return IWF_OK;
    }
    if (reason != EBUSY && reason != EEXIST && reason != ELOOP && reason != ENOTDIR)
    {
      break;
    }
  }
  free(target->temporary);
  target->temporary = NULL;
  return iwf_fail_system(error, IWF_ERROR_OPEN, reason, "could not create a temporary beside the path");
}

/* Empties a temporary that was taken over. */
static iwf_status
clear_temporary(iwf_target * target, iwf_error * error)
{
  if (target->is_directory)
  {
    iwf_object_files_remove(target->descriptor);
    return IWF_OK;
  }
  struct stat status;
  if (fstat(target->descriptor, &status) != 0 || (status.st_size > 0 && ftruncate(target->descriptor, 0) != 0))
  {
    return iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not empty the temporary");
  }
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
    status = clear_temporary(target, error);
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

static void
remove_temporary_directory(const char * temporary, int descriptor)
{
  iwf_object_files_remove(descriptor);
  (void)rmdir(temporary);
}

/* After the exchange the temporary's name leads to the old directory. */
static void
remove_old_directory(const char * temporary)
{
  const int old = open(temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (old >= 0)
  {
    if (flock(old, LOCK_EX | LOCK_NB) == 0) /* else another writer has taken it over, and clears it */
    {
      remove_temporary_directory(temporary, old);
    }
    (void)close(old);
  }
}

/* Where the system cannot exchange: for a moment there is no object at the path. */
static iwf_status
replace_directory_in_steps(const iwf_target * target, iwf_error * error)
{
  char * aside = NULL;
  if (asprintf(&aside, "%s.old", target->temporary) < 0)
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
    remove_old_directory(aside);
  }
  free(aside);
  return status;
}

static iwf_status
replace_directory(const iwf_target * target, iwf_error * error)
{
#if defined(RENAME_EXCHANGE)
  if (renameat2(AT_FDCWD, target->temporary, AT_FDCWD, target->path, RENAME_EXCHANGE) == 0)
  {
    remove_old_directory(target->temporary);
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
  struct stat status;
  if (target->is_directory && stat(target->path, &status) == 0)
  {
    IWF_TRY(replace_directory(target, error));
  }
  else
  {
    if (!target->is_directory)
    {
      IWF_TRY(check_written(target->descriptor, error));
    }
    if (rename(target->temporary, target->path) != 0)
    {
      return iwf_fail_system(error, IWF_ERROR_COMMIT, errno, "could not put the new object in its place");
    }
  }
  free(target->temporary);
  target->temporary = NULL;
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
