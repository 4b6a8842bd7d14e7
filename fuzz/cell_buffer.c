/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fuzz.h"

#include "iwf/mesh.h"
#include "number.h"

/* Bytes 0 to 3: element type, number of points, number of cells (2 bytes); then the cell buffer. */

/* The same check, written as slowly and plainly as possible. */
static int
is_right(const iwf_mesh_info * info, const unsigned char * cells)
{
  static const int points_of[] = { 1, -2, 3, 4, -1, 4, 8, 3, 6, 0, -1 }; /* negative: at least so many */
  const size_t     size = iwf_component_size(info->cell_component_type);
  uint64_t         element = 0;
  for (uint64_t cell = 0; cell < info->number_of_cells; ++cell)
  {
    uint64_t numbers[2];
    for (int i = 0; i < 2; ++i)
    {
      if (element >= info->cell_buffer_size)
      {
        return 0;
      }
      const iwf_value number = iwf_number_load(cells + element++ * size, info->cell_component_type);
      if (number.kind != IWF_UNSIGNED)
      {
        return 0;
      }
      numbers[i] = number.of.unsigned_value;
    }
    if (numbers[0] > 10 || points_of[numbers[0]] == 0)
    {
      return 0;
    }
    const int wanted = points_of[numbers[0]];
    if (wanted > 0 ? numbers[1] != (uint64_t)wanted : numbers[1] < (uint64_t)-wanted)
    {
      return 0;
    }
    for (uint64_t i = 0; i < numbers[1]; ++i)
    {
      if (element >= info->cell_buffer_size)
      {
        return 0;
      }
      const iwf_value id = iwf_number_load(cells + element++ * size, info->cell_component_type);
      if (id.kind != IWF_UNSIGNED || id.of.unsigned_value >= info->number_of_points)
      {
        return 0;
      }
    }
  }
  return element == info->cell_buffer_size;
}

int
LLVMFuzzerTestOneInput(const uint8_t * data, size_t size)
{
  if (size < 4)
  {
    return 0;
  }
  iwf_mesh_info info;
  iwf_mesh_info_init(&info);
  info.cell_component_type = (iwf_component_type)(data[0] % IWF_FLOAT32);
  info.number_of_points = data[1];
  info.number_of_cells = (uint64_t)data[2] | (uint64_t)data[3] << 8;
  const size_t element = iwf_component_size(info.cell_component_type);
  info.cell_buffer_size = (size - 4) / element;
  unsigned char *  cells = fuzz_copy(data + 4, (size_t)info.cell_buffer_size * element);
  iwf_error        error = { .status = IWF_OK };
  const iwf_status status = iwf_mesh_check_cells(&info, cells, &error);
  FUZZ_CHECK(status == IWF_OK || (status == IWF_ERROR_VALUE && error.message[0] != '\0'));
  FUZZ_CHECK((status == IWF_OK) == is_right(&info, cells));
  free(cells);
  return 0;
}
