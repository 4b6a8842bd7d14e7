/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "object_files.h"

#include "failure.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The levels of the directory form. */
enum
{
  LEVEL_OBJECT,
  LEVEL_DATA,
  LEVEL_RECORD
};

static bool
is_number(const char * name)
{
  return name[0] != '\0' && strspn(name, "0123456789") == strlen(name);
}

static bool
is_raw(const char * name)
{
  const size_t length = strlen(name);
  return length > 4 && strcmp(name + length - 4, ".raw") == 0;
}

static bool
is_own_file(const char * name, int level)
{
  return level == LEVEL_OBJECT ? strcmp(name, "index.json") == 0 : is_raw(name);
}

static bool
is_own_directory(const char * name, int level)
{
  return (level == LEVEL_OBJECT && strcmp(name, "data") == 0) || (level == LEVEL_DATA && is_number(name));
}

static DIR *
open_list(int parent, const char * name)
{
  const int descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  DIR *     list = descriptor >= 0 ? fdopendir(descriptor) : NULL;
  if (list == NULL && descriptor >= 0)
  {
    (void)close(descriptor);
  }
  return list;
}

static bool
is_directory(int parent, const char * name)
{
  struct stat status;
  return fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

static iwf_status
check_level(int parent, const char * name, int level, iwf_error * error)
{
  DIR * list = open_list(parent, name);
  if (list == NULL && errno == ENOENT)
  {
    return IWF_OK; /* another writer has replaced it, and removes what was in it */
  }
  if (list == NULL)
  {
    return iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not list the directory to replace");
  }
  iwf_status status = IWF_OK;
  for (struct dirent * entry = readdir(list); entry != NULL && status == IWF_OK; entry = readdir(list))
  {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
    {
      continue;
    }
    const bool directory = is_directory(dirfd(list), entry->d_name);
    if (directory && is_own_directory(entry->d_name, level))
    {
      status = check_level(dirfd(list), entry->d_name, level + 1, error);
    }
    else if (directory || !is_own_file(entry->d_name, level))
    {
      char quoted[IWF_DESCRIPTION];
      status = iwf_fail(error,
                        IWF_ERROR_OPEN,
                        IWF_NO_OFFSET,
                        NULL,
                        "expected a directory with nothing but index.json and raw files in it to replace, found %s",
                        iwf_quote(entry->d_name, strlen(entry->d_name), quoted));
    }
  }
  (void)closedir(list);
  return status;
}

iwf_status
iwf_object_files_check(int directory, iwf_error * error)
{
  return check_level(directory, ".", LEVEL_OBJECT, error);
}

static void
remove_level(int parent, const char * name, int level)
{
  DIR * list = open_list(parent, name);
  if (list == NULL)
  {
    return;
  }
  for (struct dirent * entry = readdir(list); entry != NULL; entry = readdir(list))
  {
    if (is_own_directory(entry->d_name, level))
    {
      remove_level(dirfd(list), entry->d_name, level + 1);
      (void)unlinkat(dirfd(list), entry->d_name, AT_REMOVEDIR);
    }
    else if (is_own_file(entry->d_name, level))
    {
      (void)unlinkat(dirfd(list), entry->d_name, 0);
    }
  }
  (void)closedir(list);
}

void
iwf_object_files_remove(int directory)
{
  remove_level(directory, ".", LEVEL_OBJECT);
}
