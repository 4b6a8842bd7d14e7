/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "payload.h"

#include "byte_order.h"
#include "checked.h"
#include "failure.h"
#include "fresh_memory.h"
#include "number.h"

#include <inttypes.h>
#include <string.h>

/* RFC 8746 section 2.1. */
static const struct
{
  uint32_t           tag;
  iwf_component_type type;
  bool               big_endian;
} typed_arrays[] = {
  { 64, IWF_UINT8, false },
  { 65, IWF_UINT16, true },
  { 66, IWF_UINT32, true },
  { 67, IWF_UINT64, true },
  { 68, IWF_UINT8, false }, /* clamped */
  { 69, IWF_UINT16, false },
  { 70, IWF_UINT32, false },
  { 71, IWF_UINT64, false },
  { 72, IWF_INT8, false },
  /* 73 to 75 mean big-endian, but every writer of these formats that uses them stores little-endian bytes. */
  { 73, IWF_INT16, false },
  { 74, IWF_INT32, false },
  { 75, IWF_INT64, false },
  { 77, IWF_INT16, false },
  { 78, IWF_INT32, false },
  { 79, IWF_INT64, false },
  { 81, IWF_FLOAT32, true },
  { 82, IWF_FLOAT64, true },
  { 85, IWF_FLOAT32, false },
  { 86, IWF_FLOAT64, false },
};

uint32_t
iwf_payload_tag(iwf_component_type type)
{
  /* In the order of iwf_component_type. */
  static const uint32_t tags[IWF_COMPONENT_TYPE_COUNT] = { 72, 64, 77, 69, 78, 70, 79, 71, 85, 86 };
  return tags[type];
}

iwf_status
iwf_payload_expect(iwf_payload *      payload,
                   const char *       key,
                   iwf_component_type type,
                   uint64_t           count,
                   uint64_t           per_count,
                   iwf_error *        error)
{
  payload->component_type = type;
  if (!iwf_multiply(count, per_count, &payload->count) ||
      !iwf_multiply(payload->count, iwf_component_size(type), &payload->bytes) || payload->bytes > INT64_MAX)
  {
    return iwf_fail(error,
                    IWF_ERROR_VALUE,
                    IWF_NO_OFFSET,
                    key,
                    "expected an array of less than 2^63 bytes, found %" PRIu64 " x %" PRIu64 " elements of %s",
                    count,
                    per_count,
                    iwf_component_name(type));
  }
  payload->has_array = payload->count > 0;
  return IWF_OK;
}

static iwf_status
fail_length(const iwf_payload * payload, const char * key, const iwf_value * value, iwf_error * error)
{
  return iwf_fail(error,
                  IWF_ERROR_LENGTH,
                  value->offset,
                  key,
                  "expected %" PRIu64 " bytes (%" PRIu64 " elements of %s), found %" PRIu64 "%s",
                  payload->bytes,
                  payload->count,
                  iwf_component_name(payload->component_type),
                  value->count,
                  value->kind == IWF_ARRAY ? " numbers" : "");
}

static iwf_status
fail_tag(const iwf_payload * payload, const char * key, const iwf_value * value, iwf_error * error)
{
  return iwf_fail(error,
                  IWF_ERROR_VALUE,
                  value->offset,
                  key,
                  "expected the CBOR tag %" PRIu32 " of an array of %s, found the tag %" PRIu32,
                  iwf_payload_tag(payload->component_type),
                  iwf_component_name(payload->component_type),
                  value->tag);
}

static iwf_status
accept_numbers(iwf_payload * payload, const char * key, const iwf_value * value, iwf_error * error)
{
  if (value->count != payload->count)
  {
    return fail_length(payload, key, value, error);
  }
  for (uint64_t i = 0; i < value->count; ++i)
  {
    const iwf_value * item = &value->of.items[i];
    unsigned char     element[8];
    if (!iwf_number_store(item, payload->component_type, element))
    {
      char found[IWF_DESCRIPTION];
      return iwf_fail(error,
                      IWF_ERROR_VALUE,
                      item->offset,
                      key,
                      "expected a number that fits %s, found %s",
                      iwf_component_name(payload->component_type),
                      iwf_describe(item, found));
    }
  }
  payload->numbers = value;
  return IWF_OK;
}

static iwf_status
accept_bytes(iwf_payload * payload, const char * key, const iwf_value * value, iwf_error * error)
{
  const size_t       size = iwf_component_size(payload->component_type);
  iwf_component_type type = payload->component_type;
  bool               big_endian = false;
  bool               known = value->tag == IWF_NO_TAG;
  for (size_t i = 0; !known && i < sizeof(typed_arrays) / sizeof(typed_arrays[0]); ++i)
  {
    if (typed_arrays[i].tag == value->tag)
    {
      known = true;
      type = typed_arrays[i].type;
      big_endian = typed_arrays[i].big_endian;
    }
  }
  if (!known)
  {
    return fail_tag(payload, key, value, error);
  }
  payload->location = value->of.location;
  payload->swap = big_endian != IWF_HOST_IS_BIG_ENDIAN;
  payload->stored_type = payload->component_type;
  /* Where no key names the type, the tag does. Only bytes may be anything. */
  if (payload->fixed_type && type != payload->component_type &&
      value->count == payload->count * iwf_component_size(type) &&
      (iwf_component_size(type) > 1 || value->count != payload->bytes))
  {
    payload->stored_type = type;
    return IWF_OK;
  }
  if (big_endian && iwf_component_size(type) != size)
  {
    return fail_tag(payload, key, value, error);
  }
  if (value->count == payload->bytes ||
      (payload->tolerated_bytes > payload->bytes && value->count == payload->tolerated_bytes))
  {
    return IWF_OK;
  }
  return fail_length(payload, key, value, error);
}

