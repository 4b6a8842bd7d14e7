/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fuzz.h"

#include "source.h"

#include <zstd.h>

/* Decompression: what is read in pieces and backwards must be what zstd itself makes of the frames. */

enum
{
  LARGEST = 1 << 20
};

int
LLVMFuzzerTestOneInput(const uint8_t * data, size_t size)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  limits.zstd_window_log = 20;
  limits.zstd_expanded_bytes = LARGEST;
  limits.zstd_expansion_ratio = 4;
  void *       copy = fuzz_copy(data, size);
  iwf_source * memory = NULL;
  iwf_source * source = NULL;
  iwf_error    error = { .status = IWF_OK };
  FUZZ_CHECK(iwf_source_open_memory(&memory, copy, size, NULL) == IWF_OK);
  iwf_status status = iwf_source_open_zstd(&source, memory, &limits, &error);
  if (status != IWF_OK)
  {
    FUZZ_CHECK(error.message[0] != '\0');
    iwf_source_close(memory);
    free(copy);
    return 0;
  }
  FUZZ_CHECK(source->size <= LARGEST || source->size <= (uint64_t)size * 4);
  const size_t    bound = (size_t)source->size;
  unsigned char * all = malloc(bound + 1);
  unsigned char * reference = malloc(bound + 1);
  FUZZ_CHECK(all != NULL && reference != NULL);
  status = iwf_source_read(source, 0, all, bound, &error);
  if (status == IWF_ERROR_TRUNCATED && source->size_is_exact && source->size < bound)
  {
    status = iwf_source_read(source, 0, all, source->size, &error); /* the size had been a bound */
  }
  const size_t expected = ZSTD_decompress(reference, bound, copy, size);
  if (status == IWF_OK && bound > 0)
  {
    FUZZ_CHECK(!ZSTD_isError(expected) && expected == source->size);
    FUZZ_CHECK(memcmp(all, reference, expected) == 0);
    for (unsigned i = 0; i < 40; ++i)
    {
      unsigned char  piece[512];
      const uint64_t first = (uint64_t)i * 2654435761u % (source->size + 1);
      const uint64_t bytes = source->size - first < sizeof(piece) ? source->size - first : sizeof(piece);
      FUZZ_CHECK(iwf_source_read(source, first, piece, bytes, &error) == IWF_OK);
      FUZZ_CHECK(memcmp(piece, all + first, (size_t)bytes) == 0);
    }
    unsigned char byte = 0;
    FUZZ_CHECK(iwf_source_read(source, source->size, &byte, 1, &error) == IWF_ERROR_TRUNCATED);
  }
  free(all);
  free(reference);
  iwf_source_close(source);
  free(copy);
  return 0;
}
