/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "byte_order.h"
#include "checked.h"
#include "failure.h"
#include "file.h"
#include "region.h"
#include "writer_state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static iwf_status
check_open(const iwf_writer * writer, iwf_error * error)
{
  if (writer->failed)
  {
    return iwf_fail(error, IWF_ERROR_STATE, IWF_NO_OFFSET, NULL, "expected a writer that has not failed before");
  }
  return IWF_OK;
}

/* Marks the writer as failed, so that nothing half done is committed. */
static iwf_status
note(iwf_writer * writer, iwf_status status)
{
  writer->failed = writer->failed || status != IWF_OK;
  return status;
}

/* Plain and compressed CBOR: the header's text with the payloads in it. */

static iwf_status
lay_out(iwf_writer * writer, iwf_error * error)
{
  writer->total = 0;
  for (size_t i = 0; i < writer->slot_count; ++i)
  {
    iwf_slot * s = &writer->slots[i];
    if (s->payload.has_array)
    {
      s->position = s->payload.text_position + writer->total;
      if (!iwf_add(writer->total, s->payload.bytes, &writer->total) || writer->total > INT64_MAX / 2)
      {
        return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected an object of less than 2^62 bytes");
      }
    }
  }
  writer->total += writer->header->text_buffer->length;
  return IWF_OK;
}

static iwf_status
write_cbor_header(iwf_writer * writer, iwf_error * error)
{
  const iwf_buffer * text = writer->header->text_buffer;
  uint64_t           sent = 0;
  uint64_t           payloads = 0;
  IWF_TRY(iwf_file_allocate(writer->target.descriptor, writer->total, error));
  for (size_t i = 0; i <= writer->slot_count; ++i)
  {
    const iwf_payload * payload = i < writer->slot_count ? &writer->slots[i].payload : NULL;
    if (payload != NULL && (!payload->has_array || payload->bytes == 0))
    {
      continue;
    }
    const uint64_t end = payload != NULL ? payload->text_position : text->length;
    IWF_TRY(iwf_file_write(writer->target.descriptor, sent + payloads, text->data + sent, end - sent, error));
    payloads += payload != NULL ? payload->bytes : 0;
    sent = end;
  }
  return IWF_OK;
}

/* Sends the compressed file's header up to a position in the text. */
static iwf_status
send_header(iwf_writer * writer, uint64_t end, iwf_error * error)
{
  const uint64_t from = writer->header_sent;
  if (end > from)
  {
    IWF_TRY(iwf_zstd_sink_append(writer->zstd, writer->header->text_buffer->data + from, end - from, error));
    writer->header_sent = end;
  }
  return IWF_OK;
}

static bool
is_complete(const iwf_slot * slot)
{
  return iwf_coverage_front(&slot->written) == slot->payload.bytes;
}

static iwf_status
fail_order(iwf_error * error)
{
  return iwf_fail(error,
                  IWF_ERROR_STATE,
                  IWF_NO_OFFSET,
                  NULL,
                  "expected the payloads of a compressed file in order, each from its first byte to its last");
}

static iwf_status
write_compressed(iwf_writer * writer,
                 size_t       number,
                 uint64_t     first,
                 const void * buffer,
                 uint64_t     bytes,
                 iwf_error *  error)
{
  for (; writer->zstd_slot < number; ++writer->zstd_slot)
  {
    if (!is_complete(&writer->slots[writer->zstd_slot]))
    {
      return fail_order(error);
    }
  }
  if (number < writer->zstd_slot || first != iwf_coverage_front(&writer->slots[number].written))
  {
    return fail_order(error);
  }
  IWF_TRY(send_header(writer, writer->slots[number].payload.text_position, error));
  return iwf_zstd_sink_append(writer->zstd, buffer, bytes, error);
}

/* Both. */

