/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_BYTE_ORDER_H
#define IWF_BYTE_ORDER_H

/* Files are little-endian. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#  define IWF_HOST_IS_BIG_ENDIAN true
#else
#  define IWF_HOST_IS_BIG_ENDIAN false
#endif

/* Reverses the bytes of each element. */
static inline void
iwf_swap(void * elements, uint64_t bytes, size_t element_size)
{
  unsigned char * e = elements;
  for (uint64_t i = 0; element_size > 1 && i + element_size <= bytes; i += element_size)
  {
    for (size_t low = 0, high = element_size - 1; low < high; ++low, --high)
    {
      const unsigned char byte = e[i + low];
      e[i + low] = e[i + high];
      e[i + high] = byte;
    }
  }
}

#endif
