/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_LOCATION_H
#define IWF_LOCATION_H

/* Where a byte string or raw file lies: the result of parsing a header without reading its payloads. */

#include "arena.h"
#include "source.h"

typedef struct iwf_extent
{
  uint64_t offset; /* in the source */
  uint64_t bytes;
  uint64_t first; /* place of its first byte among the bytes of all extents */
} iwf_extent;

typedef struct iwf_location
{
  iwf_source *       source;
  const iwf_extent * extents; /* one, or several for a CBOR byte string in chunks (RFC 8949 section 3.2.3) */
  size_t             extent_count;
} iwf_location;

/* Makes a location in the arena, with a copy of the extents. */
iwf_status
iwf_location_make(iwf_arena *           arena,
                  iwf_source *          source,
                  const iwf_extent *    extents,
                  size_t                count,
                  const iwf_location ** location,
                  iwf_error *           error);

#endif