static iwf_status
store(iwf_writer * writer, size_t number, uint64_t first, const void * buffer, uint64_t bytes, iwf_error * error)
{
  const iwf_slot * s = &writer->slots[number];
  if (writer->pasted >= 0)
  {
    return iwf_file_write(writer->pasted, s->position + first, buffer, bytes, error);
  }
  switch (writer->container)
  {
    case IWF_CONTAINER_CBOR:
      return iwf_file_write(writer->target.descriptor, s->position + first, buffer, bytes, error);
    case IWF_CONTAINER_CBOR_ZSTD:
      return write_compressed(writer, number, first, buffer, bytes, error);
    case IWF_CONTAINER_DIRECTORY:
      break;
  }
  return iwf_writer_write_raw(writer, number, first, buffer, bytes, error);
}

/* Writes bytes as they are in the file, and remembers which. */
static iwf_status
write_stored(iwf_writer * writer, size_t number, uint64_t first, const void * buffer, uint64_t bytes, iwf_error * error)
{
  IWF_TRY(store(writer, number, first, buffer, bytes, error));
  return iwf_coverage_add(&writer->slots[number].written, first, bytes, error);
}

/* Writes bytes from memory: on a big-endian host through a small buffer, else straight. */
static iwf_status
write_bytes(iwf_writer * writer, size_t number, uint64_t first, const void * buffer, uint64_t bytes, iwf_error * error)
{
  const size_t size = iwf_component_size(writer->slots[number].payload.component_type);
  if (!IWF_HOST_IS_BIG_ENDIAN || size == 1)
  {
    return write_stored(writer, number, first, buffer, bytes, error);
  }
  const unsigned char * source = buffer;
  while (bytes > 0)
  {
    unsigned char  swapped[65536];
    const uint64_t part = bytes < sizeof(swapped) ? bytes : sizeof(swapped);
    memcpy(swapped, source, (size_t)part);
    iwf_swap(swapped, part, size);
    IWF_TRY(write_stored(writer, number, first, swapped, part, error));
    source += part;
    first += part;
    bytes -= part;
  }
  return IWF_OK;
}

/* Images carry their direction in the information, row by row; files hold it axis by axis. */
static iwf_status
write_direction(iwf_writer * writer, iwf_error * error)
{
  const iwf_image_info * info = &writer->image;
  const uint32_t         dimension = info->dimension;
  double                 cosines[IWF_MAX_DIMENSION * IWF_MAX_DIMENSION];
  for (uint32_t column = 0; column < dimension; ++column)
  {
    for (uint32_t row = 0; row < dimension; ++row)
    {
      const double cosine = info->direction[row * dimension + column];
      IWF_TRY(iwf_check_finite("direction", cosine, error));
      cosines[column * dimension + row] = cosine;
    }
  }
  return write_bytes(writer, IWF_IMAGE_DIRECTION, 0, cosines, writer->slots[IWF_IMAGE_DIRECTION].payload.bytes, error);
}

/* Encodes the header of all records. */
static iwf_status
encode_header(iwf_writer * writer, const void * infos, size_t count, iwf_error * error)
{
  const iwf_schema * schema = writer->schema;
  const bool         is_list = schema->family == IWF_FAMILY_TRANSFORM;
  IWF_TRY(writer->container == IWF_CONTAINER_DIRECTORY ? iwf_encoder_open_json(&writer->header, error)
                                                       : iwf_encoder_open_cbor(&writer->header, error));
  if (is_list)
  {
    writer->header->open_array(writer->header, count);
  }
  for (size_t record = 0; record < count; ++record)
  {
    iwf_payload payloads[IWF_MAX_PAYLOADS];
    char        folder[32] = "";
    memset(payloads, 0, sizeof(payloads));
    if (is_list)
    {
      (void)snprintf(folder, sizeof(folder), "%zu/", record);
    }
    const void * info = (const unsigned char *)infos + record * schema->info_size;
    IWF_TRY(iwf_schema_write(schema, info, folder, payloads, writer->header));
    for (size_t i = 0; i < schema->payload_count; ++i)
    {
      writer->slots[record * schema->payload_count + i].payload = payloads[i];
    }
  }
  if (is_list)
  {
    writer->header->close_array(writer->header);
  }
  return writer->header->finish(writer->header);
}

