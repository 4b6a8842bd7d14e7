/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "location.h"

#include "failure.h"

#include <string.h>

iwf_status
iwf_location_make(iwf_arena *           arena,
                  iwf_source *          source,
                  const iwf_extent *    extents,
                  size_t                count,
                  const iwf_location ** location,
                  iwf_error *           error)
{
  void * copy = NULL;
  void * made = NULL;
  IWF_TRY(iwf_arena_alloc(arena, count, sizeof(iwf_extent), &copy, error));
  IWF_TRY(iwf_arena_alloc(arena, 1, sizeof(iwf_location), &made, error));
  if (count > 0)
  {
    memcpy(copy, extents, count * sizeof(iwf_extent));
  }
  *(iwf_location *)made = (iwf_location){ .source = source, .extents = copy, .extent_count = count };
  *location = made;
  return IWF_OK;
}
