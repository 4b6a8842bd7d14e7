/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.h"

#include "failure.h"

#include <stdlib.h>
#include <string.h>

/* The first range that ends at or after a position: the only one that bytes from there on may touch or precede. */
static size_t
find(const iwf_coverage * coverage, uint64_t position)
{
  size_t low = 0;
  size_t high = coverage->count;
  while (low < high)
  {
    const size_t middle = low + (high - low) / 2;
    if (coverage->ranges[middle].end < position)
    {
      low = middle + 1;
    }
    else
    {
      high = middle;
    }
  }
  return low;
}

static iwf_status
insert(iwf_coverage * coverage, size_t at, iwf_covered range, iwf_error * error)
{
  if (coverage->count == coverage->capacity)
  {
    const size_t  capacity = coverage->capacity == 0 ? 4 : coverage->capacity * 2;
    iwf_covered * longer = realloc(coverage->ranges, capacity * sizeof(iwf_covered));
    if (longer == NULL)
    {
      return iwf_fail_memory(error);
    }
    coverage->ranges = longer;
    coverage->capacity = capacity;
  }
  memmove(coverage->ranges + at + 1, coverage->ranges + at, (coverage->count - at) * sizeof(iwf_covered));
  coverage->ranges[at] = range;
  coverage->count += 1;
  return IWF_OK;
}

iwf_status
iwf_coverage_add(iwf_coverage * coverage, uint64_t first, uint64_t bytes, iwf_error * error)
{
  const uint64_t end = first + bytes;
  const size_t   at = find(coverage, first);
  if (at == coverage->count || end < coverage->ranges[at].first)
  {
    return insert(coverage, at, (iwf_covered){ .first = first, .end = end }, error);
  }
  iwf_covered * range = &coverage->ranges[at];
  size_t        next = at + 1;
  range->first = first < range->first ? first : range->first;
  range->end = end > range->end ? end : range->end;
  while (next < coverage->count && coverage->ranges[next].first <= range->end)
  {
    range->end = coverage->ranges[next].end > range->end ? coverage->ranges[next].end : range->end;
    next += 1;
  }
  memmove(coverage->ranges + at + 1, coverage->ranges + next, (coverage->count - next) * sizeof(iwf_covered));
  coverage->count -= next - (at + 1);
  return IWF_OK;
}

uint64_t
iwf_coverage_front(const iwf_coverage * coverage)
{
  return coverage->count > 0 && coverage->ranges[0].first == 0 ? coverage->ranges[0].end : 0;
}

void
iwf_coverage_free(iwf_coverage * coverage)
{
  free(coverage->ranges);
  *coverage = (iwf_coverage){ 0 };
}
