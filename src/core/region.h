/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_REGION_H
#define IWF_REGION_H

/* A region of an image as the runs of bytes that it consists of. */

#include "iwf/image.h"

/*
 * `first`: the run's first byte in the image's payload; `bytes` of them; `position`: where they belong in the region's
 * own buffer.
 */
typedef iwf_status (
  *iwf_run_function)(void * context, uint64_t first, uint64_t bytes, uint64_t position, iwf_error * error);

/* Calls `function` for each run, in the order of the file; neighbouring pixels are always in one run. */
iwf_status
iwf_region_runs(const iwf_image_info * info,
                const iwf_region *     region,
                iwf_run_function       function,
                void *                 context,
                iwf_error *            error);

#endif
