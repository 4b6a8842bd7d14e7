/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <algorithm>
#include <limits>

using namespace iwf_test;

namespace
{
iwf_status
Open(const Bytes & bytes, Reader & reader)
{
  return reader.OpenMemory(bytes);
}

/** Expects the small image, written in another way. */
void
ExpectSame(const Bytes & bytes, const char * what)
{
  Reader plain;
  Reader varied;
  ASSERT_STATUS(plain.OpenMemory(SmallImage().Encode()), IWF_OK) << plain.error.message;
  ASSERT_STATUS(varied.OpenMemory(bytes), IWF_OK) << what << ": " << varied.error.message;
  EXPECT_EQ(Describe(plain), Describe(varied)) << what;
}

struct Refused
{
  const char * what;
  Bytes        bytes;
  iwf_status   status;
  const char * key;
  const char * message; // a part of it
};

void
ExpectRefused(const std::vector<Refused> & cases)
{
  for (const Refused & c : cases)
  {
    SCOPED_TRACE(c.what);
    Reader reader;
    EXPECT_STATUS(Open(c.bytes, reader), c.status) << reader.error.message;
    EXPECT_EQ(reader.handle, nullptr);
    EXPECT_EQ(reader.error.status, c.status);
    EXPECT_STREQ(reader.error.key, c.key) << reader.error.message;
    EXPECT_CONTAINS(reader.error.message, c.message);
    EXPECT_EQ(reader.error.system_errno, 0);
  }
}

Bytes
WithType(const std::string & key, const Bytes & value)
{
  return SmallImage().Set("imageType", SmallImageType().Set(key, value).Encode()).Encode();
}

Bytes
With(const std::string & key, const Bytes & value)
{
  return SmallImage().Set(key, value).Encode();
}

Bytes
Indefinite(unsigned major, const std::vector<Bytes> & items)
{
  Bytes bytes(1, static_cast<char>(major << 5 | 31));
  for (const Bytes & item : items)
  {
    bytes += item;
  }
  return bytes + "\xff";
}

constexpr double infinity = std::numeric_limits<double>::infinity();
} // namespace

TEST(ImageRead, Values)
{
  Reader reader;
  ASSERT_STATUS(Open(SmallImage().Encode(), reader), IWF_OK) << reader.error.message;
  EXPECT_EQ(iwf_reader_family(reader.handle), IWF_FAMILY_IMAGE);
  EXPECT_EQ(iwf_reader_mesh(reader.handle), nullptr);
  size_t count = 7;
  EXPECT_EQ(iwf_reader_transforms(reader.handle, &count), nullptr);
  EXPECT_EQ(count, 0u);
  const iwf_image_info * info = iwf_reader_image(reader.handle);
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->dimension, 2u);
  EXPECT_EQ(info->component_type, IWF_UINT8);
  EXPECT_EQ(info->pixel_type, IWF_PIXEL_SCALAR);
  EXPECT_EQ(info->size[0], 3u);
  EXPECT_EQ(info->size[1], 2u);
  EXPECT_EQ(info->origin[1], -2.0);
  EXPECT_EQ(info->spacing[0], 0.5);
  // The file's order is axis by axis, the library's row by row.
  EXPECT_EQ(info->direction[0], 0.6);
  EXPECT_EQ(info->direction[1], -0.8);
  EXPECT_EQ(info->direction[2], 0.8);
  EXPECT_EQ(info->direction[3], 0.6);
  EXPECT_EQ(std::string(info->name.data, info->name.length), "Image");
  EXPECT_EQ(iwf_reader_payload_bytes(reader.handle, 0, IWF_IMAGE_DATA), 6u);
  EXPECT_EQ(iwf_reader_payload_bytes(reader.handle, 0, 2), 0u);
  EXPECT_EQ(iwf_reader_payload_bytes(reader.handle, 0, -1), 0u);
  EXPECT_EQ(iwf_reader_payload_bytes(reader.handle, 1, 0), 0u);
  Bytes pixels;
  ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, pixels), IWF_OK);
  EXPECT_EQ(pixels, Raw<uint8_t>({ 0, 1, 2, 3, 4, 5 }));
}

