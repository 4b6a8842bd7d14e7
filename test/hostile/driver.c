/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwf/iwf.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Opens objects as a careful program would, each in a process of its own. From standard input comes for each case a head
 * (see struct head) and that many bytes; to standard output goes a line:
 *
 *   OUTCOME STATUS KIBIBYTES MICROSECONDS_OF_PROCESSOR TEXT
 *
 * OUTCOME is "accepted", "refused", "signal" or "time". TEXT is what was read or the error's message.
 */

struct head
{
  uint32_t family;
  uint32_t container; /* of a directory: the bytes are entries "KIND NAME_LENGTH CONTENT_LENGTH name content" */
  uint32_t in_file;   /* open a file rather than memory */
  uint32_t bytes;
};

struct entry
{
  uint32_t kind; /* 0 file, 1 symbolic link, 2 FIFO, 3 directory */
  uint32_t name;
  uint32_t content;
};

enum
{
  TEXT_BYTES = 1 << 20,
  SECONDS = 5,
  LARGEST_PAYLOAD = 1 << 28
};

static char * text; /* shared with the children */
static size_t text_length;
static char   folder[64];

static void
put(const char * piece)
{
  const size_t length = strlen(piece);
  if (text_length + length + 1 < TEXT_BYTES)
  {
    memcpy(text + text_length, piece, length + 1);
    text_length += length;
  }
}

static void
put_hex(const void * bytes, size_t count)
{
  char pair[3];
  for (size_t i = 0; i < count; ++i)
  {
    (void)snprintf(pair, sizeof(pair), "%02x", ((const unsigned char *)bytes)[i]);
    put(pair);
  }
}

static void
put_number(uint64_t number)
{
  char digits[32];
  (void)snprintf(digits, sizeof(digits), " %" PRIu64, number);
  put(digits);
}

static void
put_text(iwf_text name)
{
  put(" '");
  put_hex(name.data, name.data != NULL ? name.length : 0);
}

static void
put_real(double number)
{
  put(" ");
  put_hex(&number, sizeof(number));
}

static void
put_value(const iwf_value * value)
{
  char digits[32];
  switch (value->kind)
  {
    case IWF_NULL:
      put("z");
      break;
    case IWF_BOOL:
      put(value->of.boolean ? "b1" : "b0");
      break;
    case IWF_UNSIGNED:
      (void)snprintf(digits, sizeof(digits), "u%" PRIu64, value->of.unsigned_value);
      put(digits);
      break;
    case IWF_NEGATIVE:
      (void)snprintf(digits, sizeof(digits), "n%" PRId64, value->of.negative_value);
      put(digits);
      break;
    case IWF_FLOAT:
      put("f");
      put_hex(&value->of.float_value, 8);
      break;
    case IWF_TEXT:
      put("t");
      put_hex(value->of.text, (size_t)value->count);
      break;
    case IWF_BYTES:
      (void)snprintf(digits, sizeof(digits), "y%" PRIu64, value->count);
      put(digits);
      break;
    case IWF_ARRAY:
      put("[");
      for (uint64_t i = 0; i < value->count; ++i)
      {
        put_value(&value->of.items[i]);
        put(",");
      }
      put("]");
      break;
    case IWF_MAP:
      put("{");
      for (uint64_t i = 0; i < value->count; ++i)
      {
        put_hex(value->of.members[i].key, value->of.members[i].key_length);
        put(":");
        put_value(&value->of.members[i].value);
        put(",");
      }
      put("}");
      break;
  }
}

static void
put_metadata(const iwf_value * metadata)
{
  put(" ");
  if (metadata != NULL)
  {
    put_value(metadata);
  }
  else
  {
    put("{}");
  }
}

static iwf_status
put_payload(iwf_reader * reader, size_t record, int payload, void ** kept, iwf_error * error)
{
  const uint64_t bytes = iwf_reader_payload_bytes(reader, record, payload);
  if (bytes > LARGEST_PAYLOAD)
  {
    put(" huge");
    return IWF_OK;
  }
  void * buffer = malloc((size_t)bytes + 1);
  if (buffer == NULL)
  {
    return IWF_ERROR_MEMORY;
  }
  const iwf_status status = iwf_reader_read(reader, record, payload, 0, bytes, buffer, error);
  if (status == IWF_OK)
  {
    put(" ");
    put_hex(buffer, (size_t)bytes);
  }
  if (kept != NULL && status == IWF_OK)
  {
    *kept = buffer;
  }
  else
  {
    free(buffer);
  }
  return status;
}

