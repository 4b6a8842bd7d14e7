/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_FUZZ_H
#define IWF_FUZZ_H

/* What the fuzz targets share. A target is one file with one function; replay.c runs the same function over files. */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t * data, size_t size);

/* A broken promise, not a refused input. */
#define FUZZ_CHECK(condition)                                                       \
  do                                                                                \
  {                                                                                 \
    if (!(condition))                                                               \
    {                                                                               \
      (void)fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                      \
    }                                                                               \
  } while (0)

/* A copy of exactly this size, so that sanitizers see every look beyond; never NULL. */
static inline void *
fuzz_copy(const void * data, size_t size)
{
  void * copy = malloc(size > 0 ? size : 1);
  FUZZ_CHECK(copy != NULL);
  if (size > 0)
  {
    memcpy(copy, data, size);
  }
  return copy;
}

#endif
