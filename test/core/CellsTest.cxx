/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <limits>

using namespace iwf_test;

namespace
{
struct Case
{
  const char *         what;
  std::vector<int64_t> cells;
  uint64_t             count;
  const char *         message; // nullptr: right
};

/** 9 points throughout. */
const std::vector<Case> cases = {
  { "none", {}, 0, nullptr },
  { "vertex", { 0, 1, 8 }, 1, nullptr },
  { "line", { 1, 2, 0, 1 }, 1, nullptr },
  { "line of three", { 1, 3, 0, 1, 2 }, 1, nullptr },
  { "triangle", { 2, 3, 0, 1, 2 }, 1, nullptr },
  { "quadrilateral", { 3, 4, 0, 1, 2, 3 }, 1, nullptr },
  { "polygon", { 4, 5, 0, 1, 2, 3, 4 }, 1, nullptr },
  { "polygon of one", { 4, 1, 0 }, 1, nullptr },
  { "tetrahedron", { 5, 4, 0, 1, 2, 3 }, 1, nullptr },
  { "hexahedron", { 6, 8, 0, 1, 2, 3, 4, 5, 6, 7 }, 1, nullptr },
  { "quadratic edge", { 7, 3, 0, 1, 2 }, 1, nullptr },
  { "quadratic triangle", { 8, 6, 0, 1, 2, 3, 4, 5 }, 1, nullptr },
  { "polyline", { 10, 3, 0, 1, 2 }, 1, nullptr },
  { "same id twice", { 2, 3, 4, 4, 4 }, 1, nullptr },
  { "two", { 0, 1, 0, 2, 3, 0, 1, 2 }, 2, nullptr },
  { "elements remain",
    { 0, 1, 0 },
    0,
    "cell 0, element 0: expected the end of the cells, but elements remain, found 3" },
  { "more cells than elements",
    { 0, 1, 0 },
    2,
    "cell 1, element 3: expected a type and a number of points, but the cells end, found 0" },
  { "half a head",
    { 0, 1, 0, 2 },
    2,
    "cell 1, element 3: expected a type and a number of points, but the cells end, found 1" },
  { "type 9", { 9, 1, 0 }, 1, "cell 0, element 0: expected a cell type, 0 to 8 or 10, found 9" },
  { "type 11", { 11, 1, 0 }, 1, "found 11" },
  { "type -1", { -1, 1, 0 }, 1, "expected a cell type" },
  { "vertex of two",
    { 0, 2, 0, 1 },
    1,
    "cell 0, element 1: expected a number of points that fits the cell's type, found 2" },
  { "vertex of none", { 0, 0 }, 1, "found 0" },
  { "line of one", { 1, 1, 0 }, 1, "found 1" },
  { "triangle of four", { 2, 4, 0, 1, 2, 3 }, 1, "found 4" },
  { "quadrilateral of three", { 3, 3, 0, 1, 2 }, 1, "found 3" },
  { "polygon of none", { 4, 0 }, 1, "found 0" },
  { "tetrahedron of three", { 5, 3, 0, 1, 2 }, 1, "found 3" },
  { "hexahedron of four", { 6, 4, 0, 1, 2, 3 }, 1, "found 4" },
  { "polyline of none", { 10, 0 }, 1, "found 0" },
  { "overrun",
    { 4, 5, 0, 1, 2, 3 },
    1,
    "cell 0, element 1: expected a number of points within the cell buffer, found 5" },
  { "overrun by much", { 4, 127, 0 }, 1, "found 127" },
  { "negative number of points", { 4, -1, 0 }, 1, "cell 0, element 1: expected a number of points" },
  { "id out of range", { 2, 3, 0, 1, 9 }, 1, "cell 0, element 4: expected the id of a point, found 9" },
  { "negative id", { 2, 3, 0, -1, 1 }, 1, "cell 0, element 3: expected the id of a point" },
  { "second cell wrong", { 0, 1, 0, 0, 1, 100 }, 2, "cell 1, element 5: expected the id of a point, found 100" },
};

template <typename T>
void
CheckAll(iwf_component_type type)
{
  for (const Case & c : cases)
  {
    // Of exactly the right size, so that sanitizers see a look beyond.
    const std::vector<T> cells(c.cells.begin(), c.cells.end());
    iwf_mesh_info        info;
    iwf_error            error{};
    iwf_mesh_info_init(&info);
    info.cell_component_type = type;
    info.number_of_points = 9;
    info.number_of_cells = c.count;
    info.cell_buffer_size = cells.size();
    const iwf_status status = iwf_mesh_check_cells(&info, cells.data(), &error);
    EXPECT_STATUS(status, c.message == nullptr ? IWF_OK : IWF_ERROR_VALUE)
      << c.what << " of " << iwf_component_name(type) << ": " << error.message;
    if (c.message != nullptr && status != IWF_OK)
    {
      EXPECT_CONTAINS(error.message, c.message);
      EXPECT_STREQ(error.key, "cells");
    }
    EXPECT_STATUS(iwf_mesh_check_cells(&info, cells.data(), nullptr), status);
  }
}
} // namespace

TEST(Cells, EveryTypeOfElement)
{
  CheckAll<int8_t>(IWF_INT8);
  CheckAll<uint8_t>(IWF_UINT8);
  CheckAll<int16_t>(IWF_INT16);
  CheckAll<uint16_t>(IWF_UINT16);
  CheckAll<int32_t>(IWF_INT32);
  CheckAll<uint32_t>(IWF_UINT32);
  CheckAll<int64_t>(IWF_INT64);
  CheckAll<uint64_t>(IWF_UINT64);
}

TEST(Cells, NumbersThatWrap)
{
  iwf_mesh_info info;
  iwf_mesh_info_init(&info);
  info.cell_component_type = IWF_UINT64;
  info.number_of_points = UINT64_MAX;
  info.number_of_cells = 1;
  for (const uint64_t points : { UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - 2, uint64_t{ 1 } << 63, uint64_t{ 2 } })
  {
    const std::vector<uint64_t> cells{ 4, points, 0 };
    info.cell_buffer_size = cells.size();
    EXPECT_STATUS(iwf_mesh_check_cells(&info, cells.data(), nullptr), IWF_ERROR_VALUE) << points;
  }
  const std::vector<uint64_t> largest{ 0, 1, UINT64_MAX };
  EXPECT_STATUS(iwf_mesh_check_cells(&info, largest.data(), nullptr), IWF_ERROR_VALUE);
  info.number_of_cells = UINT64_MAX;
  const std::vector<uint64_t> one{ 0, 1, 0 };
  EXPECT_STATUS(iwf_mesh_check_cells(&info, one.data(), nullptr), IWF_ERROR_VALUE);
}

TEST(Cells, Arguments)
{
  iwf_mesh_info info;
  iwf_error     error{};
  iwf_mesh_info_init(&info);
  EXPECT_STATUS(iwf_mesh_check_cells(&info, nullptr, &error), IWF_OK);
  info.cell_component_type = IWF_FLOAT32;
  EXPECT_STATUS(iwf_mesh_check_cells(&info, nullptr, &error), IWF_OK);
  info.cell_buffer_size = 3;
  info.number_of_cells = 1;
  EXPECT_STATUS(iwf_mesh_check_cells(&info, nullptr, &error), IWF_ERROR_ARGUMENT);
  const float cells[] = { 0, 1, 0 };
  EXPECT_STATUS(iwf_mesh_check_cells(&info, cells, &error), IWF_ERROR_VALUE);
  EXPECT_STREQ(error.key, "meshType.cellComponentType");
}
