/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <algorithm>

using namespace iwf_test;

namespace
{
Bytes
With(const std::string & key, const Bytes & value)
{
  return SmallMesh().Set(key, value).Encode();
}

Bytes
WithType(const std::string & key, const Bytes & value)
{
  return SmallMesh().Set("meshType", SmallMeshType().Set(key, value).Encode()).Encode();
}

iwf_status
Open(const Bytes & bytes, Reader & reader)
{
  return reader.OpenMemory(bytes, IWF_FAMILY_MESH);
}

void
ExpectSame(const Bytes & bytes, const char * what)
{
  Reader plain;
  Reader varied;
  ASSERT_STATUS(Open(SmallMesh().Encode(), plain), IWF_OK) << plain.error.message;
  ASSERT_STATUS(Open(bytes, varied), IWF_OK) << what << ": " << varied.error.message;
  EXPECT_EQ(Describe(plain), Describe(varied)) << what;
}

Map
SmallPolyData()
{
  const Map type{ { "pointPixelComponentType", Text("uint8") }, { "pointPixelType", Text("Scalar") },
                  { "pointPixelComponents", Uint(1) },          { "cellPixelComponentType", Text("uint16") },
                  { "cellPixelType", Text("Vector") },          { "cellPixelComponents", Uint(2) } };
  return { { "polyDataType", type.Encode() },
           { "name", Text("poly") },
           { "numberOfPoints", Uint(5) },
           { "points", Tag(85, Blob(Raw<float>({ 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 2, 2, 2 }))) },
           { "verticesBufferSize", Uint(3) },
           { "vertices", Tag(70, Blob(Raw<uint32_t>({ 2, 4, 3 }))) },
           { "linesBufferSize", Uint(7) },
           { "lines", Tag(70, Blob(Raw<uint32_t>({ 2, 0, 1, 3, 0, 1, 2 }))) },
           { "polygonsBufferSize", Uint(15) },
           { "polygons", Tag(70, Blob(Raw<uint32_t>({ 3, 0, 1, 2, 4, 0, 1, 3, 2, 5, 0, 1, 2, 3, 4 }))) },
           { "triangleStripsBufferSize", Uint(5) },
           { "triangleStrips", Tag(70, Blob(Raw<uint32_t>({ 4, 0, 1, 2, 3 }))) },
           { "numberOfPointPixels", Uint(5) },
           { "pointData", Tag(64, Blob(Raw<uint8_t>({ 1, 2, 3, 4, 5 }))) },
           { "numberOfCellPixels", Uint(7) },
           { "cellData", Tag(69, Blob(Raw<uint16_t>({ 1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70 }))) },
           { "metadata", Map{ { "k", Uint(1) } }.Encode() } };
}
} // namespace

TEST(MeshRead, Values)
{
  Reader reader;
  ASSERT_STATUS(Open(SmallMesh().Encode(), reader), IWF_OK) << reader.error.message;
  const iwf_mesh_info * info = iwf_reader_mesh(reader.handle);
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(iwf_reader_image(reader.handle), nullptr);
  EXPECT_EQ(info->dimension, 3u);
  EXPECT_EQ(info->number_of_points, 3u);
  EXPECT_EQ(info->number_of_cells, 1u);
  EXPECT_EQ(info->cell_buffer_size, 5u);
  EXPECT_EQ(
    Describe(reader),
    "mesh 3 float32 point uint8 Scalar 1 cell uint32 float32 Scalar 1 name 'Mesh' counts 3 3 1 1 5 metadata {}\n"
    "0.0 0000000000000000000000000000803f0000000000000000000000000000803f00000000\n"
    "0.1 0200000003000000000000000100000002000000\n"
    "0.2 070809\n"
    "0.3 00002040");
  // A mesh is no image.
  EXPECT_STATUS(reader.OpenMemory(SmallMesh().Encode(), IWF_FAMILY_IMAGE), IWF_ERROR_MISSING);
  EXPECT_STATUS(reader.OpenMemory(SmallImage().Encode(), IWF_FAMILY_MESH), IWF_ERROR_MISSING);
  EXPECT_STATUS(reader.OpenMemory(SmallMesh().Encode(), IWF_FAMILY_TRANSFORM), IWF_ERROR_VALUE);
}