iwf_status
iwf_payload_accept(iwf_payload * payload, const char * key, const iwf_value * value, iwf_error * error)
{
  if (value->kind == IWF_ARRAY)
  {
    return accept_numbers(payload, key, value, error);
  }
  if (value->kind == IWF_BYTES)
  {
    return accept_bytes(payload, key, value, error);
  }
  char found[IWF_DESCRIPTION];
  return iwf_fail(
    error, IWF_ERROR_VALUE, value->offset, key, "expected an array of numbers, found %s", iwf_describe(value, found));
}

/* The extent that holds a byte, by halving: a file may consist of very many small ones. */
static size_t
find_extent(const iwf_location * location, uint64_t byte)
{
  size_t low = 0;
  size_t high = location->extent_count;
  while (high - low > 1)
  {
    const size_t middle = low + (high - low) / 2;
    if (location->extents[middle].first <= byte)
    {
      low = middle;
    }
    else
    {
      high = middle;
    }
  }
  return low;
}

/* Reads stored bytes, chunk by chunk. */
static iwf_status
read_location(const iwf_location * location, uint64_t first, unsigned char * buffer, uint64_t bytes, iwf_error * error)
{
  for (size_t i = find_extent(location, first); i < location->extent_count && bytes > 0; ++i)
  {
    const iwf_extent * extent = &location->extents[i];
    const uint64_t     skipped = first - extent->first;
    const uint64_t     here = extent->bytes - skipped < bytes ? extent->bytes - skipped : bytes;
    IWF_TRY(iwf_source_read(location->source, extent->offset + skipped, buffer, here, error));
    buffer += here;
    bytes -= here;
    first += here;
  }
  if (bytes > 0)
  {
    return iwf_fail(error,
                    IWF_ERROR_TRUNCATED,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected %" PRIu64 " more bytes of an array, found its end",
                    bytes);
  }
  return IWF_OK;
}

/* Reads elements that are stored as another type than the payload's. */
static iwf_status
read_converted(const iwf_payload * payload, uint64_t first, unsigned char * buffer, uint64_t count, iwf_error * error)
{
  const size_t  stored_size = iwf_component_size(payload->stored_type);
  const size_t  size = iwf_component_size(payload->component_type);
  unsigned char stored[8192];
  while (count > 0)
  {
    const uint64_t part = count < sizeof(stored) / stored_size ? count : sizeof(stored) / stored_size;
    IWF_TRY(read_location(payload->location, first * stored_size, stored, part * stored_size, error));
    if (payload->swap)
    {
      iwf_swap(stored, part * stored_size, stored_size);
    }
    for (uint64_t i = 0; i < part; ++i)
    {
      const iwf_value number = iwf_number_load(stored + i * stored_size, payload->stored_type);
      if (!iwf_number_store(&number, payload->component_type, buffer + i * size))
      {
        char found[IWF_DESCRIPTION];
        return iwf_fail(error,
                        IWF_ERROR_VALUE,
                        IWF_NO_OFFSET,
                        NULL,
                        "element %" PRIu64 " of an array: expected a number that fits %s, found %s",
                        first + i,
                        iwf_component_name(payload->component_type),
                        iwf_describe(&number, found));
      }
    }
    buffer += part * size;
    first += part;
    count -= part;
  }
  return IWF_OK;
}

iwf_status
iwf_payload_read(const iwf_payload * payload, uint64_t first, void * buffer, uint64_t bytes, iwf_error * error)
{
  const size_t size = iwf_component_size(payload->component_type);
  if (payload->numbers != NULL)
  {
    for (uint64_t i = 0; i < bytes / size; ++i)
    {
      const iwf_value * number = &payload->numbers->of.items[first / size + i];
      (void)iwf_number_store(number, payload->component_type, (unsigned char *)buffer + i * size); /* checked before */
    }
    return IWF_OK;
  }
  if (payload->location == NULL)
  {
    return IWF_OK; /* no array: nothing to read */
  }
  if (payload->stored_type != payload->component_type)
  {
    return read_converted(payload, first / size, buffer, bytes / size, error);
  }
  iwf_fresh_memory_advise(buffer, bytes);
  IWF_TRY(read_location(payload->location, first, buffer, bytes, error));
  if (payload->swap)
  {
    iwf_swap(buffer, bytes, size);
  }
  return IWF_OK;
}

iwf_status
iwf_payload_plain_place(const iwf_payload * payload, int * descriptor, uint64_t * offset, iwf_error * error)
{
  const iwf_location * location = payload != NULL ? payload->location : NULL;
  if (location == NULL || payload->bytes == 0 || location->extent_count != 1 || location->source->descriptor < 0 ||
      payload->stored_type != payload->component_type ||
      (payload->swap && iwf_component_size(payload->component_type) > 1))
  {
    return iwf_fail(error,
                    IWF_ERROR_UNSUPPORTED,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected an uncompressed array in one piece and in the byte order of this machine");
  }
  *descriptor = location->source->descriptor;
  *offset = location->extents[0].offset;
  return IWF_OK;
}
