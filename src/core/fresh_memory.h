/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_FRESH_MEMORY_H
#define IWF_FRESH_MEMORY_H

/*
 * Large buffers to read into are mostly fresh: the system gives them memory, and clears it, when they are first touched.
 * That takes about as long as copying what is to be read.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Asks for huge pages, of which one replaces 512. Only those that lie within the buffer are asked for, so that no memory
 * is used that was not anyhow.
 */
void
iwf_fresh_memory_advise(void * buffer, uint64_t bytes);

/* A thread that has the buffer's memory ready before somebody else, who needs all of a processor, comes to it. */
typedef struct iwf_fresh_memory
{
  unsigned char * buffer;
  uint64_t        bytes;
  uint64_t        reached; /* bytes that the other has used */
  bool            started;
  bool            stopped;
  pthread_t       thread;
  pthread_mutex_t mutex; /* of reached and stopped */
  pthread_cond_t  changed;
} iwf_fresh_memory;

/* Begins, if the buffer is large and there are two processors; stays a little ahead, as the other may never get on. */
void
iwf_fresh_memory_start(iwf_fresh_memory * memory, void * buffer, uint64_t bytes);

/* Says how many bytes of the buffer have been used. */
void
iwf_fresh_memory_reach(iwf_fresh_memory * memory, uint64_t bytes);

void
iwf_fresh_memory_stop(iwf_fresh_memory * memory);

#endif