TEST(MeshRead, Variations)
{
  ExpectSame(SmallMesh().EncodeIndefinite(), "indefinite");
  ExpectSame(Tag(55799, SmallMesh().Encode()), "self-described");
  ExpectSame(SmallMesh().Set("name", Text("Mesh")).Set("x", Uint(1)).Encode(), "more keys");
  ExpectSame(With("cells", Blob(Raw<uint32_t>({ 2, 3, 0, 1, 2 }))), "cells without tag");
  ExpectSame(With("cells", Array({ Uint(2), Uint(3), Uint(0), Uint(1), Uint(2) })), "cells as numbers");
  ExpectSame(With("cells", Tag(66, Blob(Raw<uint32_t>({ 2, 3, 0, 1, 2 }, true)))), "big-endian cells");
  ExpectSame(With("points", Tag(81, Blob(Raw<float>({ 0, 0, 0, 1, 0, 0, 0, 1, 0 }, true)))), "big-endian points");
  ExpectSame(With("cellData", Array({ Float16(0x4100) })), "half cell data");
  ExpectSame(With("metadata", Map().Encode()), "metadata");
  Map map = SmallMesh();
  for (size_t i = 0; i < map.members.size(); ++i)
  {
    std::rotate(map.members.begin(), map.members.begin() + 1, map.members.end());
    ExpectSame(map.Encode(), "rotated");
  }
}

TEST(MeshRead, CellDataSizedByThePoints)
{
  // Upstream takes the point counts: what is too much is not read, what is too little is missing.
  Reader reader;
  ASSERT_STATUS(Open(With("cellData", Tag(85, Blob(Raw<float>({ 2.5F, 99, 99 })))), reader), IWF_OK)
    << reader.error.message;
  Bytes bytes;
  ASSERT_STATUS(reader.Read(IWF_MESH_CELL_DATA, bytes), IWF_OK);
  EXPECT_EQ(bytes, Raw<float>({ 2.5F }));
  EXPECT_STATUS(Open(With("cellData", Tag(85, Blob(Raw<float>({ 2.5F, 99 })))), reader), IWF_ERROR_LENGTH);
  EXPECT_STATUS(Open(With("cellData", Tag(85, Blob(""))), reader), IWF_ERROR_LENGTH);
}

TEST(MeshRead, PointSets)
{
  Map    type{ { "dimension", Uint(2) }, { "pointComponentType", Text("float64") } };
  Map    map{ { "pointSetType", type.Encode() },
           { "numberOfPoints", Uint(1) },
           { "points", Tag(86, Blob(Raw<double>({ 1, 2 }))) } };
  Reader reader;
  ASSERT_STATUS(Open(map.Encode(), reader), IWF_OK) << reader.error.message;
  EXPECT_EQ(iwf_reader_mesh(reader.handle)->dimension, 2u);
  EXPECT_EQ(iwf_reader_mesh(reader.handle)->number_of_cells, 0u);
  map.Set("meshType", type.Encode());
  EXPECT_STATUS(Open(map.Encode(), reader), IWF_ERROR_DUPLICATE);
  EXPECT_STREQ(reader.error.key, "pointSetType");
}

TEST(MeshRead, NothingInIt)
{
  Reader reader;
  ASSERT_STATUS(
    Open(Map{ { "meshType", Map{ { "dimension", Uint(3) } }.Encode() }, { "numberOfPoints", Uint(0) } }.Encode(),
         reader),
    IWF_OK)
    << reader.error.message;
  Bytes bytes;
  for (int payload = 0; payload < 4; ++payload)
  {
    EXPECT_STATUS(reader.Read(payload, bytes), IWF_OK);
    EXPECT_TRUE(bytes.empty());
  }
  // What encoders write for arrays that are not there.
  for (const Bytes & nothing : { Bytes("\xf6"), Bytes("\xf7"), Array({}), Blob(""), Tag(85, Blob("")) })
  {
    Map mesh = SmallMesh();
    mesh.Set("numberOfCellPixels", Uint(0)).Set("cellData", nothing);
    EXPECT_STATUS(Open(mesh.Encode(), reader), IWF_OK) << reader.error.message;
  }
}

