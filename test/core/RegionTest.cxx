/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

extern "C"
{
#include "region.h"
}

#include <cstring>
#include <random>

using namespace iwf_test;

namespace
{
struct Piece
{
  uint64_t first, bytes, position;
};

iwf_status
Collect(void * context, uint64_t first, uint64_t bytes, uint64_t position, iwf_error *)
{
  static_cast<std::vector<Piece> *>(context)->push_back({ first, bytes, position });
  return IWF_OK;
}

iwf_status
FailAtThird(void * context, uint64_t, uint64_t, uint64_t, iwf_error *)
{
  return ++*static_cast<int *>(context) == 3 ? IWF_ERROR_READ : IWF_OK;
}

/** Every pixel of the region one by one. */
Bytes
Extract(const Image & image, const iwf_region & region)
{
  const iwf_image_info & info = image.info;
  const uint64_t         pixel = iwf_component_size(info.component_type) * info.components;
  std::vector<uint64_t>  index(info.dimension, 0);
  Bytes                  bytes;
  for (;;)
  {
    uint64_t place = 0;
    for (uint32_t axis = info.dimension; axis-- > 0;)
    {
      place = place * info.size[axis] + region.index[axis] + index[axis];
    }
    bytes.append(reinterpret_cast<const char *>(image.pixels.data()) + place * pixel, pixel);
    uint32_t axis = 0;
    while (axis < info.dimension && ++index[axis] == region.size[axis])
    {
      index[axis++] = 0;
    }
    if (axis == info.dimension)
    {
      return bytes;
    }
  }
}
} // namespace

TEST(Region, AgreesWithPixelByPixel)
{
  std::mt19937 random(7);
  Folder       folder;
  for (int round = 0; round < 300; ++round)
  {
    const uint32_t        dimension = 1 + random() % 5;
    std::vector<uint64_t> size(dimension);
    for (uint64_t & s : size)
    {
      s = 1 + random() % 5;
    }
    const auto  type = static_cast<iwf_component_type>(random() % IWF_COMPONENT_TYPE_COUNT);
    const Image image(size, type, 1 + random() % 3);
    iwf_region  region{};
    for (uint32_t axis = 0; axis < dimension; ++axis)
    {
      const bool whole = random() % 3 == 0;
      region.index[axis] = whole ? 0 : random() % size[axis];
      region.size[axis] = whole ? size[axis] : 1 + random() % (size[axis] - region.index[axis]);
    }
    const Bytes        expected = Extract(image, region);
    std::vector<Piece> runs;
    uint64_t           total = 0;
    iwf_error          error{};
    ASSERT_STATUS(iwf_image_region_bytes(&image.info, &region, &total, &error), IWF_OK) << error.message;
    EXPECT_EQ(total, expected.size());
    ASSERT_STATUS(iwf_region_runs(&image.info, &region, Collect, &runs, &error), IWF_OK);
    Bytes bytes;
    for (size_t i = 0; i < runs.size(); ++i)
    {
      EXPECT_EQ(runs[i].position, bytes.size());
      ASSERT_LE(runs[i].first + runs[i].bytes, image.pixels.size());
      if (i > 0)
      {
        EXPECT_GT(runs[i].first, runs[i - 1].first + runs[i - 1].bytes); // neighbours are one run
      }
      bytes.append(reinterpret_cast<const char *>(image.pixels.data()) + runs[i].first, runs[i].bytes);
    }
    ASSERT_EQ(bytes, expected);
    // And through files of each form.
    if (round % 10 == 0)
    {
      for (const char * name : { "r.iwi", "r.iwi.cbor", "r.iwi.cbor.zst" })
      {
        Reader reader;
        ASSERT_STATUS(image.Write(folder / name, &error), IWF_OK) << error.message;
        ASSERT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
        Bytes read(expected.size(), '\xee');
        ASSERT_STATUS(iwf_reader_read_region(reader.handle, &region, read.data(), &error), IWF_OK) << error.message;
        EXPECT_EQ(read, expected) << name;
      }
    }
  }
}