static iwf_status
put_image(iwf_reader * reader, iwf_error * error)
{
  const iwf_image_info * info = iwf_reader_image(reader);
  put("image");
  put_number(info->dimension);
  put_number(info->component_type);
  put_number(info->pixel_type);
  put_number(info->components);
  put_text(info->name);
  for (uint32_t i = 0; i < info->dimension; ++i)
  {
    put_number(info->size[i]);
    put_real(info->origin[i]);
    put_real(info->spacing[i]);
  }
  for (uint32_t i = 0; i < info->dimension * info->dimension; ++i)
  {
    put_real(info->direction[i]);
  }
  put_metadata(info->metadata);
  return put_payload(reader, 0, IWF_IMAGE_DATA, NULL, error);
}

static iwf_status
put_mesh(iwf_reader * reader, iwf_error * error)
{
  const iwf_mesh_info * info = iwf_reader_mesh(reader);
  const uint64_t        numbers[] = { info->dimension,
                                      info->point_component_type,
                                      info->point_pixel_component_type,
                                      info->point_pixel_type,
                                      info->point_pixel_components,
                                      info->cell_component_type,
                                      info->cell_pixel_component_type,
                                      info->cell_pixel_type,
                                      info->cell_pixel_components,
                                      info->number_of_points,
                                      info->number_of_point_pixels,
                                      info->number_of_cells,
                                      info->number_of_cell_pixels,
                                      info->cell_buffer_size };
  put("mesh");
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); ++i)
  {
    put_number(numbers[i]);
  }
  put_text(info->name);
  put_metadata(info->metadata);
  iwf_status status = IWF_OK;
  for (int payload = 0; payload < 4 && status == IWF_OK; ++payload)
  {
    void * cells = NULL;
    status = put_payload(reader, 0, payload, payload == IWF_MESH_CELLS ? &cells : NULL, error);
    if (status == IWF_OK && payload == IWF_MESH_CELLS && cells != NULL)
    {
      status = iwf_mesh_check_cells(info, cells, error);
    }
    free(cells);
  }
  return status;
}

static iwf_status
put_transforms(iwf_reader * reader, iwf_error * error)
{
  size_t                     count = 0;
  const iwf_transform_info * infos = iwf_reader_transforms(reader, &count);
  iwf_status                 status = IWF_OK;
  for (size_t i = 0; i < count && status == IWF_OK; ++i)
  {
    put(i > 0 ? " transform" : "transform");
    put_text(infos[i].parameterization);
    put_number(infos[i].parameters_value_type);
    put_number(infos[i].input_dimension);
    put_number(infos[i].output_dimension);
    put_number(infos[i].number_of_fixed_parameters);
    put_number(infos[i].number_of_parameters);
    put_text(infos[i].name);
    put_text(infos[i].input_space_name);
    put_text(infos[i].output_space_name);
    put_metadata(infos[i].metadata);
    for (int payload = 0; payload < 2 && status == IWF_OK; ++payload)
    {
      status = put_payload(reader, i, payload, NULL, error);
    }
  }
  return status;
}

