/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_COVERAGE_H
#define IWF_COVERAGE_H

/*
 * Which bytes of a payload have been written, as disjoint ranges in order: a count of bytes would take a part that is
 * written twice for one that was left out.
 */

#include "iwf/status.h"

#include <stddef.h>

typedef struct iwf_covered
{
  uint64_t first;
  uint64_t end;
} iwf_covered;

/* All zero: nothing is covered. */
typedef struct iwf_coverage
{
  iwf_covered * ranges;
  size_t        count;
  size_t        capacity;
} iwf_coverage;

/* Adds bytes from first on, at least one; first + bytes does not overflow. */
iwf_status
iwf_coverage_add(iwf_coverage * coverage, uint64_t first, uint64_t bytes, iwf_error * error);

/* How many bytes from the payload's first byte on have been written without a gap. */
uint64_t
iwf_coverage_front(const iwf_coverage * coverage);

void
iwf_coverage_free(iwf_coverage * coverage);

#endif