static iwf_status
begin(iwf_writer *              writer,
      const char *              path,
      const void *              infos,
      size_t                    count,
      const iwf_write_options * options,
      iwf_error *               error)
{
  IWF_TRY(encode_header(writer, infos, count, error));
  IWF_TRY(lay_out(writer, error));
  IWF_TRY(iwf_target_open(&writer->target, path, writer->container == IWF_CONTAINER_DIRECTORY, error));
  switch (writer->container)
  {
    case IWF_CONTAINER_CBOR:
      IWF_TRY(write_cbor_header(writer, error));
      break;
    case IWF_CONTAINER_CBOR_ZSTD:
      IWF_TRY(iwf_zstd_sink_open(&writer->zstd,
                                 writer->target.descriptor,
                                 writer->total,
                                 options != NULL ? options->compression_level : 0,
                                 error));
      break;
    case IWF_CONTAINER_DIRECTORY:
      IWF_TRY(iwf_writer_begin_directory(writer, error));
      break;
  }
  return writer->schema->family == IWF_FAMILY_IMAGE ? write_direction(writer, error) : IWF_OK;
}

iwf_status
iwf_writer_create(iwf_writer ** writer, const char * path, iwf_family family, size_t count, iwf_error * error)
{
  iwf_family    found = family;
  iwf_container container = IWF_CONTAINER_DIRECTORY;
  if (!iwf_path_format(path, &found, &container) || found != family)
  {
    static const char * const suffixes[] = { ".iwi", ".iwm", ".iwt" }; /* in the order of iwf_family */
    return iwf_fail(error,
                    IWF_ERROR_ARGUMENT,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected a path that ends in %s, %s.cbor or %s.cbor.zst",
                    suffixes[family],
                    suffixes[family],
                    suffixes[family]);
  }
  iwf_writer * created = calloc(1, sizeof(iwf_writer));
  if (created == NULL)
  {
    return iwf_fail_memory(error);
  }
  created->schema = iwf_schema_of_family(family);
  created->container = container;
  created->target.descriptor = -1;
  created->raw = -1;
  created->pasted = -1;
  created->slot_count = count * created->schema->payload_count;
  created->slots = calloc(created->slot_count, sizeof(iwf_slot));
  if (created->slots == NULL)
  {
    free(created);
    return iwf_fail_memory(error);
  }
  *writer = created;
  return IWF_OK;
}

static iwf_status
open_writer(iwf_writer **             writer,
            const char *              path,
            iwf_family                family,
            const void *              infos,
            size_t                    count,
            const iwf_write_options * options,
            iwf_error *               error)
{
  if (writer == NULL || path == NULL || infos == NULL || count < 1 || count > SIZE_MAX / 4096)
  {
    return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected a writer, a path and information");
  }
  iwf_writer * created = NULL;
  *writer = NULL;
  IWF_TRY(iwf_writer_create(&created, path, family, count, error));
  if (family == IWF_FAMILY_IMAGE)
  {
    created->image = *(const iwf_image_info *)infos;
  }
  const iwf_status status = begin(created, path, infos, count, options, error);
  if (status != IWF_OK)
  {
    iwf_writer_close(created);
    return status;
  }
  *writer = created;
  return IWF_OK;
}

iwf_status
iwf_writer_open_image(iwf_writer **             writer,
                      const char *              path,
                      const iwf_image_info *    info,
                      const iwf_write_options * options,
                      iwf_error *               error)
{
  return open_writer(writer, path, IWF_FAMILY_IMAGE, info, 1, options, error);
}

iwf_status
iwf_writer_open_mesh(iwf_writer **             writer,
                     const char *              path,
                     const iwf_mesh_info *     info,
                     const iwf_write_options * options,
                     iwf_error *               error)
{
  return open_writer(writer, path, IWF_FAMILY_MESH, info, 1, options, error);
}

iwf_status
iwf_writer_open_transforms(iwf_writer **              writer,
                           const char *               path,
                           const iwf_transform_info * infos,
                           size_t                     count,
                           const iwf_write_options *  options,
                           iwf_error *                error)
{
  return open_writer(writer, path, IWF_FAMILY_TRANSFORM, infos, count, options, error);
}

