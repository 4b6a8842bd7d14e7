/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fuzz.h"

#include "arena.h"
#include "builder.h"
#include "cbor_parser.h"

/* The CBOR parser, over a whole source and over one that is found to be shorter than it said. */

static uint64_t
walk(const iwf_value * value, unsigned depth)
{
  uint64_t count = 1;
  FUZZ_CHECK(depth <= 33);
  switch (value->kind)
  {
    case IWF_TEXT:
      for (uint64_t i = 0; i < value->count; ++i)
      {
        count += (unsigned char)value->of.text[i];
      }
      break;
    case IWF_ARRAY:
      for (uint64_t i = 0; i < value->count; ++i)
      {
        count += walk(&value->of.items[i], depth + 1);
      }
      break;
    case IWF_MAP:
      for (uint64_t i = 0; i < value->count; ++i)
      {
        FUZZ_CHECK(i == 0 || value->of.members[i].key != NULL);
        count += value->of.members[i].key_length + walk(&value->of.members[i].value, depth + 1);
      }
      break;
    default:
      break;
  }
  return count;
}

static iwf_status
read_none(iwf_source * source, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error)
{
  (void)offset;
  (void)buffer;
  (void)bytes;
  (void)error;
  source->size /= 2;
  source->size_is_exact = true;
  return IWF_ERROR_TRUNCATED;
}

static void
parse(iwf_source * source, const iwf_limits * limits)
{
  iwf_arena   arena;
  iwf_builder builder;
  iwf_error   error = { .status = IWF_OK };
  iwf_arena_init(&arena, limits->header_memory);
  iwf_status status = iwf_builder_init(&builder, &arena, limits, &error);
  if (status == IWF_OK)
  {
    status = iwf_cbor_parse(source, limits, &builder, &error);
    if (status == IWF_OK)
    {
      (void)walk(&builder.root, 0);
    }
    iwf_builder_free(&builder);
  }
  FUZZ_CHECK(status == IWF_OK || source->read == read_none || error.message[0] != '\0');
  FUZZ_CHECK(status == IWF_OK || status == IWF_ERROR_LIMIT ||
             (status >= IWF_ERROR_TRUNCATED && status <= IWF_ERROR_DUPLICATE));
  iwf_arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t * data, size_t size)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  void *       copy = fuzz_copy(data, size);
  iwf_source * source = NULL;
  FUZZ_CHECK(iwf_source_open_memory(&source, copy, size, NULL) == IWF_OK);
  parse(source, &limits);
  source->size_is_exact = false;
  limits.header_bytes = 100;
  limits.header_memory = 10000;
  limits.depth = 3;
  parse(source, &limits);
  iwf_source shrinking = { .read = read_none, .size = size, .descriptor = -1 };
  parse(&shrinking, &limits);
  iwf_source_close(source);
  free(copy);
  return 0;
}