TEST(ImageRead, Variations)
{
  const Bytes                          direction = Raw<double>({ 0.6, 0.8, -0.8, 0.6 });
  const Bytes                          pixels = Raw<uint8_t>({ 0, 1, 2, 3, 4, 5 });
  const std::pair<const char *, Bytes> cases[] = {
    { "indefinite map", SmallImage().EncodeIndefinite() },
    { "bytes behind the item", SmallImage().Encode() + "more" },
    { "self-described", Tag(55799, SmallImage().Encode()) },
    { "JavaScript map", Tag(259, SmallImage().Encode()) },
    { "both tags", Tag(55799, Tag(259, SmallImage().Encode())) },
    { "unknown keys",
      SmallImage()
        .Set("x", Array({ Uint(1), Map{ { "y", Blob("z") } }.Encode(), Text("") }))
        .Set("z", Tag(1000, Float64(infinity)))
        .Set("", "\xf7")
        .Encode() },
    { "unknown keys in imageType", WithType("x", Array({})) },
    { "smallest size", With("size", Array({ Uint(3), Uint(2) })) },
    { "16-bit size", With("size", Array({ Uint(3, 2), Uint(2, 2) })) },
    { "float size", With("size", Array({ Float64(3), Float32(2) })) },
    { "half size", With("size", Array({ Float16(0x4200), Float16(0x4000) })) },
    { "indefinite size", With("size", Indefinite(4, { Uint(3), Uint(2) })) },
    { "mixed spacing", With("spacing", Array({ Float16(0x3800), Uint(2) })) },
    { "float32 origin", With("origin", Array({ Float32(1.5F), Negative(1) })) },
    { "wide negative origin", With("origin", Array({ Float64(1.5), Negative(1, 8) })) },
    { "dimension in one byte", WithType("dimension", Uint(2)) },
    { "dimension in 8 bytes", WithType("dimension", Uint(2, 8)) },
    { "dimension as float", WithType("dimension", Float64(2)) },
    { "component type by number", WithType("componentType", Uint(1)) },
    { "geometry as typed arrays",
      SmallImage()
        .Set("origin", Tag(86, Blob(Raw<double>({ 1.5, -2.0 }))))
        .Set("spacing", Tag(85, Blob(Raw<float>({ 0.5F, 2.0F }))))
        .Set("size", Tag(78, Blob(Raw<int32_t>({ 3, 2 }))))
        .Encode() },
    { "direction without tag", With("direction", Blob(direction)) },
    { "direction as bytes", With("direction", Tag(64, Blob(direction))) },
    { "big-endian direction", With("direction", Tag(82, Blob(Raw<double>({ 0.6, 0.8, -0.8, 0.6 }, true)))) },
    { "direction as numbers", With("direction", Reals({ 0.6, 0.8, -0.8, 0.6 })) },
    { "direction in chunks",
      With("direction",
           Tag(86, Indefinite(2, { Blob(direction.substr(0, 5)), Blob(""), Blob(direction.substr(5)) }))) },
    { "data without tag", With("data", Blob(pixels)) },
    { "clamped data", With("data", Tag(68, Blob(pixels))) },
    { "data in chunks", With("data", Tag(64, Indefinite(2, { Blob(pixels.substr(0, 1)), Blob(pixels.substr(1)) }))) },
    { "data as numbers",
      With("data", Array({ Uint(0), Uint(1), Float64(2), Float16(0x4200), Uint(4, 8), Uint(5, 4) })) },
    { "data as a tagged list of numbers",
      With("data", Tag(41, Array({ Uint(0), Uint(1), Uint(2), Uint(3), Uint(4), Uint(5) }))) },
    { "metadata as pairs", With("metadata", Array({})) },
    { "metadata null", With("metadata", "\xf6") },
    { "no metadata", SmallImage().Remove("metadata").Encode() },
    { "name", With("name", Text("Image")) },
    { "empty buffered region", With("bufferedRegion", Map{ { "index", Array({}) }, { "size", Array({}) } }.Encode()) },
    { "full buffered region",
      With("bufferedRegion", Map{ { "index", Sizes({ 0, 0 }) }, { "size", Sizes({ 3, 2 }) } }.Encode()) },
    { "keys in chunks",
      [] {
        Bytes bytes = SmallImage().Encode();
        return bytes.replace(bytes.find(Text("size")), 5, Indefinite(3, { Text("si"), Text(""), Text("ze") }));
      }() },
  };
  for (const auto & c : cases)
  {
    if (std::string(c.first) == "metadata null" || std::string(c.first) == "no metadata")
    {
      Reader reader;
      EXPECT_STATUS(Open(c.second, reader), IWF_OK) << c.first;
      continue;
    }
    ExpectSame(c.second, c.first);
  }
}