TEST(Region, Refused)
{
  const Image image({ 4, 3 });
  const struct
  {
    uint64_t     index[2];
    uint64_t     size[2];
    const char * message;
  } cases[] = {
    { { 0, 0 }, { 0, 3 }, "along axis 0, found 0 pixels from 0" },
    { { 0, 0 }, { 4, 0 }, "along axis 1, found 0 pixels from 0" },
    { { 0, 0 }, { 5, 3 }, "expected a region within 0 to 4 along axis 0, found 5 pixels from 0" },
    { { 1, 0 }, { 4, 3 }, "found 4 pixels from 1" },
    { { 4, 0 }, { 1, 3 }, "found 1 pixels from 4" },
    { { 0, UINT64_MAX }, { 4, 1 }, "along axis 1" },
    { { 0, UINT64_MAX }, { 4, 2 }, "along axis 1" },
    { { 1, 0 }, { UINT64_MAX, 3 }, "along axis 0" },
    { { UINT64_MAX, 0 }, { UINT64_MAX, 3 }, "along axis 0" },
  };
  for (const auto & c : cases)
  {
    iwf_region region{};
    iwf_error  error{};
    uint64_t   bytes = 1234;
    std::memcpy(region.index, c.index, sizeof(c.index));
    std::memcpy(region.size, c.size, sizeof(c.size));
    EXPECT_STATUS(iwf_image_region_bytes(&image.info, &region, &bytes, &error), IWF_ERROR_ARGUMENT);
    EXPECT_CONTAINS(error.message, c.message);
    EXPECT_EQ(bytes, 1234u);
  }
}

TEST(Region, ProductsThatOverflow)
{
  iwf_image_info info;
  iwf_region     region{};
  uint64_t       bytes = 0;
  iwf_image_info_init(&info);
  info.component_type = IWF_FLOAT64;
  info.size[0] = info.size[1] = region.size[0] = region.size[1] = uint64_t{ 1 } << 31;
  EXPECT_STATUS(iwf_image_region_bytes(&info, &region, &bytes, nullptr), IWF_ERROR_ARGUMENT);
  info.component_type = IWF_UINT8;
  EXPECT_STATUS(iwf_image_region_bytes(&info, &region, &bytes, nullptr), IWF_OK);
  EXPECT_EQ(bytes, uint64_t{ 1 } << 62);
  info.components = UINT32_MAX;
  EXPECT_STATUS(iwf_image_region_bytes(&info, &region, &bytes, nullptr), IWF_ERROR_ARGUMENT);
  info.dimension = 0;
  EXPECT_STATUS(iwf_image_region_bytes(&info, &region, &bytes, nullptr), IWF_ERROR_ARGUMENT);
  info.dimension = IWF_MAX_DIMENSION + 1;
  EXPECT_STATUS(iwf_image_region_bytes(&info, &region, &bytes, nullptr), IWF_ERROR_ARGUMENT);
}

TEST(Region, StopsAtTheFirstFailure)
{
  const Image image({ 4, 8 });
  iwf_region  region{};
  region.size[0] = 2;
  region.size[1] = 8;
  int calls = 0;
  EXPECT_STATUS(iwf_region_runs(&image.info, &region, FailAtThird, &calls, nullptr), IWF_ERROR_READ);
  EXPECT_EQ(calls, 3);
}

TEST(Region, WrittenInPieces)
{
  Folder      folder;
  const Image image({ 5, 4, 3 }, IWF_INT16);
  for (const char * name : { "p.iwi", "p.iwi.cbor", "p.iwi.cbor.zst" })
  {
    iwf_writer * writer = nullptr;
    iwf_error    error{};
    ASSERT_STATUS(iwf_writer_open_image(&writer, (folder / name).c_str(), &image.info, nullptr, &error), IWF_OK);
    for (uint64_t z = 0; z < 3; ++z)
    {
      iwf_region region{};
      region.index[2] = z;
      region.size[0] = 5;
      region.size[1] = 4;
      region.size[2] = 1;
      const Bytes slice = Extract(image, region);
      EXPECT_STATUS(iwf_writer_write_region(writer, &region, slice.data(), &error), IWF_OK) << error.message;
    }
    EXPECT_STATUS(iwf_writer_commit(writer, &error), IWF_OK) << name << error.message;
    iwf_writer_close(writer);
    Reader reader;
    Bytes  pixels;
    ASSERT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
    ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, pixels), IWF_OK);
    EXPECT_EQ(pixels, Bytes(image.pixels.begin(), image.pixels.end()));
  }
}
