/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "region.h"

#include "checked.h"
#include "failure.h"

#include <inttypes.h>

iwf_status
iwf_image_region_bytes(const iwf_image_info * info, const iwf_region * region, uint64_t * bytes, iwf_error * error)
{
  uint64_t product = 0;
  if (info->dimension < 1 || info->dimension > IWF_MAX_DIMENSION ||
      !iwf_multiply(iwf_component_size(info->component_type), info->components, &product))
  {
    return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected the information of an image");
  }
  for (uint32_t axis = 0; axis < info->dimension; ++axis)
  {
    if (region->size[axis] == 0 || !iwf_within(region->index[axis], region->size[axis], info->size[axis]))
    {
      return iwf_fail(error,
                      IWF_ERROR_ARGUMENT,
                      IWF_NO_OFFSET,
                      NULL,
                      "expected a region within 0 to %" PRIu64 " along axis %" PRIu32 ", found %" PRIu64
                      " pixels from %" PRIu64,
                      info->size[axis],
                      axis,
                      region->size[axis],
                      region->index[axis]);
    }
    if (!iwf_multiply(product, region->size[axis], &product))
    {
      return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected a region of less than 2^64 bytes");
    }
  }
  *bytes = product;
  return IWF_OK;
}

iwf_status
iwf_region_runs(const iwf_image_info * info,
                const iwf_region *     region,
                iwf_run_function       function,
                void *                 context,
                iwf_error *            error)
{
  uint64_t total = 0;
  IWF_TRY(iwf_image_region_bytes(info, region, &total, error));
  const uint32_t dimension = info->dimension;

  /* Axes that are covered from end to end, and the first one that is not, make one run. */
  uint64_t run = iwf_component_size(info->component_type) * (uint64_t)info->components;
  uint64_t stride[IWF_MAX_DIMENSION]; /* bytes from one index to the next, in the payload */
  uint32_t outer = 0;                 /* first axis that steps from run to run */
  bool     contiguous = true;
  uint64_t step = run;
  for (uint32_t axis = 0; axis < dimension; ++axis)
  {
    stride[axis] = step;
    step *= info->size[axis]; /* within the payload's checked size */
    if (contiguous)
    {
      run *= region->size[axis];
      contiguous = region->size[axis] == info->size[axis];
      outer = axis + 1;
    }
  }

  uint64_t index[IWF_MAX_DIMENSION] = { 0 }; /* of the run, within the region */
  for (uint64_t position = 0; position < total; position += run)
  {
    uint64_t first = 0;
    for (uint32_t axis = 0; axis < dimension; ++axis)
    {
      first += (region->index[axis] + index[axis]) * stride[axis];
    }
    IWF_TRY(function(context, first, run, position, error));
    for (uint32_t axis = outer; axis < dimension && ++index[axis] == region->size[axis]; ++axis)
    {
      index[axis] = 0;
    }
  }
  return IWF_OK;
}