TEST(ImageRead, KeysInAnyOrder)
{
  // Every rotation, and the reverse of each.
  Map map = SmallImage();
  for (size_t i = 0; i < map.members.size(); ++i)
  {
    std::rotate(map.members.begin(), map.members.begin() + 1, map.members.end());
    ExpectSame(map.Encode(), "rotated");
    Map reversed = map;
    std::reverse(reversed.members.begin(), reversed.members.end());
    ExpectSame(reversed.Encode(), "reversed");
  }
}

TEST(ImageRead, ComponentTypesAndTags)
{
  const struct
  {
    iwf_component_type    type;
    std::vector<uint64_t> tags;    // little-endian, or of bytes
    std::vector<uint64_t> swapped; // big-endian
  } cases[] = {
    { IWF_INT8, { 72, 64, 68 }, {} },          { IWF_UINT8, { 64, 68, 72 }, {} },
    { IWF_INT16, { 77, 73, 69, 64 }, { 65 } }, { IWF_UINT16, { 69, 64, 77 }, { 65 } },
    { IWF_INT32, { 78, 74, 70 }, { 66, 81 } }, { IWF_UINT32, { 70, 85 }, { 66 } },
    { IWF_INT64, { 79, 75, 71 }, { 67, 82 } }, { IWF_UINT64, { 71, 79 }, { 67 } },
    { IWF_FLOAT32, { 85, 70 }, { 81, 66 } },   { IWF_FLOAT64, { 86, 71 }, { 82, 67 } },
  };
  for (const auto & c : cases)
  {
    const size_t size = iwf_component_size(c.type);
    Bytes        pixels;
    Bytes        reversed;
    for (size_t i = 0; i < 6 * size; ++i)
    {
      pixels += static_cast<char>(i * 37 + 5);
    }
    for (size_t i = 0; i < 6; ++i)
    {
      const Bytes one = pixels.substr(i * size, size);
      reversed += Bytes(one.rbegin(), one.rend());
    }
    Map image = SmallImage();
    image.Set("imageType", SmallImageType().Set("componentType", Text(iwf_component_name(c.type))).Encode());
    for (const uint64_t tag : c.tags)
    {
      Reader reader;
      Bytes  read;
      ASSERT_STATUS(Open(image.Set("data", Tag(tag, Blob(pixels))).Encode(), reader), IWF_OK) << reader.error.message;
      ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, read), IWF_OK);
      EXPECT_EQ(read, pixels) << iwf_component_name(c.type) << " tag " << tag;
    }
    for (const uint64_t tag : c.swapped)
    {
      Reader reader;
      Bytes  read;
      ASSERT_STATUS(Open(image.Set("data", Tag(tag, Blob(pixels))).Encode(), reader), IWF_OK) << reader.error.message;
      ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, read), IWF_OK);
      EXPECT_EQ(read, reversed) << iwf_component_name(c.type) << " tag " << tag;
      // A part of a swapped payload is swapped, too.
      read.assign(2 * size, '\0');
      ASSERT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DATA, 3 * size, 2 * size, read.data(), nullptr),
                    IWF_OK);
      EXPECT_EQ(read, reversed.substr(3 * size, 2 * size));
    }
  }
}

