/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "region.h"

#include "fuzz.h"

/* Byte 0: dimension; byte 1: type; then for each axis size, index and region size, of 1 or (bit of byte 2) 8 bytes. */

typedef struct cover
{
  unsigned char * seen; /* for each byte of the payload */
  uint64_t        payload;
  uint64_t        position;
} cover;

static iwf_status
mark(void * context, uint64_t first, uint64_t bytes, uint64_t position, iwf_error * error)
{
  cover * c = context;
  (void)error;
  FUZZ_CHECK(bytes > 0 && position == c->position);
  c->position += bytes;
  if (c->seen == NULL)
  {
    return c->position > 100000 ? IWF_ERROR_STATE : IWF_OK;
  }
  FUZZ_CHECK(first <= c->payload && bytes <= c->payload - first);
  for (uint64_t i = 0; i < bytes; ++i)
  {
    FUZZ_CHECK(c->seen[first + i] == 0);
    c->seen[first + i] = 1;
  }
  return IWF_OK;
}

static uint64_t
take(const uint8_t ** data, size_t * size, int wide)
{
  uint64_t number = 0;
  for (int i = 0; i < (wide ? 8 : 1) && *size > 0; ++i, ++*data, --*size)
  {
    number |= (uint64_t) * *data << (8 * i);
  }
  return number;
}

int
LLVMFuzzerTestOneInput(const uint8_t * data, size_t size)
{
  if (size < 3)
  {
    return 0;
  }
  iwf_image_info info;
  iwf_region     region = { .index = { 0 } };
  uint64_t       bytes = 0;
  iwf_image_info_init(&info);
  info.dimension = data[0] % (IWF_MAX_DIMENSION + 2);
  info.component_type = (iwf_component_type)(data[1] % IWF_COMPONENT_TYPE_COUNT);
  info.components = data[1] / IWF_COMPONENT_TYPE_COUNT;
  const int wide = data[2] & 1;
  data += 3;
  size -= 3;
  uint64_t payload = iwf_component_size(info.component_type) * (uint64_t)info.components;
  for (uint32_t axis = 0; axis < info.dimension && axis < IWF_MAX_DIMENSION; ++axis)
  {
    info.size[axis] = take(&data, &size, wide);
    region.index[axis] = take(&data, &size, wide);
    region.size[axis] = take(&data, &size, wide);
    payload = payload <= 100000 && info.size[axis] <= 100000 ? payload * info.size[axis] : UINT64_MAX;
  }
  cover            c = { .payload = payload, .seen = payload <= 100000 ? calloc(1, (size_t)payload + 1) : NULL };
  iwf_error        error = { .status = IWF_OK };
  const iwf_status status = iwf_image_region_bytes(&info, &region, &bytes, &error);
  const iwf_status runs = iwf_region_runs(&info, &region, mark, &c, &error);
  FUZZ_CHECK(status == IWF_OK || status == IWF_ERROR_ARGUMENT);
  FUZZ_CHECK(status == runs || (status == IWF_OK && runs == IWF_ERROR_STATE));
  FUZZ_CHECK(runs != IWF_OK || c.position == bytes);
  if (runs == IWF_OK && c.seen != NULL)
  {
    /* Exactly the region's pixels were marked. */
    const uint64_t pixel = iwf_component_size(info.component_type) * (uint64_t)info.components;
    for (uint64_t i = 0; pixel > 0 && i < payload; ++i)
    {
      uint64_t rest = i / pixel;
      int      inside = 1;
      for (uint32_t axis = 0; axis < info.dimension; ++axis)
      {
        const uint64_t place = rest % info.size[axis];
        rest /= info.size[axis];
        inside = inside && place >= region.index[axis] && place - region.index[axis] < region.size[axis];
      }
      FUZZ_CHECK(c.seen[i] == inside);
    }
  }
  free(c.seen);
  return 0;
}
