/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_ARENA_H
#define IWF_ARENA_H

/* Memory for one object's header: given out in pieces against a budget, freed all at once. */

#include "iwf/status.h"

typedef struct iwf_arena
{
  struct iwf_arena_block * blocks; /* newest first */
  size_t                   free;   /* bytes left in the newest block */
  uint64_t                 used;   /* bytes given out, against the budget */
  uint64_t                 budget; /* iwf_limits::header_memory */
} iwf_arena;

void
iwf_arena_init(iwf_arena * arena, uint64_t budget);

/* Accounts for memory that is held elsewhere on behalf of the header. */
iwf_status
iwf_arena_check(const iwf_arena * arena, uint64_t bytes, iwf_error * error);

/* Stores `count` zeroed elements of `size` bytes, aligned for any type, in `*memory`; never NULL on success. */
iwf_status
iwf_arena_alloc(iwf_arena * arena, uint64_t count, size_t size, void ** memory, iwf_error * error);

void
iwf_arena_free(iwf_arena * arena);

#endif