TEST(ImageRead, PlainNumbersAsEveryType)
{
  const struct
  {
    iwf_component_type type;
    Bytes              fits; // as a number of the file
    Bytes              raw;
    Bytes              tooMuch;
  } cases[] = {
    { IWF_INT8, Negative(127), Raw<int8_t>({ -128 }), Negative(128) },
    { IWF_UINT8, Uint(255), Raw<uint8_t>({ 255 }), Uint(256) },
    { IWF_INT16, Negative(32767), Raw<int16_t>({ -32768 }), Uint(32768) },
    { IWF_UINT16, Float64(65535), Raw<uint16_t>({ 65535 }), Float64(65535.5) },
    { IWF_INT32, Float64(-2147483648.0), Raw<int32_t>({ INT32_MIN }), Uint(2147483648) },
    { IWF_UINT32, Uint(4294967295), Raw<uint32_t>({ UINT32_MAX }), Negative(0) },
    { IWF_INT64, Negative(INT64_MAX), Raw<int64_t>({ INT64_MIN }), Uint(uint64_t{ 1 } << 63) },
    { IWF_UINT64, Uint(UINT64_MAX), Raw<uint64_t>({ UINT64_MAX }), Float64(1e19) },
    { IWF_FLOAT32, Float64(0.1), Raw<float>({ 0.1F }), Float64(1e39) },
    { IWF_FLOAT64, Negative(4), Raw<double>({ -5.0 }), Text("1") },
  };
  for (const auto & c : cases)
  {
    SCOPED_TRACE(iwf_component_name(c.type));
    Map image = SmallImage();
    image.Set("imageType", SmallImageType().Set("componentType", Text(iwf_component_name(c.type))).Encode());
    image.Set("size", Sizes({ 1, 1 }));
    Reader reader;
    Bytes  read;
    ASSERT_STATUS(Open(image.Set("data", Array({ c.fits })).Encode(), reader), IWF_OK) << reader.error.message;
    ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, read), IWF_OK);
    EXPECT_EQ(read, c.raw);
    EXPECT_STATUS(Open(image.Set("data", Array({ c.tooMuch })).Encode(), reader), IWF_ERROR_VALUE);
    EXPECT_STREQ(reader.error.key, "data");
    EXPECT_CONTAINS(reader.error.message,
                    std::string("expected a number that fits ") + iwf_component_name(c.type) + ", found ");
  }
}

TEST(ImageRead, DirectionOfOtherTypes)
{
  const struct
  {
    uint64_t tag;
    Bytes    bytes;
  } cases[] = {
    { 85, Raw<float>({ 0, 1, -1, 0 }) },   { 81, Raw<float>({ 0, 1, -1, 0 }, true) },
    { 72, Raw<int8_t>({ 0, 1, -1, 0 }) },  { 77, Raw<int16_t>({ 0, 1, -1, 0 }) },
    { 73, Raw<int16_t>({ 0, 1, -1, 0 }) }, { 78, Raw<int32_t>({ 0, 1, -1, 0 }) },
    { 79, Raw<int64_t>({ 0, 1, -1, 0 }) },
  };
  for (const auto & c : cases)
  {
    Reader reader;
    ASSERT_STATUS(Open(With("direction", Tag(c.tag, Blob(c.bytes))), reader), IWF_OK)
      << c.tag << " " << reader.error.message;
    const double * direction = iwf_reader_image(reader.handle)->direction;
    EXPECT_EQ(std::vector<double>(direction, direction + 4), (std::vector<double>{ 0, -1, 1, 0 })) << c.tag;
  }
}

