/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fresh_memory.h"

#include "parallel.h"

#include <stddef.h>
#include <sys/mman.h>

#define HUGE_PAGE (UINT64_C(2) << 20)
#define STEP      (UINT64_C(4) << 20)
#define AHEAD     (UINT64_C(16) << 20)

#if defined(MADV_HUGEPAGE) || defined(MADV_POPULATE_WRITE)
/* Advises the system about the huge pages within a part of the buffer; false if it refuses. */
static bool
advise(void * buffer, uint64_t bytes, int advice)
{
  const uint64_t address = (uintptr_t)buffer;
  const uint64_t first = (address + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  const uint64_t last = (address + bytes) / HUGE_PAGE * HUGE_PAGE;
  return last <= first || madvise((unsigned char *)buffer + (first - address), (size_t)(last - first), advice) == 0;
}
#endif

void
iwf_fresh_memory_advise(void * buffer, uint64_t bytes)
{
#if defined(MADV_HUGEPAGE)
  (void)advise(buffer, bytes, MADV_HUGEPAGE);
#else
  (void)buffer;
  (void)bytes;
#endif
}

#if defined(MADV_POPULATE_WRITE)
/* Whether the part from a position on is wanted; waits until the other is near. */
static bool
is_wanted(iwf_fresh_memory * memory, uint64_t position)
{
  (void)pthread_mutex_lock(&memory->mutex);
  while (!memory->stopped && position > memory->reached + AHEAD)
  {
    (void)pthread_cond_wait(&memory->changed, &memory->mutex);
  }
  const bool wanted = !memory->stopped;
  (void)pthread_mutex_unlock(&memory->mutex);
  return wanted;
}

static void *
prepare(void * argument)
{
  iwf_fresh_memory * memory = argument;
  /* Parts end where huge pages do. */
  uint64_t position = HUGE_PAGE - (uintptr_t)memory->buffer % HUGE_PAGE;
  while (position < memory->bytes && is_wanted(memory, position))
  {
    const uint64_t left = memory->bytes - position;
    if (!advise(memory->buffer + position, left < STEP ? left : STEP, MADV_POPULATE_WRITE))
    {
      break; /* a system that does not know it, or is short of memory: the other will find out */
    }
    position += STEP;
  }
  return NULL;
}
#endif

void
iwf_fresh_memory_start(iwf_fresh_memory * memory, void * buffer, uint64_t bytes)
{
  *memory = (iwf_fresh_memory){ .buffer = buffer, .bytes = bytes };
#if defined(MADV_POPULATE_WRITE)
  if (bytes > AHEAD && iwf_processors() > 1)
  {
    (void)pthread_mutex_init(&memory->mutex, NULL);
    (void)pthread_cond_init(&memory->changed, NULL);
    memory->started = pthread_create(&memory->thread, NULL, prepare, memory) == 0;
  }
#endif
}

void
iwf_fresh_memory_reach(iwf_fresh_memory * memory, uint64_t bytes)
{
  if (memory->started)
  {
    (void)pthread_mutex_lock(&memory->mutex);
    memory->reached = bytes;
    (void)pthread_cond_signal(&memory->changed);
    (void)pthread_mutex_unlock(&memory->mutex);
  }
}

void
iwf_fresh_memory_stop(iwf_fresh_memory * memory)
{
  if (memory->started)
  {
    (void)pthread_mutex_lock(&memory->mutex);
    memory->stopped = true;
    (void)pthread_cond_signal(&memory->changed);
    (void)pthread_mutex_unlock(&memory->mutex);
    (void)pthread_join(memory->thread, NULL);
    (void)pthread_cond_destroy(&memory->changed);
    (void)pthread_mutex_destroy(&memory->mutex);
  }
}
