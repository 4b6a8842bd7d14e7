/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwf/reader.h"

#include "byte_order.h"
#include "cbor_parser.h"
#include "checked.h"
#include "directory.h"
#include "failure.h"
#include "file.h"
#include "json_parser.h"
#include "polydata.h"
#include "reader_payload.h"
#include "region.h"
#include "schema.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct iwf_reader
{
  iwf_limits         limits;
  iwf_arena          arena;
  const iwf_schema * schema;
  int                directory; /* of the directory form, else -1 */
  size_t             record_count;
  unsigned char *    infos;    /* record_count structs of the schema */
  iwf_payload *      payloads; /* payload_count for each record */
  iwf_source **      sources;  /* owned; closed before the directory */
  size_t             source_count;
  void *             converted[2]; /* arrays made from polydata */
};

enum
{
  /* More raw files than this are opened one at a time. */
  MOST_OPEN_FILES = 16,
  /* To open a directory that writers replace all the time. */
  MOST_ATTEMPTS = 100
};

static void *
info_of(const iwf_reader * reader, size_t record)
{
  return reader->infos + record * reader->schema->info_size;
}

static iwf_payload *
payloads_of(const iwf_reader * reader, size_t record)
{
  return reader->payloads + record * reader->schema->payload_count;
}

static void
own_source(iwf_reader * reader, iwf_source * source)
{
  reader->sources[reader->source_count++] = source;
}

static iwf_status
allocate_records(iwf_reader * reader, size_t count, iwf_error * error)
{
  const iwf_schema * schema = reader->schema;
  void *             memory = NULL;
  IWF_TRY(iwf_arena_alloc(&reader->arena, count, schema->info_size, &memory, error));
  reader->infos = memory;
  IWF_TRY(
    iwf_arena_alloc(&reader->arena, (uint64_t)count * schema->payload_count, sizeof(iwf_payload), &memory, error));
  reader->payloads = memory;
  reader->record_count = count;
  return IWF_OK;
}

/* Finds out where one payload lies. */
static iwf_status
bind_payload(iwf_reader *      reader,
             size_t            record,
             size_t            number,
             const char *      prefix,
             const iwf_value * value,
             iwf_error *       error)
{
  iwf_payload *     payload = &payloads_of(reader, record)[number];
  const iwf_field * field = iwf_schema_payload_field(reader->schema, number);
  char              key[IWF_KEY_PATH];
  (void)snprintf(key, sizeof(key), "%s%s", prefix, field->key);
  if (reader->directory >= 0)
  {
    if (payload->count == 0)
    {
      return IWF_OK; /* there is a URI, but need not be a file */
    }
    char folder[32] = "";
    if (reader->schema->family == IWF_FAMILY_TRANSFORM)
    {
      (void)snprintf(folder, sizeof(folder), "%zu/", record);
    }
    iwf_source *     source = NULL;
    const bool       keep_open = reader->record_count * reader->schema->payload_count <= MOST_OPEN_FILES;
    const iwf_status status = iwf_directory_locate(
      reader->directory, field, folder, key, value, keep_open, &reader->arena, payload, &source, error);
    if (source != NULL)
    {
      own_source(reader, source);
    }
    return status;
  }
  if (value != NULL && value->kind == IWF_NULL && payload->count == 0)
  {
    return IWF_OK; /* what encoders make of an array that is not there */
  }
  if (value != NULL)
  {
    return iwf_payload_accept(payload, key, value, error);
  }
  if (payload->count > 0 && (field->flags & IWF_FIELD_REQUIRED) != 0)
  {
    return iwf_fail(
      error, IWF_ERROR_MISSING, IWF_NO_OFFSET, key, "expected %" PRIu64 " bytes, found no such key", payload->bytes);
  }
  return IWF_OK;
}

static void
prefix_message(iwf_error * error, const char * prefix)
{
  if (error != NULL)
  {
    char message[sizeof(error->message)];
    (void)snprintf(message, sizeof(message), "%s%.450s", prefix, error->message);
    memcpy(error->message, message, sizeof(message));
    error->message[iwf_utf8_valid(message, strlen(message))] = '\0';
  }
}

