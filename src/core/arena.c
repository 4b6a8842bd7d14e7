/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "arena.h"

#include "checked.h"
#include "failure.h"

#include <inttypes.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

struct iwf_arena_block
{
  struct iwf_arena_block * next;
  size_t                   capacity;
  alignas(max_align_t) unsigned char bytes[];
};

enum
{
  SMALLEST_BLOCK = 4096
};

void
iwf_arena_init(iwf_arena * arena, uint64_t budget)
{
  memset(arena, 0, sizeof(*arena));
  arena->budget = budget;
}

iwf_status
iwf_arena_check(const iwf_arena * arena, uint64_t bytes, iwf_error * error)
{
  if (bytes > arena->budget - arena->used)
  {
    return iwf_fail(error,
                    IWF_ERROR_LIMIT,
                    IWF_NO_OFFSET,
                    NULL,
                    "the header needs more memory than the limit header_memory = %" PRIu64 " bytes",
                    arena->budget);
  }
  return IWF_OK;
}

iwf_status
iwf_arena_alloc(iwf_arena * arena, uint64_t count, size_t size, void ** memory, iwf_error * error)
{
  const size_t alignment = alignof(max_align_t);
  uint64_t     wanted = 0;
  if (!iwf_multiply(count, size, &wanted) || wanted > SIZE_MAX / 2)
  {
    wanted = SIZE_MAX / 2; /* more than any system has, and small enough to add to */
  }
  wanted += alignment;
  IWF_TRY(iwf_arena_check(arena, wanted, error));
  const size_t bytes = ((size_t)wanted - 1) / alignment * alignment;
  if (arena->blocks == NULL || arena->free < bytes)
  {
    const size_t             capacity = bytes > SMALLEST_BLOCK ? bytes : SMALLEST_BLOCK;
    struct iwf_arena_block * block = calloc(1, sizeof(struct iwf_arena_block) + capacity);
    if (block == NULL)
    {
      return iwf_fail_memory(error);
    }
    block->next = arena->blocks;
    block->capacity = capacity;
    arena->blocks = block;
    arena->free = capacity;
  }
  *memory = arena->blocks->bytes + (arena->blocks->capacity - arena->free);
  arena->free -= bytes;
  arena->used += bytes;
  return IWF_OK;
}

void
iwf_arena_free(iwf_arena * arena)
{
  while (arena->blocks != NULL)
  {
    struct iwf_arena_block * block = arena->blocks;
    arena->blocks = block->next;
    free(block);
  }
  arena->free = 0;
  arena->used = 0;
}
