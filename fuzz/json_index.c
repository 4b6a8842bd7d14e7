/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fuzz.h"

#include "arena.h"
#include "builder.h"
#include "json_parser.h"

int
LLVMFuzzerTestOneInput(const uint8_t * data, size_t size)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  char * copy = fuzz_copy(data, size);
  for (int pass = 0; pass < 2; ++pass)
  {
    iwf_arena   arena;
    iwf_builder builder;
    iwf_error   error = { .status = IWF_OK };
    limits.header_memory = pass == 0 ? UINT64_C(32) << 20 : 20000;
    iwf_arena_init(&arena, limits.header_memory);
    FUZZ_CHECK(iwf_builder_init(&builder, &arena, &limits, &error) == IWF_OK);
    const iwf_status status = iwf_json_parse(copy, size, &builder, &error);
    FUZZ_CHECK(status == IWF_OK || status == IWF_ERROR_SYNTAX || status == IWF_ERROR_TRUNCATED ||
               status == IWF_ERROR_DUPLICATE || status == IWF_ERROR_LIMIT);
    /* Where the header needs too much memory as a whole, there is no one place. */
    FUZZ_CHECK(status == IWF_OK || error.offset <= size ||
               (status == IWF_ERROR_LIMIT && error.offset == IWF_NO_OFFSET));
    FUZZ_CHECK(status == IWF_OK || error.message[0] != '\0');
    FUZZ_CHECK(status != IWF_OK || builder.done);
    iwf_builder_free(&builder);
    iwf_arena_free(&arena);
  }
  free(copy);
  return 0;
}
