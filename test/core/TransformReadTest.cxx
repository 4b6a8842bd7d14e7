/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

using namespace iwf_test;

namespace
{
iwf_status
Open(const Bytes & bytes, Reader & reader, const iwf_limits * limits = nullptr)
{
  return reader.OpenMemory(bytes, IWF_FAMILY_TRANSFORM, IWF_CONTAINER_CBOR, limits);
}

Bytes
With(const std::string & key, const Bytes & value)
{
  return Array({ SmallTransform().Encode(), SmallTransform().Set(key, value).Encode() });
}

Bytes
WithType(const std::string & key, const Bytes & value)
{
  Map type{ { "transformParameterization", Text("Translation") },
            { "parametersValueType", Text("float64") },
            { "inputDimension", Uint(2, 4) },
            { "outputDimension", Uint(2, 4) } };
  return With("transformType", type.Set(key, value).Encode());
}
} // namespace

TEST(TransformRead, Values)
{
  Reader reader;
  ASSERT_STATUS(Open(Array({ SmallTransform().Encode() }), reader), IWF_OK) << reader.error.message;
  EXPECT_EQ(Describe(reader),
            "transform 'Translation' float64 2->2 0+2 'Transform' '' '' metadata {}\n"
            "0.0 \n"
            "0.1 000000000000f43f0000000000000cc0");
  EXPECT_EQ(iwf_reader_image(reader.handle), nullptr);
  EXPECT_EQ(iwf_reader_mesh(reader.handle), nullptr);
}

TEST(TransformRead, Variations)
{
  Reader plain;
  ASSERT_STATUS(Open(Array({ SmallTransform().Encode() }), plain), IWF_OK);
  const std::string                    expected = Describe(plain);
  const std::pair<const char *, Bytes> cases[] = {
    { "indefinite", "\x9f" + SmallTransform().EncodeIndefinite() + "\xff" },
    { "tags", Tag(55799, Array({ Tag(259, SmallTransform().Encode()) })) },
    { "no names",
      Array({ SmallTransform().Remove("name").Remove("inputSpaceName").Remove("outputSpaceName").Encode() }) },
    { "no fixed parameters",
      Array({ SmallTransform().Remove("fixedParameters").Remove("numberOfFixedParameters").Encode() }) },
    { "null fixed parameters", Array({ SmallTransform().Set("fixedParameters", "\xf6").Encode() }) },
    { "numbers", Array({ SmallTransform().Set("parameters", Array({ Float16(0x3d00), Float32(-3.5F) })).Encode() }) },
    { "big-endian",
      Array({ SmallTransform().Set("parameters", Tag(82, Blob(Raw<double>({ 1.25, -3.5 }, true)))).Encode() }) },
    { "other keys", Array({ SmallTransform().Set("x", Array({})).Encode() }) },
  };
  for (const auto & c : cases)
  {
    Reader reader;
    ASSERT_STATUS(Open(c.second, reader), IWF_OK) << c.first << ": " << reader.error.message;
    EXPECT_EQ(Describe(reader), expected) << c.first;
  }
}

TEST(TransformRead, FixedParametersOfOtherTypes)
{
  for (const Bytes & fixed : { Tag(85, Blob(Raw<float>({ 1, -2 }))),
                               Tag(81, Blob(Raw<float>({ 1, -2 }, true))),
                               Tag(79, Blob(Raw<int64_t>({ 1, -2 }))),
                               Tag(77, Blob(Raw<int16_t>({ 1, -2 }))),
                               Blob(Raw<double>({ 1, -2 })) })
  {
    Reader reader;
    Bytes  bytes;
    ASSERT_STATUS(
      Open(Array({ SmallTransform().Set("numberOfFixedParameters", Uint(2)).Set("fixedParameters", fixed).Encode() }),
           reader),
      IWF_OK)
      << reader.error.message;
    ASSERT_STATUS(reader.Read(IWF_TRANSFORM_FIXED_PARAMETERS, bytes), IWF_OK);
    EXPECT_EQ(bytes, Raw<double>({ 1, -2 }));
  }
}