static iwf_status
read_record(iwf_reader * reader, size_t record, const iwf_value * header, iwf_error * error)
{
  const iwf_value * values[IWF_MAX_PAYLOADS] = { NULL };
  char              prefix[32] = "";
  if (reader->schema->family == IWF_FAMILY_TRANSFORM)
  {
    (void)snprintf(prefix, sizeof(prefix), "[%zu].", record);
  }
  iwf_payload *    payloads = payloads_of(reader, record);
  const iwf_status status =
    iwf_schema_read(reader->schema, header, &reader->arena, prefix, info_of(reader, record), payloads, values, error);
  if (status != IWF_OK)
  {
    if (error != NULL && prefix[0] != '\0' && error->key[0] != '[')
    {
      prefix_message(error, prefix);
    }
    return status;
  }
  for (size_t i = 0; i < reader->schema->payload_count; ++i)
  {
    IWF_TRY(bind_payload(reader, record, i, prefix, values[i], error));
  }
  return IWF_OK;
}

/* Files hold the direction axis by axis; the info struct, as ITK, row by row. */
static iwf_status
load_direction(iwf_reader * reader, iwf_error * error)
{
  iwf_image_info *    info = info_of(reader, 0);
  const iwf_payload * payload = &payloads_of(reader, 0)[IWF_IMAGE_DIRECTION];
  const uint32_t      dimension = info->dimension;
  double              cosines[IWF_MAX_DIMENSION * IWF_MAX_DIMENSION] = { 0.0 };
  if (payload->location == NULL && payload->numbers == NULL)
  {
    for (uint32_t axis = 0; axis < dimension; ++axis)
    {
      cosines[axis * dimension + axis] = 1.0;
    }
  }
  IWF_TRY(iwf_payload_read(payload, 0, cosines, payload->bytes, error));
  for (uint32_t column = 0; column < dimension; ++column)
  {
    for (uint32_t row = 0; row < dimension; ++row)
    {
      const double cosine = cosines[column * dimension + row];
      IWF_TRY(iwf_check_finite("direction", cosine, error));
      info->direction[row * dimension + column] = cosine;
    }
  }
  return IWF_OK;
}

/* Makes an array in memory the place of a payload. */
static iwf_status
use_memory(iwf_reader * reader, iwf_payload * payload, const void * memory, iwf_error * error)
{
  iwf_source * source = NULL;
  IWF_TRY(iwf_source_open_memory(&source, memory, (size_t)payload->bytes, error));
  own_source(reader, source);
  const iwf_extent whole = { .bytes = payload->bytes };
  IWF_TRY(iwf_location_make(&reader->arena, source, &whole, 1, &payload->location, error));
  payload->stored_type = payload->component_type;
  return IWF_OK;
}

/* Replaces polydata, which has been read, by the mesh that it means. */
static iwf_status
become_mesh(iwf_reader * reader, iwf_error * error)
{
  const iwf_polydata_info * polydata = info_of(reader, 0);
  const iwf_payload *       from = payloads_of(reader, 0);
  iwf_mesh_info             mesh;
  IWF_TRY(iwf_polydata_to_mesh(polydata, from, &reader->limits, &mesh, reader->converted, error));
  reader->schema = &iwf_mesh_schema;
  IWF_TRY(allocate_records(reader, 1, error));
  *(iwf_mesh_info *)info_of(reader, 0) = mesh;
  iwf_payload * to = payloads_of(reader, 0);
  IWF_TRY(iwf_mesh_schema.describe(&mesh, to, error));
  to[IWF_MESH_POINTS] = from[IWF_POLYDATA_POINTS];
  to[IWF_MESH_POINT_DATA] = from[IWF_POLYDATA_POINT_DATA];
  IWF_TRY(use_memory(reader, &to[IWF_MESH_CELLS], reader->converted[0], error));
  return reader->converted[1] != NULL ? use_memory(reader, &to[IWF_MESH_CELL_DATA], reader->converted[1], error)
                                      : IWF_OK;
}

