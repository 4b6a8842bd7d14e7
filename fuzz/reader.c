/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "object.h"

#include <math.h>

/* The whole reader: images, meshes and transforms, plain and compressed, from memory. */

static void
check_image(iwf_reader * reader)
{
  const iwf_image_info * info = iwf_reader_image(reader);
  uint64_t               bytes = 0;
  iwf_region             region = { .index = { 0 } };
  FUZZ_CHECK(info->dimension >= 1 && info->dimension <= IWF_MAX_DIMENSION && info->components >= 1);
  for (uint32_t i = 0; i < info->dimension; ++i)
  {
    FUZZ_CHECK(isfinite(info->origin[i]) && isfinite(info->spacing[i]) && info->size[i] > 0);
    region.index[i] = info->size[i] / 3;
    region.size[i] = (info->size[i] + 1) / 2;
  }
  for (uint32_t i = 0; i < info->dimension * info->dimension; ++i)
  {
    FUZZ_CHECK(isfinite(info->direction[i]));
  }
  unsigned char * all = fuzz_read(reader, 0, IWF_IMAGE_DATA, &bytes);
  if (all == NULL)
  {
    return;
  }
  uint64_t  part = 0;
  iwf_error error = { .status = IWF_OK };
  FUZZ_CHECK(iwf_image_region_bytes(info, &region, &part, &error) == IWF_OK && part <= bytes);
  unsigned char * piece = malloc((size_t)part + 1);
  FUZZ_CHECK(piece != NULL);
  FUZZ_CHECK(iwf_reader_read_region(reader, &region, piece, &error) == IWF_OK);
  /* The region's first row. */
  uint64_t       first = 0;
  const uint64_t pixel = iwf_component_size(info->component_type) * (uint64_t)info->components;
  for (uint32_t i = info->dimension; i-- > 0;)
  {
    first = first * info->size[i] + region.index[i];
  }
  FUZZ_CHECK(memcmp(piece, all + first * pixel, (size_t)(region.size[0] * pixel)) == 0);
  free(piece);
  free(all);
}

static void
check_mesh(iwf_reader * reader)
{
  const iwf_mesh_info * info = iwf_reader_mesh(reader);
  uint64_t              bytes = 0;
  iwf_error             error = { .status = IWF_OK };
  FUZZ_CHECK(info->dimension >= 1 && info->dimension <= IWF_MAX_DIMENSION);
  unsigned char * cells = fuzz_read(reader, 0, IWF_MESH_CELLS, &bytes);
  if (cells != NULL)
  {
    FUZZ_CHECK(bytes == info->cell_buffer_size * iwf_component_size(info->cell_component_type));
    FUZZ_CHECK(iwf_mesh_check_cells(info, cells, &error) == IWF_OK || error.message[0] != '\0');
    free(cells);
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t * data, size_t size)
{
  void * copy = fuzz_copy(data, size);
  for (int family = IWF_FAMILY_IMAGE; family <= IWF_FAMILY_TRANSFORM; ++family)
  {
    iwf_reader * reader = fuzz_open(copy, size, (iwf_family)family);
    if (reader == NULL)
    {
      continue;
    }
    FUZZ_CHECK(iwf_reader_family(reader) == (iwf_family)family);
    const size_t records = fuzz_records(reader);
    uint64_t     total = 0;
    for (size_t record = 0; record < records; ++record)
    {
      for (int payload = 0; payload < fuzz_payloads(reader); ++payload)
      {
        uint64_t bytes = 0;
        free(fuzz_read(reader, record, payload, &bytes));
        total += bytes;
      }
    }
    (void)total;
    if (family == IWF_FAMILY_IMAGE)
    {
      check_image(reader);
    }
    else if (family == IWF_FAMILY_MESH)
    {
      check_mesh(reader);
    }
    iwf_reader_close(reader);
  }
  free(copy);
  return 0;
}