TEST(TransformRead, Composite)
{
  Map    type{ { "transformParameterization", Text("Composite") },
            { "parametersValueType", Text("float64") },
            { "inputDimension", Uint(2) },
            { "outputDimension", Uint(2) } };
  Map    composite{ { "transformType", type.Encode() },
                 { "numberOfFixedParameters", Uint(0) },
                 { "numberOfParameters", Uint(2) } };
  Reader reader;
  ASSERT_STATUS(Open(Array({ composite.Encode(), SmallTransform().Encode() }), reader), IWF_OK) << reader.error.message;
  size_t                     count = 0;
  const iwf_transform_info * infos = iwf_reader_transforms(reader.handle, &count);
  ASSERT_EQ(count, 2u);
  EXPECT_TRUE(iwf_transform_is_composite(&infos[0]));
  EXPECT_FALSE(iwf_transform_is_composite(&infos[1]));
  EXPECT_EQ(infos[0].number_of_parameters, 2u);
  EXPECT_EQ(iwf_reader_payload_bytes(reader.handle, 0, IWF_TRANSFORM_PARAMETERS), 0u);
  EXPECT_STATUS(Open(Array({ composite.Set("parameters", Tag(86, Blob("12345678"))).Encode() }), reader),
                IWF_ERROR_LENGTH);
}

TEST(TransformRead, Refused)
{
  const struct
  {
    Bytes        bytes;
    iwf_status   status;
    const char * key;
    const char * message;
  } cases[] = {
    { SmallTransform().Encode(), IWF_ERROR_VALUE, "", "expected an array of at least 1 transform, found a map of 8" },
    { Array({}), IWF_ERROR_VALUE, "", "found an array of 0" },
    { Array({ SmallTransform().Encode(), Uint(1) }), IWF_ERROR_VALUE, "[1].transform", "expected a map, found 1" },
    { Array({ SmallTransform().Encode(), SmallTransform().Remove("transformType").Encode() }),
      IWF_ERROR_MISSING,
      "[1].transformType",
      "no such key" },
    { With("numberOfParameters", Uint(3)),
      IWF_ERROR_LENGTH,
      "[1].parameters",
      "expected 24 bytes (3 elements of float64), found 16" },
    { With("numberOfParameters", Uint(0)), IWF_ERROR_LENGTH, "[1].parameters", "expected 0 bytes" },
    { With("numberOfParameters", Negative(0)), IWF_ERROR_VALUE, "[1].numberOfParameters", "found -1" },
    { With("numberOfParameters", Uint(uint64_t{ 1 } << 61)),
      IWF_ERROR_VALUE,
      "numberOfParameters",
      "[1].key 'numberOfParameters': expected an array of less than 2^63 bytes" },
    { With("numberOfFixedParameters", Uint(1)), IWF_ERROR_LENGTH, "[1].fixedParameters", "expected 8 bytes" },
    { With("name", Uint(1)), IWF_ERROR_VALUE, "[1].name", "expected text" },
    { WithType("transformParameterization", Text("")),
      IWF_ERROR_VALUE,
      "transformType.transformParameterization",
      "found \"\"" },
    { WithType("parametersValueType", Text("int32")),
      IWF_ERROR_VALUE,
      "transformType.parametersValueType",
      "float32 or float64, found int32" },
    { WithType("parametersValueType", Text("float32")), IWF_ERROR_LENGTH, "[1].parameters", "expected 8 bytes" },
    { WithType("inputDimension", Uint(0)),
      IWF_ERROR_VALUE,
      "transformType.inputDimension",
      "expected 1 to 16, found 0" },
    { WithType("outputDimension", Uint(1000000000)),
      IWF_ERROR_LIMIT,
      "transformType.outputDimension",
      "found 1000000000" },
  };
  for (const auto & c : cases)
  {
    Reader reader;
    EXPECT_STATUS(Open(c.bytes, reader), c.status) << c.message << "\n" << reader.error.message;
    EXPECT_STREQ(reader.error.key, c.key) << reader.error.message;
    EXPECT_CONTAINS(reader.error.message, c.message);
  }
}

TEST(TransformRead, Limit)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  limits.transforms = 3;
  for (size_t count = 1; count <= 4; ++count)
  {
    Reader reader;
    EXPECT_STATUS(Open(Array(std::vector<Bytes>(count, SmallTransform().Encode())), reader, &limits),
                  count <= 3 ? IWF_OK : IWF_ERROR_LIMIT);
    if (count == 4)
    {
      EXPECT_CONTAINS(reader.error.message, "found 4 transforms, more than the limit transforms = 3");
    }
  }
}