TEST(MeshRead, Refused)
{
  const struct
  {
    Bytes        bytes;
    iwf_status   status;
    const char * key;
    const char * message;
  } cases[] = {
    { SmallMesh().Remove("numberOfPoints").Encode(), IWF_ERROR_MISSING, "numberOfPoints", "no such key" },
    { SmallMesh().Remove("points").Encode(), IWF_ERROR_MISSING, "points", "expected 36 bytes" },
    { SmallMesh().Remove("cells").Encode(), IWF_ERROR_MISSING, "cells", "expected 20 bytes" },
    { SmallMesh().Remove("pointData").Encode(), IWF_ERROR_MISSING, "pointData", "expected 3 bytes" },
    { SmallMesh().Remove("cellData").Encode(), IWF_ERROR_MISSING, "cellData", "expected 4 bytes" },
    { SmallMesh().Remove("numberOfCells").Encode(),
      IWF_ERROR_VALUE,
      "cellBufferSize",
      "the elements of 0 cells, found 5" },
    { SmallMesh().Remove("cellBufferSize").Encode(),
      IWF_ERROR_VALUE,
      "cellBufferSize",
      "the elements of 1 cells, found 0" },
    { With("numberOfPoints", Uint(4)),
      IWF_ERROR_LENGTH,
      "points",
      "expected 48 bytes (12 elements of float32), found 36" },
    { With("numberOfPoints", Uint(UINT64_MAX)),
      IWF_ERROR_VALUE,
      "numberOfPoints",
      "found 18446744073709551615 x 3 elements" },
    { With("numberOfPointPixels", Uint(UINT64_MAX)),
      IWF_ERROR_VALUE,
      "numberOfPointPixels",
      "found 18446744073709551615 x 1" },
    { With("numberOfCells", Uint(3)), IWF_ERROR_VALUE, "cellBufferSize", "the elements of 3 cells, found 5" },
    { With("cellBufferSize", Uint(4)),
      IWF_ERROR_LENGTH,
      "cells",
      "expected 16 bytes (4 elements of uint32), found 20" },
    { With("cellBufferSize", Uint(uint64_t{ 1 } << 62)), IWF_ERROR_VALUE, "cellBufferSize", "less than 2^63 bytes" },
    { With("cellBufferSize", Negative(0)), IWF_ERROR_VALUE, "cellBufferSize", "found -1" },
    { WithType("dimension", Uint(0)), IWF_ERROR_VALUE, "meshType.dimension", "expected 1 to 16, found 0" },
    { WithType("dimension", Uint(2)), IWF_ERROR_LENGTH, "points", "expected 24 bytes" },
    { WithType("dimension", Uint(17)), IWF_ERROR_LIMIT, "meshType.dimension", "found 17" },
    { WithType("dimension", Uint(UINT32_MAX)), IWF_ERROR_LIMIT, "meshType.dimension", "found 4294967295" },
    { WithType("pointComponentType", Text("int32")),
      IWF_ERROR_VALUE,
      "meshType.pointComponentType",
      "float32 or float64, found int32" },
    { WithType("cellComponentType", Text("float32")),
      IWF_ERROR_VALUE,
      "meshType.cellComponentType",
      "an integer type, found float32" },
    { WithType("cellComponentType", Text("uint64")),
      IWF_ERROR_LENGTH,
      "cells",
      "expected 40 bytes (5 elements of uint64), found 20" },
    { WithType("pointPixelComponents", Uint(UINT32_MAX)), IWF_ERROR_LENGTH, "pointData", "found 3" },
    { WithType("pointPixelComponents", Negative(5)), IWF_ERROR_VALUE, "meshType.pointPixelComponents", "found -6" },
    { WithType("pointPixelType", Text("?")), IWF_ERROR_VALUE, "meshType.pointPixelType", "found text \"?\"" },
    { With("meshType", Uint(0)), IWF_ERROR_VALUE, "meshType", "expected a map, found 0" },
    { With("points", Text("x")), IWF_ERROR_VALUE, "points", "expected an array of numbers" },
  };
  for (const auto & c : cases)
  {
    Reader reader;
    EXPECT_STATUS(Open(c.bytes, reader), c.status) << c.message << "\n" << reader.error.message;
    EXPECT_STREQ(reader.error.key, c.key) << reader.error.message;
    EXPECT_CONTAINS(reader.error.message, c.message);
  }
}