TEST(ImageRead, DefaultsOfMissingKeys)
{
  Reader reader;
  Map    image = SmallImage();
  image.Remove("origin").Remove("spacing").Remove("direction").Remove("metadata");
  ASSERT_STATUS(Open(image.Encode(), reader), IWF_OK) << reader.error.message;
  const iwf_image_info * info = iwf_reader_image(reader.handle);
  for (int i = 0; i < 2; ++i)
  {
    EXPECT_EQ(info->origin[i], 0.0);
    EXPECT_EQ(info->spacing[i], 1.0);
    EXPECT_EQ(info->direction[3 * i], 1.0);
    EXPECT_EQ(info->direction[1 + i], 0.0);
  }
  EXPECT_EQ(info->metadata, nullptr);
}

TEST(ImageRead, RefusedGeometry)
{
  ExpectRefused({
    { "not a map", Array({}), IWF_ERROR_VALUE, "image", "expected a map, found an array of 0" },
    { "size missing",
      SmallImage().Remove("size").Encode(),
      IWF_ERROR_MISSING,
      "size",
      "expected a value, found no such key" },
    { "data missing",
      SmallImage().Remove("data").Encode(),
      IWF_ERROR_MISSING,
      "data",
      "expected 6 bytes, found no such key" },
    { "type not a map",
      With("imageType", Text("x")),
      IWF_ERROR_VALUE,
      "imageType",
      "expected a map, found text \"x\"" },
    { "dimension 0", WithType("dimension", Uint(0)), IWF_ERROR_LENGTH, "origin", "array of 0 numbers" },
    { "dimension 3",
      WithType("dimension", Uint(3)),
      IWF_ERROR_LENGTH,
      "origin",
      "expected an array of 3 numbers, one per dimension, found an array of 2" },
    { "dimension 17",
      WithType("dimension", Uint(17)),
      IWF_ERROR_LIMIT,
      "imageType.dimension",
      "at most 16 dimensions, found 17" },
    { "dimension 10^9",
      WithType("dimension", Uint(1000000000)),
      IWF_ERROR_LIMIT,
      "imageType.dimension",
      "found 1000000000" },
    { "dimension 2^32",
      WithType("dimension", Uint(uint64_t{ 1 } << 32)),
      IWF_ERROR_VALUE,
      "imageType.dimension",
      "a whole number of 32 bits, found 4294967296" },
    { "dimension -1", WithType("dimension", Negative(0)), IWF_ERROR_VALUE, "imageType.dimension", "found -1" },
    { "dimension 2.5",
      WithType("dimension", Float64(2.5)),
      IWF_ERROR_VALUE,
      "imageType.dimension",
      "found the number 2.5" },
    { "dimension text", WithType("dimension", Text("2")), IWF_ERROR_VALUE, "imageType.dimension", "found text \"2\"" },
    { "no components",
      WithType("components", Uint(0)),
      IWF_ERROR_VALUE,
      "imageType.components",
      "expected at least 1, found 0" },
    { "component type",
      WithType("componentType", Text("uint7")),
      IWF_ERROR_VALUE,
      "imageType.componentType",
      "found text \"uint7\"" },
    { "component type 10",
      WithType("componentType", Uint(10)),
      IWF_ERROR_VALUE,
      "imageType.componentType",
      "found 10" },
    { "component type null",
      WithType("componentType", "\xf6"),
      IWF_ERROR_VALUE,
      "imageType.componentType",
      "found null" },
    { "pixel type",
      WithType("pixelType", Text("scalar")),
      IWF_ERROR_VALUE,
      "imageType.pixelType",
      "found text \"scalar\"" },
    { "pixel type number", WithType("pixelType", Uint(1)), IWF_ERROR_VALUE, "imageType.pixelType", "found 1" },
    { "origin short", With("origin", Reals({ 1 })), IWF_ERROR_LENGTH, "origin", "found an array of 1" },
    { "origin long", With("origin", Reals({ 1, 2, 3 })), IWF_ERROR_LENGTH, "origin", "found an array of 3" },
    { "origin number", With("origin", Uint(1)), IWF_ERROR_VALUE, "origin", "found 1" },
    { "origin null", With("origin", "\xf6"), IWF_ERROR_VALUE, "origin", "found null" },
    { "origin of bytes, short",
      With("origin", Tag(86, Blob("12345678"))),
      IWF_ERROR_LENGTH,
      "origin",
      "expected 16 bytes (2 elements of float64), found 8" },
    { "origin of bytes, NaN",
      With("origin", Tag(85, Blob(Raw<float>({ 1, std::numeric_limits<float>::quiet_NaN() })))),
      IWF_ERROR_VALUE,
      "origin",
      "a finite number" },
    { "size of bytes, negative",
      With("size", Tag(78, Blob(Raw<int32_t>({ 3, -2 })))),
      IWF_ERROR_VALUE,
      "",
      "element 1 of an array: expected a number that fits uint64, found -2" },
    { "size of bytes, fraction",
      With("size", Tag(85, Blob(Raw<float>({ 3, 1.5F })))),
      IWF_ERROR_VALUE,
      "",
      "found the number 1.5" },
    { "origin NaN",
      With("origin", Reals({ 0, std::numeric_limits<double>::quiet_NaN() })),
      IWF_ERROR_VALUE,
      "origin",
      "a finite number, found the number" },
    { "spacing infinite", With("spacing", Reals({ infinity, 1 })), IWF_ERROR_VALUE, "spacing", "found the number inf" },
    { "spacing half infinity",
      With("spacing", Array({ Float16(0x7c00), Uint(1) })),
      IWF_ERROR_VALUE,
      "spacing",
      "found the number inf" },
    { "origin with null", With("origin", Array({ "\xf6", Uint(0) })), IWF_ERROR_VALUE, "origin", "found null" },
    { "size zero", With("size", Sizes({ 3, 0 })), IWF_ERROR_VALUE, "size", "at least 1 pixel" },
    { "size negative",
      With("size", Array({ Uint(3), Negative(1) })),
      IWF_ERROR_VALUE,
      "size",
      "not negative, found -2" },
    { "size fraction",
      With("size", Array({ Uint(3), Float64(2.5) })),
      IWF_ERROR_VALUE,
      "size",
      "found the number 2.5" },
    { "size beyond 2^53 as float", With("size", Array({ Uint(3), Float64(1e17) })), IWF_ERROR_VALUE, "size", "1e+17" },
    { "size short", With("size", Sizes({ 3 })), IWF_ERROR_LENGTH, "size", "found an array of 1" },
    { "size 2^63", With("size", Sizes({ uint64_t{ 1 } << 63, 1 })), IWF_ERROR_VALUE, "size", "less than 2^63 bytes" },
    { "size 2^32 x 2^32",
      With("size", Sizes({ uint64_t{ 1 } << 32, uint64_t{ 1 } << 32 })),
      IWF_ERROR_VALUE,
      "size",
      "less than 2^64 pixels" },
    { "size 2^64-1 x 2^64-1",
      With("size", Sizes({ UINT64_MAX, UINT64_MAX })),
      IWF_ERROR_VALUE,
      "size",
      "less than 2^64 pixels" },
    { "size too large",
      With("size", Sizes({ 3, 3 })),
      IWF_ERROR_LENGTH,
      "data",
      "expected 9 bytes (9 elements of uint8), found 6" },
    { "size too small",
      With("size", Sizes({ 3, 1 })),
      IWF_ERROR_LENGTH,
      "data",
      "expected 3 bytes (3 elements of uint8), found 6" },
    { "direction short",
      With("direction", Tag(86, Blob("12345678"))),
      IWF_ERROR_LENGTH,
      "direction",
      "expected 32 bytes (4 elements of float64), found 8" },
    { "direction NaN",
      With("direction", Reals({ 1, 0, 0, std::numeric_limits<double>::quiet_NaN() })),
      IWF_ERROR_VALUE,
      "direction",
      "expected finite numbers" },
    { "direction text",
      With("direction", Text("x")),
      IWF_ERROR_VALUE,
      "direction",
      "expected an array of numbers, found text \"x\"" },
    { "data text", With("data", Text("123456")), IWF_ERROR_VALUE, "data", "expected an array of numbers, found text" },
    { "data null", With("data", "\xf6"), IWF_ERROR_VALUE, "data", "found null" },
    { "data of numbers, short", With("data", Array({ Uint(1) })), IWF_ERROR_LENGTH, "data", "found 1 numbers" },
    { "data tag unknown",
      With("data", Tag(1000, Blob("123456"))),
      IWF_ERROR_VALUE,
      "data",
      "expected the CBOR tag 64 of an array of uint8, found the tag 1000" },
    { "data tag bignum", With("data", Tag(2, Blob("123456"))), IWF_ERROR_VALUE, "data", "found the tag 2" },
    { "data tag of other big-endian size",
      With("data", Tag(65, Blob("123456"))),
      IWF_ERROR_VALUE,
      "data",
      "found the tag 65" },
    { "region of a part",
      With("bufferedRegion", Map{ { "size", Sizes({ 3, 1 }) } }.Encode()),
      IWF_ERROR_VALUE,
      "bufferedRegion",
      "the whole image" },
    { "region elsewhere",
      With("bufferedRegion", Map{ { "index", Sizes({ 0, 1 }) } }.Encode()),
      IWF_ERROR_VALUE,
      "bufferedRegion",
      "the index 0" },
    { "region not a map", With("bufferedRegion", Uint(1)), IWF_ERROR_VALUE, "bufferedRegion", "found 1" },
    { "name not text", With("name", Uint(1)), IWF_ERROR_VALUE, "name", "expected text, found 1" },
    { "metadata text",
      With("metadata", Text("x")),
      IWF_ERROR_VALUE,
      "metadata",
      "a map or an array of [key, value] pairs" },
    { "metadata of one",
      With("metadata", Array({ Array({ Text("k") }) })),
      IWF_ERROR_VALUE,
      "metadata",
      "a pair of a text and a value" },
    { "metadata key",
      With("metadata", Array({ Array({ Uint(1), Uint(1) }) })),
      IWF_ERROR_VALUE,
      "metadata",
      "a pair of a text and a value" },
    { "metadata twice",
      With("metadata", Array({ Array({ Text("k"), Uint(1) }), Array({ Text("k"), Uint(1) }) })),
      IWF_ERROR_DUPLICATE,
      "",
      "found \"k\" twice" },
  });
}