static iwf_status
read_records(iwf_reader * reader, const iwf_value * root, iwf_error * error)
{
  const iwf_value * headers = root;
  uint64_t          count = 1;
  if (reader->schema->family == IWF_FAMILY_TRANSFORM)
  {
    if (root->kind != IWF_ARRAY || root->count == 0)
    {
      char found[IWF_DESCRIPTION];
      return iwf_fail(error,
                      IWF_ERROR_VALUE,
                      root->offset,
                      NULL,
                      "expected an array of at least 1 transform, found %s",
                      iwf_describe(root, found));
    }
    if (root->count > reader->limits.transforms)
    {
      return iwf_fail(error,
                      IWF_ERROR_LIMIT,
                      root->offset,
                      NULL,
                      "found %" PRIu64 " transforms, more than the limit transforms = %" PRIu32,
                      root->count,
                      reader->limits.transforms);
    }
    headers = root->of.items;
    count = root->count;
  }
  else if (reader->schema == &iwf_mesh_schema && iwf_value_get(root, "polyDataType") != NULL)
  {
    reader->schema = &iwf_polydata_schema;
  }
  IWF_TRY(allocate_records(reader, (size_t)count, error));
  void * sources = realloc(reader->sources, (count * IWF_MAX_PAYLOADS + 3) * sizeof(iwf_source *));
  if (sources == NULL)
  {
    return iwf_fail_memory(error);
  }
  reader->sources = sources;
  for (size_t i = 0; i < count; ++i)
  {
    IWF_TRY(read_record(reader, i, &headers[i], error));
  }
  if (reader->schema == &iwf_polydata_schema)
  {
    return become_mesh(reader, error);
  }
  return reader->schema == &iwf_image_schema ? load_direction(reader, error) : IWF_OK;
}

static iwf_status
parse_directory(iwf_reader * reader, iwf_builder * builder, iwf_error * error)
{
  const char * text = NULL;
  size_t       length = 0;
  IWF_TRY(iwf_directory_read_index(reader->directory, &reader->limits, &reader->arena, &text, &length, error));
  const iwf_status status = iwf_json_parse(text, length, builder, error);
  if (status != IWF_OK)
  {
    prefix_message(error, "index.json, ");
  }
  return status;
}

/* Parses the header and reads all that it says. */
static iwf_status
read_object(iwf_reader * reader, iwf_error * error)
{
  iwf_builder builder;
  iwf_status  status = iwf_builder_init(&builder, &reader->arena, &reader->limits, error);
  if (status == IWF_OK)
  {
    status = reader->directory >= 0 ? parse_directory(reader, &builder, error)
                                    : iwf_cbor_parse(reader->sources[0], &reader->limits, &builder, error);
  }
  iwf_builder_free(&builder);
  IWF_TRY(status);
  return read_records(reader, &builder.root, error);
}

static iwf_status
create(iwf_reader ** reader, iwf_family family, const iwf_limits * limits, iwf_error * error)
{
  iwf_reader * created = calloc(1, sizeof(iwf_reader));
  if (created == NULL)
  {
    return iwf_fail_memory(error);
  }
  created->directory = -1;
  created->schema = iwf_schema_of_family(family);
  created->sources = calloc(1, sizeof(iwf_source *));
  if (created->sources == NULL)
  {
    free(created);
    return iwf_fail_memory(error);
  }
  if (limits != NULL)
  {
    created->limits = *limits;
  }
  else
  {
    iwf_limits_init(&created->limits);
  }
  iwf_arena_init(&created->arena, created->limits.header_memory);
  *reader = created;
  return IWF_OK;
}

/* Makes `source`, which is owned from now on, the object's bytes. */
static iwf_status
set_source(iwf_reader * reader, iwf_source * source, iwf_container container, iwf_error * error)
{
  if (container == IWF_CONTAINER_CBOR_ZSTD)
  {
    iwf_source *     compressed = source;
    const iwf_status status = iwf_source_open_zstd(&source, compressed, &reader->limits, error);
    if (status != IWF_OK)
    {
      iwf_source_close(compressed);
      return status;
    }
  }
  own_source(reader, source);
  return IWF_OK;
}

