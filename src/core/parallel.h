/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_PARALLEL_H
#define IWF_PARALLEL_H

/* Work on a long range of bytes by several threads: page faults of fresh memory, not the disk, limit large reads. */

#include "iwf/status.h"

typedef iwf_status (*iwf_range_function)(void * context, uint64_t first, uint64_t bytes, iwf_error * error);

/* Calls `function` for parts that cover 0 to `bytes`, at once where that pays; reports one of the failures. */
iwf_status
iwf_parallel(uint64_t bytes, iwf_range_function function, void * context, iwf_error * error);

/* Processors that this process may use. */
unsigned
iwf_processors(void);

#endif
