/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_CHECKED_H
#define IWF_CHECKED_H

/* Arithmetic on numbers that came from a file. Each function returns false, and stores nothing, when it overflows. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool
iwf_add(uint64_t a, uint64_t b, uint64_t * sum)
{
  if (a > UINT64_MAX - b)
  {
    return false;
  }
  *sum = a + b;
  return true;
}

static inline bool
iwf_multiply(uint64_t a, uint64_t b, uint64_t * product)
{
  if (a != 0 && b > UINT64_MAX / a)
  {
    return false;
  }
  *product = a * b;
  return true;
}

static inline bool
iwf_narrow_size(uint64_t value, size_t * narrow)
{
#if SIZE_MAX < UINT64_MAX
  if (value > SIZE_MAX)
  {
    return false;
  }
#endif
  *narrow = (size_t)value;
  return true;
}

/* Tells whether `bytes` bytes from `first` on lie within `total`. */
static inline bool
iwf_within(uint64_t first, uint64_t bytes, uint64_t total)
{
  return first <= total && bytes <= total - first;
}

#endif