static iwf_status
open_path(iwf_reader * reader, const char * path, iwf_container container, iwf_error * error)
{
  if (container == IWF_CONTAINER_DIRECTORY)
  {
    return iwf_directory_open(path, &reader->directory, error);
  }
  int          descriptor = -1;
  iwf_source * source = NULL;
  IWF_TRY(iwf_file_open(path, &descriptor, error));
  const iwf_status status = iwf_source_open_file(&source, descriptor, error);
  if (status != IWF_OK)
  {
    (void)close(descriptor);
    return status;
  }
  return set_source(reader, source, container, error);
}

iwf_status
iwf_reader_open(iwf_reader ** reader, const char * path, const iwf_limits * limits, iwf_error * error)
{
  iwf_family    family = IWF_FAMILY_IMAGE;
  iwf_container container = IWF_CONTAINER_DIRECTORY;
  iwf_reader *  created = NULL;
  if (reader == NULL || path == NULL)
  {
    return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected a reader and a path, found NULL");
  }
  *reader = NULL;
  if (!iwf_path_format(path, &family, &container))
  {
    return iwf_fail(error,
                    IWF_ERROR_ARGUMENT,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected a path that ends in .iwi, .iwm or .iwt, with .cbor or .cbor.zst or nothing after it");
  }
  iwf_status status = IWF_OK;
  bool       again = true;
  for (int attempt = 0; again && attempt < MOST_ATTEMPTS; ++attempt)
  {
    IWF_TRY(create(&created, family, limits, error));
    status = open_path(created, path, container, error);
    status = status == IWF_OK ? read_object(created, error) : status;
    /* A writer that replaces the directory meanwhile removes the files of the old one. */
    again = status != IWF_OK && created->directory >= 0 && iwf_directory_was_replaced(path, created->directory);
    if (status != IWF_OK)
    {
      iwf_reader_close(created);
    }
  }
  *reader = status == IWF_OK ? created : NULL;
  return status;
}

iwf_status
iwf_reader_open_memory(iwf_reader **      reader,
                       const void *       data,
                       size_t             size,
                       iwf_family         family,
                       iwf_container      container,
                       const iwf_limits * limits,
                       iwf_error *        error)
{
  iwf_reader * created = NULL;
  iwf_source * source = NULL;
  if (reader == NULL || (data == NULL && size > 0) || container == IWF_CONTAINER_DIRECTORY)
  {
    return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected a reader and CBOR in memory");
  }
  *reader = NULL;
  IWF_TRY(create(&created, family, limits, error));
  iwf_status status = iwf_source_open_memory(&source, data, size, error);
  if (status == IWF_OK)
  {
    status = set_source(created, source, container, error);
  }
  status = status == IWF_OK ? read_object(created, error) : status;
  if (status != IWF_OK)
  {
    iwf_reader_close(created);
    return status;
  }
  *reader = created;
  return IWF_OK;
}

void
iwf_reader_close(iwf_reader * reader)
{
  if (reader == NULL)
  {
    return;
  }
  for (size_t i = 0; i < reader->source_count; ++i)
  {
    iwf_source_close(reader->sources[i]);
  }
  if (reader->directory >= 0)
  {
    (void)close(reader->directory);
  }
  free(reader->sources);
  free(reader->converted[0]);
  free(reader->converted[1]);
  iwf_arena_free(&reader->arena);
  free(reader);
}

iwf_family
iwf_reader_family(const iwf_reader * reader)
{
  return reader->schema->family;
}

const iwf_image_info *
iwf_reader_image(const iwf_reader * reader)
{
  return reader->schema->family == IWF_FAMILY_IMAGE ? info_of(reader, 0) : NULL;
}

const iwf_mesh_info *
iwf_reader_mesh(const iwf_reader * reader)
{
  return reader->schema->family == IWF_FAMILY_MESH ? info_of(reader, 0) : NULL;
}

const iwf_transform_info *
iwf_reader_transforms(const iwf_reader * reader, size_t * count)
{
  const bool transforms = reader->schema->family == IWF_FAMILY_TRANSFORM;
  *count = transforms ? reader->record_count : 0;
  return transforms ? info_of(reader, 0) : NULL;
}

const iwf_payload *
iwf_reader_payload(const iwf_reader * reader, size_t record, int payload)
{
  if (record >= reader->record_count || payload < 0 || (size_t)payload >= reader->schema->payload_count)
  {
    return NULL;
  }
  return &payloads_of(reader, record)[payload];
}

uint64_t
iwf_reader_payload_bytes(const iwf_reader * reader, size_t record, int payload)
{
  const iwf_payload * found = iwf_reader_payload(reader, record, payload);
  return found != NULL ? found->bytes : 0;
}

iwf_status
iwf_reader_read(iwf_reader * reader,
                size_t       record,
                int          payload,
                uint64_t     first,
                uint64_t     bytes,
                void *       buffer,
                iwf_error *  error)
{
  const iwf_payload * found = iwf_reader_payload(reader, record, payload);
  if (found == NULL || (buffer == NULL && bytes > 0) || !iwf_within(first, bytes, found->bytes) ||
      first % iwf_component_size(found->component_type) != 0 || bytes % iwf_component_size(found->component_type) != 0)
  {
    return iwf_fail(error,
                    IWF_ERROR_ARGUMENT,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected whole elements within the payload's %" PRIu64 " bytes, found %" PRIu64
                    " bytes from byte %" PRIu64,
                    found != NULL ? found->bytes : 0,
                    bytes,
                    first);
  }
  return iwf_payload_read(found, first, buffer, bytes, error);
}

typedef struct run_context
{
  const iwf_payload * payload;
  unsigned char *     buffer;
} run_context;

static iwf_status
read_run(void * context, uint64_t first, uint64_t bytes, uint64_t position, iwf_error * error)
{
  const run_context * run = context;
  return iwf_payload_read(run->payload, first, run->buffer + position, bytes, error);
}

iwf_status
iwf_reader_read_region(iwf_reader * reader, const iwf_region * region, void * buffer, iwf_error * error)
{
  const iwf_image_info * info = iwf_reader_image(reader);
  if (info == NULL || region == NULL || buffer == NULL)
  {
    return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected an image, a region and a buffer");
  }
  run_context run = { .payload = iwf_reader_payload(reader, 0, IWF_IMAGE_DATA), .buffer = buffer };
  return iwf_region_runs(info, region, read_run, &run, error);
}

iwf_status
iwf_reader_map(iwf_reader * reader, size_t record, int payload, iwf_mapping * mapping, iwf_error * error)
{
  const iwf_payload * found = iwf_reader_payload(reader, record, payload);
  int                 descriptor = -1;
  uint64_t            offset = 0;
  *mapping = (iwf_mapping){ 0 };
  IWF_TRY(iwf_payload_plain_place(found, &descriptor, &offset, error));
  if (offset % iwf_component_size(found->component_type) != 0)
  {
    return iwf_fail(
      error, IWF_ERROR_UNSUPPORTED, IWF_NO_OFFSET, NULL, "expected an array at a multiple of its element size");
  }
  const long     page = sysconf(_SC_PAGESIZE);
  const uint64_t before = offset % (uint64_t)page;
  size_t         span = 0;
  if (!iwf_narrow_size(found->bytes + before, &span))
  {
    return iwf_fail_memory(error);
  }
  void * base =
    mmap(NULL, span, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, descriptor, (off_t)(offset - before));
  if (base == MAP_FAILED)
  {
    return iwf_fail_system(error, IWF_ERROR_MEMORY, errno, "could not map %zu bytes", span);
  }
  *mapping = (iwf_mapping){ .data = (unsigned char *)base + before, .bytes = found->bytes, .base = base, .span = span };
  return IWF_OK;
}

void
iwf_mapping_release(iwf_mapping * mapping)
{
  if (mapping->base != NULL)
  {
    (void)munmap(mapping->base, mapping->span);
  }
  *mapping = (iwf_mapping){ 0 };
}
