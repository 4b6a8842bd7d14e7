/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "directory.h"

#include "failure.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_URI "data:application/vnd.itk.path,"

enum
{
  LARGEST_SMALL_FILE = 65536
};

iwf_status
iwf_directory_open(const char * path, int * directory, iwf_error * error)
{
  *directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (*directory < 0)
  {
    return errno == ENOTDIR ? iwf_fail(error, IWF_ERROR_OPEN, IWF_NO_OFFSET, NULL, "expected a directory, found a file")
                            : iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not open the directory");
  }
  return IWF_OK;
}

bool
iwf_directory_was_replaced(const char * path, int directory)
{
  struct stat by_descriptor;
  struct stat by_path;
  return fstat(directory, &by_descriptor) == 0 && stat(path, &by_path) == 0 &&
         (by_descriptor.st_dev != by_path.st_dev || by_descriptor.st_ino != by_path.st_ino);
}

static iwf_status
read_index(int                descriptor,
           const iwf_limits * limits,
           iwf_arena *        arena,
           const char **      text,
           size_t *           length,
           iwf_error *        error)
{
  uint64_t size = 0;
  IWF_TRY(iwf_file_size(descriptor, &size, error));
  if (size > limits->header_bytes)
  {
    return iwf_fail(error,
                    IWF_ERROR_LIMIT,
                    IWF_NO_OFFSET,
                    NULL,
                    "index.json has %" PRIu64 " bytes, more than the limit header_bytes = %" PRIu64,
                    size,
                    limits->header_bytes);
  }
  void * memory = NULL;
  IWF_TRY(iwf_arena_alloc(arena, size, 1, &memory, error));
  IWF_TRY(iwf_file_read(descriptor, 0, memory, size, error));
  *text = memory;
  *length = (size_t)size;
  return IWF_OK;
}

iwf_status
iwf_directory_read_index(int                directory,
                         const iwf_limits * limits,
                         iwf_arena *        arena,
                         const char **      text,
                         size_t *           length,
                         iwf_error *        error)
{
  int              descriptor = -1;
  bool             missing = false;
  const iwf_status opened = iwf_file_open_below(directory, "index.json", false, &descriptor, &missing, error);
  if (opened != IWF_OK)
  {
    return missing
             ? iwf_fail(
                 error, IWF_ERROR_MISSING, IWF_NO_OFFSET, NULL, "expected an index.json in the directory, found none")
             : opened;
  }
  const iwf_status status = read_index(descriptor, limits, arena, text, length, error);
  (void)close(descriptor);
  return status;
}

/* A raw file. Where there may be more of them than descriptors it is open during each read only. */
typedef struct raw_source
{
  iwf_source interface;
  int        directory; /* borrowed */
  char *     path;
} raw_source;

static iwf_status
read_raw(iwf_source * source, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error)
{
  raw_source * raw = (raw_source *)source;
  if (source->descriptor >= 0)
  {
    return iwf_file_read(source->descriptor, offset, buffer, bytes, error);
  }
  int descriptor = -1;
  IWF_TRY(iwf_file_open_below(raw->directory, raw->path, false, &descriptor, NULL, error));
  const iwf_status status = iwf_file_read(descriptor, offset, buffer, bytes, error);
  (void)close(descriptor);
  return status;
}

static void
close_raw(iwf_source * source)
{
  raw_source * raw = (raw_source *)source;
  if (source->descriptor >= 0)
  {
    (void)close(source->descriptor);
  }
  free(raw->path);
  free(raw);
}

static iwf_status
open_raw(int directory, const char * path, bool keep_open, bool * missing, iwf_source ** source, iwf_error * error)
{
  int      descriptor = -1;
  uint64_t size = 0;
  IWF_TRY(iwf_file_open_below(directory, path, false, &descriptor, missing, error));
  raw_source * raw = calloc(1, sizeof(raw_source));
  char *       copy = strdup(path);
  iwf_status   status = raw == NULL || copy == NULL ? iwf_fail_memory(error) : iwf_file_size(descriptor, &size, error);
  if (status != IWF_OK || !keep_open)
  {
    (void)close(descriptor);
    descriptor = -1;
  }
  if (status != IWF_OK)
  {
    free(raw);
    free(copy);
    return status;
  }
  *raw = (raw_source){ .interface = { .read = read_raw,
                                      .close = close_raw,
                                      .size = size,
                                      .size_is_exact = true,
                                      .descriptor = descriptor },
                       .directory = directory,
                       .path = copy };
  *source = &raw->interface;
  return IWF_OK;
}

