/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_SOURCE_H
#define IWF_SOURCE_H

/* Where bytes come from: a file, a compressed file, memory. Everything above reads through this one interface. */

#include "iwf/limits.h"

#include <stdbool.h>

typedef struct iwf_source iwf_source;

struct iwf_source
{
  /* Reads exactly `bytes` bytes at `offset`, which lie within `size`; IWF_ERROR_TRUNCATED when they are not there. */
  iwf_status (*read)(iwf_source * source, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error);
  void (*close)(iwf_source * source);
  uint64_t size;
  /* False where `size` is only an upper bound: a compressed file that does not tell its content's size. */
  bool size_is_exact;
  /* File descriptor that holds the same bytes at the same offsets, or -1: for mapping into memory. */
  int descriptor;
};

/* A regular file. Takes ownership of `descriptor` on success only. */
iwf_status
iwf_source_open_file(iwf_source ** source, int descriptor, iwf_error * error);

/* Borrows `data`. */
iwf_status
iwf_source_open_memory(iwf_source ** source, const void * data, size_t size, iwf_error * error);

/* The decompressed bytes of `compressed`, which is owned by the new source on success only. */
iwf_status
iwf_source_open_zstd(iwf_source ** source, iwf_source * compressed, const iwf_limits * limits, iwf_error * error);

/* Safe on NULL. */
void
iwf_source_close(iwf_source * source);

/* Reads after checking the range against the size. */
iwf_status
iwf_source_read(iwf_source * source, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error);

#endif