TEST(ImageRead, ComponentsOfColors)
{
  for (const auto & [pixel, right] : { std::pair<const char *, uint64_t>{ "RGB", 3 }, { "RGBA", 4 } })
  {
    for (uint64_t components = 1; components <= 5; ++components)
    {
      Map type = SmallImageType();
      type.Set("pixelType", Text(pixel)).Set("components", Uint(components));
      Map image = SmallImage();
      image.Set("imageType", type.Encode()).Set("data", Blob(Bytes(6 * components, 'x')));
      Reader reader;
      EXPECT_STATUS(Open(image.Encode(), reader), components == right ? IWF_OK : IWF_ERROR_VALUE);
      if (components != right)
      {
        EXPECT_CONTAINS(reader.error.message,
                        "expected " + std::to_string(right) + " for the pixel type " + pixel + ", found " +
                          std::to_string(components));
      }
    }
  }
}

TEST(ImageRead, DuplicateKnownKeys)
{
  for (const auto & member : SmallImage().members)
  {
    Map image = SmallImage();
    image.members.push_back(member);
    Reader reader;
    EXPECT_STATUS(Open(image.Encode(), reader), IWF_ERROR_DUPLICATE) << member.first;
    EXPECT_CONTAINS(reader.error.message, "found \"" + member.first + "\" twice");
  }
}