TEST(MeshRead, PolyDataBecomesAMesh)
{
  Reader reader;
  ASSERT_STATUS(Open(SmallPolyData().Encode(), reader), IWF_OK) << reader.error.message;
  const iwf_mesh_info * info = iwf_reader_mesh(reader.handle);
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(std::string(info->name.data, info->name.length), "poly");
  EXPECT_EQ(info->number_of_cells, 9u);
  EXPECT_EQ(info->number_of_cell_pixels, 9u);
  EXPECT_EQ(info->number_of_point_pixels, 5u);
  EXPECT_EQ(DescribeValue(*info->metadata), "{k:1}");
  Bytes cells;
  ASSERT_STATUS(reader.Read(IWF_MESH_CELLS, cells), IWF_OK) << reader.error.message;
  const std::vector<uint32_t> expected{
    0, 1, 4, 0, 1,  3,                                     // two vertices of one record
    1, 2, 0, 1, 10, 3, 0, 1, 2,                            // line, polyline
    2, 3, 0, 1, 2,  3, 4, 0, 1, 3, 2, 4, 5, 0, 1, 2, 3, 4, // triangle, quadrilateral, polygon
    2, 3, 0, 1, 2,  2, 3, 1, 3, 2                          // strip, its second triangle turned round
  };
  EXPECT_EQ(cells, Raw(expected));
  EXPECT_STATUS(iwf_mesh_check_cells(info, cells.data(), &reader.error), IWF_OK) << reader.error.message;
  Bytes data;
  ASSERT_STATUS(reader.Read(IWF_MESH_CELL_DATA, data), IWF_OK);
  EXPECT_EQ(data, Raw<uint16_t>({ 1, 10, 1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70, 7, 70 }));
  ASSERT_STATUS(reader.Read(IWF_MESH_POINT_DATA, data), IWF_OK);
  EXPECT_EQ(data, Raw<uint8_t>({ 1, 2, 3, 4, 5 }));
  // Connectivity of other integer types, and as numbers.
  for (const Bytes & strips : { Tag(78, Blob(Raw<int32_t>({ 4, 0, 1, 2, 3 }))),
                                Tag(79, Blob(Raw<int64_t>({ 4, 0, 1, 2, 3 }))),
                                Tag(71, Blob(Raw<uint64_t>({ 4, 0, 1, 2, 3 }))),
                                Tag(64, Blob(Raw<uint8_t>({ 4, 0, 1, 2, 3 }))),
                                Blob(Raw<uint32_t>({ 4, 0, 1, 2, 3 })),
                                Array({ Uint(4), Uint(0), Uint(1), Uint(2), Uint(3) }) })
  {
    Reader other;
    Bytes  same;
    ASSERT_STATUS(Open(SmallPolyData().Set("triangleStrips", strips).Encode(), other), IWF_OK) << other.error.message;
    ASSERT_STATUS(other.Read(IWF_MESH_CELLS, same), IWF_OK);
    EXPECT_EQ(same, cells);
  }
}

