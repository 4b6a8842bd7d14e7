/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwf/mesh.h"

#include "failure.h"
#include "names.h"

#include <inttypes.h>
#include <string.h>

/* Points of a cell: exactly `smallest` if `largest` is the same, else that and more. */
typedef struct cell_shape
{
  uint64_t smallest;
  uint64_t largest;
} cell_shape;

static bool
find_shape(uint64_t type, cell_shape * shape)
{
  switch (type)
  {
    case IWF_CELL_VERTEX:
      *shape = (cell_shape){ 1, 1 };
      return true;
    case IWF_CELL_LINE: /* with more than two points: as many lines in a row, by the formats' own readers */
      *shape = (cell_shape){ 2, UINT64_MAX };
      return true;
    case IWF_CELL_TRIANGLE:
      *shape = (cell_shape){ 3, 3 };
      return true;
    case IWF_CELL_QUADRILATERAL:
    case IWF_CELL_TETRAHEDRON:
      *shape = (cell_shape){ 4, 4 };
      return true;
    case IWF_CELL_POLYGON:
      *shape = (cell_shape){ 1, UINT64_MAX };
      return true;
    case IWF_CELL_HEXAHEDRON:
      *shape = (cell_shape){ 8, 8 };
      return true;
    case IWF_CELL_QUADRATIC_EDGE:
      *shape = (cell_shape){ 3, 3 };
      return true;
    case IWF_CELL_QUADRATIC_TRIANGLE:
      *shape = (cell_shape){ 6, 6 };
      return true;
    case IWF_CELL_POLYLINE:
      *shape = (cell_shape){ 1, UINT64_MAX };
      return true;
    default:
      return false;
  }
}

static iwf_status
fail(iwf_error * error, uint64_t record, uint64_t element, const char * expected, uint64_t found)
{
  return iwf_fail(error,
                  IWF_ERROR_VALUE,
                  IWF_NO_OFFSET,
                  "cells",
                  "cell %" PRIu64 ", element %" PRIu64 ": expected %s, found %" PRIu64,
                  record,
                  element,
                  expected,
                  found);
}

/*
 * The walk over the records, once for each element type, as it is the one pass over a big buffer that stands between a
 * file and its mesh. Negative elements become huge, and fail the same comparisons.
 */
#define DEFINE_CHECK(TYPE)                                                                                             \
  static iwf_status check_##TYPE(const iwf_mesh_info * info, const TYPE * cells, iwf_error * error)                    \
  {                                                                                                                    \
    const uint64_t size = info->cell_buffer_size;                                                                      \
    uint64_t       element = 0;                                                                                        \
    for (uint64_t record = 0; record < info->number_of_cells; ++record)                                                \
    {                                                                                                                  \
      cell_shape shape;                                                                                                \
      if (size - element < 2)                                                                                          \
      {                                                                                                                \
        return fail(error, record, element, "a type and a number of points, but the cells end", size - element);       \
      }                                                                                                                \
      if (!find_shape((uint64_t)cells[element], &shape))                                                               \
      {                                                                                                                \
        return fail(error, record, element, "a cell type, 0 to 8 or 10", (uint64_t)cells[element]);                    \
      }                                                                                                                \
      const uint64_t points = (uint64_t)cells[element + 1];                                                            \
      if (points < shape.smallest || points > shape.largest)                                                           \
      {                                                                                                                \
        return fail(error, record, element + 1, "a number of points that fits the cell's type", points);               \
      }                                                                                                                \
      element += 2;                                                                                                    \
      if (points > size - element)                                                                                     \
      {                                                                                                                \
        return fail(error, record, element - 1, "a number of points within the cell buffer", points);                  \
      }                                                                                                                \
      for (const uint64_t end = element + points; element < end; ++element)                                            \
      {                                                                                                                \
        if ((uint64_t)cells[element] >= info->number_of_points)                                                        \
        {                                                                                                              \
          return fail(error, record, element, "the id of a point", (uint64_t)cells[element]);                          \
        }                                                                                                              \
      }                                                                                                                \
    }                                                                                                                  \
    if (element != size)                                                                                               \
    {                                                                                                                  \
      return fail(error, info->number_of_cells, element, "the end of the cells, but elements remain", size - element); \
    }                                                                                                                  \
    return IWF_OK;                                                                                                     \
  }

DEFINE_CHECK(int8_t)
DEFINE_CHECK(uint8_t)
DEFINE_CHECK(int16_t)
DEFINE_CHECK(uint16_t)
DEFINE_CHECK(int32_t)
DEFINE_CHECK(uint32_t)
DEFINE_CHECK(int64_t)
DEFINE_CHECK(uint64_t)

iwf_status
iwf_mesh_check_cells(const iwf_mesh_info * info, const void * cells, iwf_error * error)
{
  if (info->cell_buffer_size > 0 && cells == NULL)
  {
    return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected a cell buffer, found NULL");
  }
  switch (info->cell_component_type)
  {
    case IWF_INT8:
      return check_int8_t(info, cells, error);
    case IWF_UINT8:
      return check_uint8_t(info, cells, error);
    case IWF_INT16:
      return check_int16_t(info, cells, error);
    case IWF_UINT16:
      return check_uint16_t(info, cells, error);
    case IWF_INT32:
      return check_int32_t(info, cells, error);
    case IWF_UINT32:
      return check_uint32_t(info, cells, error);
    case IWF_INT64:
      return check_int64_t(info, cells, error);
    case IWF_UINT64:
      return check_uint64_t(info, cells, error);
    case IWF_FLOAT32:
    case IWF_FLOAT64:
      break;
  }
  if (info->cell_buffer_size == 0)
  {
    return IWF_OK;
  }
  return iwf_fail(error,
                  IWF_ERROR_VALUE,
                  IWF_NO_OFFSET,
                  "meshType.cellComponentType",
                  "expected an integer type, found %s",
                  iwf_component_name(info->cell_component_type));
}
