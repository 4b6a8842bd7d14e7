/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <unistd.h>

enum
{
  MOST_THREADS = 8
};

/* Below this a thread costs more than it saves. */
#define SMALLEST_PART (UINT64_C(4) << 20)

typedef struct part
{
  iwf_range_function function;
  void *             context;
  uint64_t           first;
  uint64_t           bytes;
  iwf_status         status;
  iwf_error          error;
  pthread_t          thread;
  bool               started;
} part;

unsigned
iwf_processors(void)
{
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0)
  {
    return (unsigned)CPU_COUNT(&set);
  }
#endif
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (unsigned)online : 1;
}

static void *
run(void * argument)
{
  part * p = argument;
  p->status = p->function(p->context, p->first, p->bytes, &p->error);
  return NULL;
}

iwf_status
iwf_parallel(uint64_t bytes, iwf_range_function function, void * context, iwf_error * error)
{
  uint64_t count = bytes / SMALLEST_PART;
  if (count > 1) /* asking for the processors takes as long as reading a few bytes */
  {
    const uint64_t processors = iwf_processors();
    count = count < processors ? count : processors;
    count = count < MOST_THREADS ? count : MOST_THREADS;
  }
  if (count <= 1)
  {
    return function(context, 0, bytes, error);
  }
  part           parts[MOST_THREADS];
  const uint64_t share = bytes / count & ~(SMALLEST_PART - 1);
  for (uint64_t i = 0; i < count; ++i)
  {
    const uint64_t first = i * share;
    parts[i] = (part){
      .function = function, .context = context, .first = first, .bytes = i + 1 < count ? share : bytes - first
    };
    /* The caller's own thread does the last part, and those for which the system has no thread. */
    parts[i].started = i + 1 < count && pthread_create(&parts[i].thread, NULL, run, &parts[i]) == 0;
    if (!parts[i].started)
    {
      (void)run(&parts[i]);
    }
  }
  iwf_status status = IWF_OK;
  for (uint64_t i = 0; i < count; ++i)
  {
    if (parts[i].started)
    {
      (void)pthread_join(parts[i].thread, NULL);
    }
    if (parts[i].status != IWF_OK && status == IWF_OK)
    {
      status = parts[i].status;
      if (error != NULL)
      {
        *error = parts[i].error;
      }
    }
  }
  return status;
}