/* The path that a URI names, relative to index.json. */
static iwf_status
parse_uri(const char * key, const iwf_value * value, char path[], size_t capacity, iwf_error * error)
{
  const size_t prefix = strlen(PATH_URI);
  const size_t length = value->kind == IWF_TEXT ? (size_t)value->count : 0;
  if (value->kind != IWF_TEXT || length <= prefix || memcmp(value->of.text, PATH_URI, prefix) != 0 ||
      memchr(value->of.text, '\0', length) != NULL)
  {
    char found[IWF_DESCRIPTION];
    return iwf_fail(error,
                    IWF_ERROR_PATH,
                    value->offset,
                    key,
                    "expected the URI of a raw file, \"" PATH_URI "...\", found %s",
                    iwf_describe(value, found));
  }
  if (length - prefix >= capacity)
  {
    return iwf_fail(error, IWF_ERROR_PATH, value->offset, key, "expected a path of less than %zu bytes", capacity);
  }
  memcpy(path, value->of.text + prefix, length - prefix);
  path[length - prefix] = '\0';
  return IWF_OK;
}

/*
 * Where not all files can stay open, small ones are read at once: they need no descriptor then, and a writer that
 * replaces the directory takes nothing away.
 */
static iwf_status
take_in(iwf_source ** source, iwf_arena * arena, iwf_error * error)
{
  const uint64_t size = (*source)->size;
  void *         memory = NULL;
  iwf_source *   copy = NULL;
  if (size > LARGEST_SMALL_FILE || iwf_arena_check(arena, size + LARGEST_SMALL_FILE, NULL) != IWF_OK)
  {
    return IWF_OK;
  }
  IWF_TRY(iwf_arena_alloc(arena, size, 1, &memory, error));
  IWF_TRY(iwf_source_read(*source, 0, memory, size, error));
  IWF_TRY(iwf_source_open_memory(&copy, memory, (size_t)size, error));
  iwf_source_close(*source);
  *source = copy;
  return IWF_OK;
}

/* Tries one path; `*source` stays NULL when there is no such file. */
static iwf_status
try_path(int directory, const char * path, bool keep_open, iwf_source ** source, iwf_error * error)
{
  bool             missing = false;
  const iwf_status status = open_raw(directory, path, keep_open, &missing, source, error);
  return missing ? IWF_OK : status;
}

static iwf_status
accept_file(const char *  key,
            const char *  path,
            iwf_source *  source,
            iwf_arena *   arena,
            iwf_payload * payload,
            iwf_error *   error)
{
  const iwf_extent     whole = { .bytes = source->size };
  const iwf_location * location = NULL;
  IWF_TRY(iwf_location_make(arena, source, &whole, 1, &location, error));
  const iwf_value file = {
    .kind = IWF_BYTES, .tag = IWF_NO_TAG, .offset = IWF_NO_OFFSET, .count = source->size, .of.location = location
  };
  char place[IWF_KEY_PATH];
  (void)snprintf(place, sizeof(place), "%.30s (%.60s)", key, path);
  return iwf_payload_accept(payload, place, &file, error);
}

iwf_status
iwf_directory_locate(int               directory,
                     const iwf_field * field,
                     const char *      raw_folder,
                     const char *      key,
                     const iwf_value * value,
                     bool              keep_open,
                     iwf_arena *       arena,
                     iwf_payload *     payload,
                     iwf_source **     source,
                     iwf_error *       error)
{
  char path[1024] = "";
  *source = NULL;
  if (value != NULL && value->kind == IWF_ARRAY)
  {
    return iwf_payload_accept(payload, key, value, error);
  }
  if (value != NULL)
  {
    IWF_TRY(parse_uri(key, value, path, sizeof(path), error));
    IWF_TRY(try_path(directory, path, keep_open, source, error));
  }
  /* Older readers never looked at the URI: the names are part of the format. */
  const char * const names[] = { field->raw_name, field->raw_alias };
  for (size_t i = 0; i < 2 && *source == NULL && names[i] != NULL; ++i)
  {
    (void)snprintf(path, sizeof(path), "data/%s%s", raw_folder, names[i]);
    IWF_TRY(try_path(directory, path, keep_open, source, error));
  }
  if (*source != NULL)
  {
    IWF_TRY(keep_open ? IWF_OK : take_in(source, arena, error));
    return accept_file(key, path, *source, arena, payload, error);
  }
  if (value != NULL || (field->flags & IWF_FIELD_REQUIRED) != 0)
  {
    return iwf_fail(error,
                    IWF_ERROR_MISSING,
                    IWF_NO_OFFSET,
                    key,
                    "expected the raw file data/%s%s, found none",
                    raw_folder,
                    field->raw_name);
  }
  return IWF_OK;
}