TEST(ImageRead, WrongTypesOfEveryKey)
{
  const Bytes others[] = { Uint(1),
                           Negative(5),
                           Float64(0.5),
                           Text("a"),
                           Blob("abc"),
                           Array({ Array({}) }),
                           Array({ Text("a"), Text("b") }),
                           "\xf4",
                           "\xf6",
                           Map{ { "a", Uint(1) } }.Encode() };
  for (const auto & member : SmallImage().members)
  {
    for (const Bytes & other : others)
    {
      Reader           reader;
      const iwf_status status = Open(With(member.first, other), reader);
      const bool       right = member.first == "metadata" && status == IWF_OK; // a map, or null
      EXPECT_TRUE(right || status == IWF_ERROR_VALUE || status == IWF_ERROR_LENGTH || status == IWF_ERROR_MISSING)
        << member.first << " " << iwf_status_name(status) << reader.error.message;
    }
  }
}

TEST(ImageRead, Metadata)
{
  const Bytes value = Map{
    { "b", "\xf5" },
    { "i", Negative(4) },
    { "u", Uint(UINT64_MAX) },
    { "f", Float16(0x3e00) },
    { "s", Text("text") },
    { "n", "\xf6" },
    { "l", Array({ Uint(1), Float64(2.5), Text("x"), Array({ Array({}) }) }) },
    { "m", Map{ { "k", Uint(1) } }.Encode() }
  }.Encode();
  Reader reader;
  ASSERT_STATUS(Open(With("metadata", value), reader), IWF_OK) << reader.error.message;
  EXPECT_EQ(DescribeValue(*iwf_reader_image(reader.handle)->metadata),
            "{b:true,i:-5,u:18446744073709551615,f:1.5f,s:\"text\",n:null,l:[1,2.5f,\"x\",[[]]],m:{k:1}}");
  ASSERT_STATUS(
    Open(With("metadata", Array({ Array({ Text("k"), Uint(1) }), Array({ Text("l"), Text("v") }) })), reader), IWF_OK);
  EXPECT_EQ(DescribeValue(*iwf_reader_image(reader.handle)->metadata), "{k:1,l:\"v\"}");
  EXPECT_EQ(iwf_value_get(iwf_reader_image(reader.handle)->metadata, "l")->kind, IWF_TEXT);
  EXPECT_EQ(iwf_value_get(iwf_reader_image(reader.handle)->metadata, "x"), nullptr);
  EXPECT_EQ(iwf_value_get(nullptr, "x"), nullptr);
}

