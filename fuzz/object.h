/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_FUZZ_OBJECT_H
#define IWF_FUZZ_OBJECT_H

/* Reading whole objects, for the targets that do. */

#include "fuzz.h"
#include "iwf/iwf.h"

enum
{
  FUZZ_LARGEST_PAYLOAD = 1 << 20
};

/* Limits that keep one input fast. */
static inline void
fuzz_limits(iwf_limits * limits)
{
  iwf_limits_init(limits);
  limits->header_memory = 4u << 20;
  limits->zstd_window_log = 20;
  limits->zstd_expanded_bytes = FUZZ_LARGEST_PAYLOAD;
  limits->zstd_expansion_ratio = 4;
}

static inline size_t
fuzz_records(const iwf_reader * reader)
{
  size_t count = 1;
  if (iwf_reader_family(reader) == IWF_FAMILY_TRANSFORM)
  {
    FUZZ_CHECK(iwf_reader_transforms(reader, &count) != NULL);
  }
  return count;
}

static inline int
fuzz_payloads(const iwf_reader * reader)
{
  return iwf_reader_family(reader) == IWF_FAMILY_MESH ? 4 : 2;
}

/* Opens bytes as an object of this family; compressed if they look so. */
static inline iwf_reader *
fuzz_open(const void * data, size_t size, iwf_family family)
{
  static const unsigned char zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };
  iwf_limits                 limits;
  iwf_error                  error = { .status = IWF_OK };
  iwf_reader *               reader = NULL;
  fuzz_limits(&limits);
  const iwf_container container =
    size >= 4 && memcmp(data, zstd, 4) == 0 ? IWF_CONTAINER_CBOR_ZSTD : IWF_CONTAINER_CBOR;
  const iwf_status status = iwf_reader_open_memory(&reader, data, size, family, container, &limits, &error);
  FUZZ_CHECK((status == IWF_OK) == (reader != NULL));
  FUZZ_CHECK(status == IWF_OK || (error.status == status && error.message[0] != '\0' && status >= IWF_ERROR_TRUNCATED));
  return reader;
}

/* Reads a payload; NULL if it is too large for a fuzz input or cannot be read. */
static inline unsigned char *
fuzz_read(iwf_reader * reader, size_t record, int payload, uint64_t * bytes)
{
  *bytes = iwf_reader_payload_bytes(reader, record, payload);
  if (*bytes > FUZZ_LARGEST_PAYLOAD)
  {
    return NULL;
  }
  unsigned char * buffer = malloc((size_t)*bytes + 1);
  FUZZ_CHECK(buffer != NULL);
  memset(buffer, 0xee, (size_t)*bytes + 1);
  iwf_error error = { .status = IWF_OK };
  if (iwf_reader_read(reader, record, payload, 0, *bytes, buffer, &error) != IWF_OK)
  {
    FUZZ_CHECK(error.message[0] != '\0');
    free(buffer);
    return NULL;
  }
  FUZZ_CHECK(buffer[*bytes] == 0xee);
  return buffer;
}

#endif