TEST(MeshRead, PolyDataRefused)
{
  const struct
  {
    const char * key;
    Bytes        value;
    iwf_status   status;
    const char * message;
  } cases[] = {
    { "vertices",
      Tag(70, Blob(Raw<uint32_t>({ 3, 4, 3 }))),
      IWF_ERROR_VALUE,
      "element 0: expected a number of points from 1 to 2, found 3" },
    { "vertices", Tag(70, Blob(Raw<uint32_t>({ 0, 1, 3 }))), IWF_ERROR_VALUE, "found 0" },
    { "lines", Tag(70, Blob(Raw<uint32_t>({ 1, 0, 1, 3, 0, 1, 2 }))), IWF_ERROR_VALUE, "from 2 to 6, found 1" },
    { "polygons",
      Tag(70, Blob(Raw<uint32_t>({ 2, 0, 1, 2, 4, 0, 1, 3, 2, 5, 0, 1, 2, 3, 4 }))),
      IWF_ERROR_VALUE,
      "from 3 to 14, found 2" },
    { "triangleStrips", Tag(70, Blob(Raw<uint32_t>({ UINT32_MAX, 0, 1, 2, 3 }))), IWF_ERROR_VALUE, "found 4294967295" },
    { "triangleStrips",
      Tag(78, Blob(Raw<int32_t>({ 4, 0, -1, 2, 3 }))),
      IWF_ERROR_VALUE,
      "a number that fits uint32, found -1" },
    { "triangleStrips",
      Tag(79, Blob(Raw<int64_t>({ 4, 0, -1, 2, 3 }))),
      IWF_ERROR_VALUE,
      "a number that fits uint32, found -1" },
    { "triangleStrips",
      Tag(79, Blob(Raw<int64_t>({ 4, 0, int64_t{ 1 } << 32, 2, 3 }))),
      IWF_ERROR_VALUE,
      "found 4294967296" },
    { "triangleStrips", Tag(85, Blob(Raw<float>({ 4, 0, 1.5F, 2, 3 }))), IWF_ERROR_VALUE, "found the number 1.5" },
    { "lines", Tag(70, Blob("")), IWF_ERROR_LENGTH, "expected 28 bytes (7 elements of uint32), found 0" },
    { "linesBufferSize", Uint(uint64_t{ 1 } << 62), IWF_ERROR_VALUE, "less than 2^63 bytes" },
    { "numberOfCellPixels", Uint(6), IWF_ERROR_LENGTH, "expected 24 bytes" },
    { "numberOfPoints", Uint(6), IWF_ERROR_LENGTH, "expected 72 bytes" },
    { "polyDataType", Text("x"), IWF_ERROR_VALUE, "expected a map" },
  };
  for (const auto & c : cases)
  {
    Reader reader;
    EXPECT_STATUS(Open(SmallPolyData().Set(c.key, c.value).Encode(), reader), c.status)
      << c.key << " " << c.message << "\n"
      << reader.error.message;
    EXPECT_CONTAINS(reader.error.message, c.message);
  }
  Reader reader;
  EXPECT_STATUS(
    Open(SmallPolyData().Set("numberOfCellPixels", Uint(6)).Set("cellData", Blob(std::string(24, 'x'))).Encode(),
         reader),
    IWF_ERROR_VALUE);
  EXPECT_STREQ(reader.error.message, "key 'numberOfCellPixels': expected 0 or 7, one for each cell, found 6");
}

TEST(MeshRead, PolyDataDoesNotExplode)
{
  // One strip of 50,000 triangles with one cell pixel of 1 MiB: 48 GiB of cell data from 1.2 MB of file.
  const uint32_t        ids = 50002;
  std::vector<uint32_t> strip(ids + 1, 0);
  strip[0] = ids;
  Map    type{ { "cellPixelComponentType", Text("uint8") }, { "cellPixelComponents", Uint(1 << 20) } };
  Map    poly{ { "polyDataType", type.Encode() },
            { "numberOfPoints", Uint(1) },
            { "points", Blob(Raw<float>({ 0, 0, 0 })) },
            { "triangleStripsBufferSize", Uint(strip.size()) },
            { "triangleStrips", Blob(Raw(strip)) },
            { "numberOfCellPixels", Uint(1) },
            { "cellData", Blob(std::string(1 << 20, 'x')) } };
  Reader reader;
  EXPECT_STATUS(Open(poly.Encode(), reader), IWF_ERROR_LIMIT) << reader.error.message;
  EXPECT_CONTAINS(reader.error.message, "header_memory");
}