TEST(ImageRead, Arguments)
{
  iwf_reader * handle = nullptr;
  iwf_error    error{};
  EXPECT_STATUS(iwf_reader_open(nullptr, "x.iwi", nullptr, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_open(&handle, nullptr, nullptr, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_open(&handle, "x.png", nullptr, &error), IWF_ERROR_ARGUMENT);
  EXPECT_CONTAINS(error.message, ".iwi, .iwm or .iwt");
  EXPECT_STATUS(iwf_reader_open(&handle, "x.iwi.cbor.bak", nullptr, nullptr), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_open_memory(&handle, "", 0, IWF_FAMILY_IMAGE, IWF_CONTAINER_DIRECTORY, nullptr, &error),
                IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_open_memory(&handle, nullptr, 1, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR, nullptr, &error),
                IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_open_memory(&handle, nullptr, 0, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR, nullptr, &error),
                IWF_ERROR_TRUNCATED);
  EXPECT_EQ(handle, nullptr);
  iwf_reader_close(nullptr);

  Reader reader;
  ASSERT_STATUS(Open(SmallImage().Encode(), reader), IWF_OK);
  char buffer[64];
  EXPECT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DATA, 0, 7, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_CONTAINS(error.message, "the payload's 6 bytes, found 7 bytes from byte 0");
  EXPECT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DATA, 7, 0, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DATA, UINT64_MAX, 2, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DIRECTION, 4, 8, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DATA, 0, 1, nullptr, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_read(reader.handle, 1, IWF_IMAGE_DATA, 0, 1, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_read(reader.handle, 0, 2, 0, 1, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DATA, 6, 0, nullptr, &error), IWF_OK);
  EXPECT_STATUS(iwf_reader_read_region(reader.handle, nullptr, buffer, &error), IWF_ERROR_ARGUMENT);
}