static void
make_directory(const unsigned char * bytes, size_t size)
{
  if (mkdir(folder, 0700) != 0)
  {
    _exit(90);
  }
  while (size >= sizeof(struct entry))
  {
    struct entry e;
    char         path[4096];
    char         target[4096];
    memcpy(&e, bytes, sizeof(e));
    bytes += sizeof(e);
    size -= sizeof(e);
    if (e.name + (size_t)e.content > size || e.name > 1024)
    {
      _exit(91);
    }
    (void)snprintf(path, sizeof(path), "%s/%.*s", folder, (int)e.name, (const char *)bytes);
    for (char * slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')) != NULL; ++slash)
    {
      *slash = '\0';
      (void)mkdir(path, 0700);
      *slash = '/';
    }
    bytes += e.name;
    if (e.kind == 0)
    {
      FILE * file = fopen(path, "wb");
      if (file == NULL || fwrite(bytes, 1, e.content, file) != e.content || fclose(file) != 0)
      {
        _exit(92);
      }
    }
    else if (e.kind == 1)
    {
      (void)snprintf(target, sizeof(target), "%.*s", (int)e.content, (const char *)bytes);
      (void)!symlink(target, path);
    }
    else if (e.kind == 2)
    {
      (void)mkfifo(path, 0600);
    }
    else
    {
      (void)mkdir(path, 0700);
    }
    bytes += e.content;
    size -= e.name + (size_t)e.content;
  }
}

static void
open_object(const struct head * head, const void * bytes)
{
  static const char * const suffixes[] = { ".iwi", ".iwm", ".iwt" };
  iwf_reader *              reader = NULL;
  iwf_error                 error = { .status = IWF_OK };
  iwf_status                status = IWF_OK;
  if (head->container == IWF_CONTAINER_DIRECTORY)
  {
    char object[sizeof(folder) + 16];
    (void)snprintf(object, sizeof(object), "%s/x%s", folder, suffixes[head->family]);
    status = iwf_reader_open(&reader, object, NULL, &error);
  }
  else if (head->in_file)
  {
    char path[sizeof(folder) + 16];
    (void)snprintf(path,
                   sizeof(path),
                   "%s%s%s",
                   folder,
                   suffixes[head->family],
                   head->container == IWF_CONTAINER_CBOR ? ".cbor" : ".cbor.zst");
    FILE * file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, head->bytes, file) != head->bytes || fclose(file) != 0)
    {
      _exit(93);
    }
    status = iwf_reader_open(&reader, path, NULL, &error);
    (void)unlink(path);
  }
  else
  {
    status = iwf_reader_open_memory(
      &reader, bytes, head->bytes, (iwf_family)head->family, (iwf_container)head->container, NULL, &error);
  }
  if (status == IWF_OK)
  {
    status = head->family == IWF_FAMILY_IMAGE  ? put_image(reader, &error)
             : head->family == IWF_FAMILY_MESH ? put_mesh(reader, &error)
                                               : put_transforms(reader, &error);
  }
  if (status != IWF_OK)
  {
    text_length = 0;
    put(error.message);
  }
  iwf_reader_close(reader);
  _exit(status == IWF_OK ? 0 : status >= 300 ? 3 : status >= 200 ? 2 : status >= 100 ? 1 : 4);
}

static void
run_case(const struct head * head, const void * bytes)
{
  static const char * const statuses[] = { "ok", "system", "file", "policy", "caller" };
  struct rusage             usage;
  int                       result = 0;
  text[0] = '\0';
  text_length = 0;
  if (head->container == IWF_CONTAINER_DIRECTORY)
  {
    make_directory(bytes, head->bytes);
  }
  const pid_t child = fork();
  if (child == 0)
  {
#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes */
    const struct rlimit memory = { UINT64_C(4) << 30, UINT64_C(4) << 30 };
    (void)setrlimit(RLIMIT_AS, &memory);
#endif
    (void)alarm(SECONDS);
    open_object(head, bytes);
  }
  (void)wait4(child, &result, 0, &usage);
  if (head->container == IWF_CONTAINER_DIRECTORY)
  {
    char command[128];
    (void)snprintf(command, sizeof(command), "%s/x", folder);
    /* Small trees of our own making; nftw() would follow nothing either, but needs a callback. */
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    (void)!system(command);
  }
  const long micros =
    (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
  const int code = WIFEXITED(result) ? WEXITSTATUS(result) : 99;
  printf("%s %s %ld %ld %s\n",
         WIFSIGNALED(result) ? (WTERMSIG(result) == SIGALRM ? "time" : "signal")
         : code == 0         ? "accepted"
         : code <= 4         ? "refused"
                             : "driver",
         code <= 4 ? statuses[code] : "-",
         usage.ru_maxrss,
         micros,
         text);
  (void)fflush(stdout);
}

int
main(void)
{
  text = mmap(NULL, TEXT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (text == MAP_FAILED)
  {
    return EXIT_FAILURE;
  }
  (void)snprintf(
    folder, sizeof(folder), "%s/iwf-hostile-%ld", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
  struct head head;
  while (fread(&head, sizeof(head), 1, stdin) == 1)
  {
    void * bytes = malloc(head.bytes > 0 ? head.bytes : 1);
    if (bytes == NULL || fread(bytes, 1, head.bytes, stdin) != head.bytes)
    {
      return EXIT_FAILURE;
    }
    run_case(&head, bytes);
    free(bytes);
  }
  return EXIT_SUCCESS;
}