iwf_status
iwf_writer_write(iwf_writer * writer,
                 size_t       record,
                 int          payload,
                 uint64_t     first,
                 uint64_t     bytes,
                 const void * buffer,
                 iwf_error *  error)
{
  IWF_TRY(check_open(writer, error));
  const size_t     count = writer->schema->payload_count;
  const bool       exists = payload >= 0 && (size_t)payload < count && record < writer->slot_count / count;
  const size_t     number = exists ? record * count + (size_t)payload : 0;
  const iwf_slot * s = &writer->slots[number];
  const size_t     size = iwf_component_size(s->payload.component_type);
  if (!exists || (buffer == NULL && bytes > 0) || !iwf_within(first, bytes, s->payload.bytes) || first % size != 0 ||
      bytes % size != 0)
  {
    return iwf_fail(error,
                    IWF_ERROR_ARGUMENT,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected whole elements within the payload's %" PRIu64 " bytes, found %" PRIu64
                    " bytes from byte %" PRIu64,
                    exists ? s->payload.bytes : 0,
                    bytes,
                    first);
  }
  return bytes > 0 ? note(writer, write_bytes(writer, number, first, buffer, bytes, error)) : IWF_OK;
}

typedef struct run_context
{
  iwf_writer *          writer;
  const unsigned char * buffer;
} run_context;

static iwf_status
write_run(void * context, uint64_t first, uint64_t bytes, uint64_t position, iwf_error * error)
{
  const run_context * run = context;
  return write_bytes(run->writer, IWF_IMAGE_DATA, first, run->buffer + position, bytes, error);
}

iwf_status
iwf_writer_write_region(iwf_writer * writer, const iwf_region * region, const void * buffer, iwf_error * error)
{
  IWF_TRY(check_open(writer, error));
  if (writer->schema->family != IWF_FAMILY_IMAGE || region == NULL || buffer == NULL)
  {
    return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected an image, a region and a buffer");
  }
  run_context run = { .writer = writer, .buffer = buffer };
  return note(writer, iwf_region_runs(&writer->image, region, write_run, &run, error));
}

static iwf_status
check_complete(const iwf_writer * writer, iwf_error * error)
{
  for (size_t i = 0; i < writer->slot_count; ++i)
  {
    const iwf_slot * s = &writer->slots[i];
    if (!is_complete(s))
    {
      return iwf_fail(error,
                      IWF_ERROR_STATE,
                      IWF_NO_OFFSET,
                      iwf_schema_payload_field(writer->schema, i % writer->schema->payload_count)->key,
                      "expected all %" PRIu64 " bytes at the commit, found byte %" PRIu64 " not written",
                      s->payload.bytes,
                      iwf_coverage_front(&s->written));
    }
  }
  return IWF_OK;
}

static iwf_status
commit(iwf_writer * writer, iwf_error * error)
{
  if (writer->pasted >= 0)
  {
    const int pasted = writer->pasted;
    writer->pasted = -1;
    return close(pasted) == 0 ? IWF_OK : iwf_fail_system(error, IWF_ERROR_WRITE, errno, "could not finish writing");
  }
  IWF_TRY(check_complete(writer, error));
  IWF_TRY(iwf_writer_close_raw(writer, error));
  if (writer->zstd != NULL)
  {
    IWF_TRY(send_header(writer, writer->header->text_buffer->length, error));
    IWF_TRY(iwf_zstd_sink_finish(writer->zstd, error));
  }
  return iwf_target_commit(&writer->target, error);
}

iwf_status
iwf_writer_commit(iwf_writer * writer, iwf_error * error)
{
  IWF_TRY(check_open(writer, error));
  const iwf_status status = commit(writer, error);
  writer->failed = true; /* nothing more can be written, whether it worked or not */
  return status;
}

void
iwf_writer_close(iwf_writer * writer)
{
  if (writer == NULL)
  {
    return;
  }
  iwf_zstd_sink_close(writer->zstd);
  if (writer->raw >= 0)
  {
    (void)close(writer->raw);
  }
  if (writer->pasted >= 0)
  {
    (void)close(writer->pasted);
  }
  iwf_target_close(&writer->target);
  if (writer->header != NULL)
  {
    writer->header->close(writer->header);
  }
  for (size_t i = 0; i < writer->slot_count; ++i)
  {
    iwf_coverage_free(&writer->slots[i].written);
  }
  free(writer->slots);
  free(writer);
}
