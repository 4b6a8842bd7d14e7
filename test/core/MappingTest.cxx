/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <cstring>

using namespace iwf_test;

TEST(Mapping, ShowsThePayload)
{
  Folder      folder;
  const Image image({ 100, 90 }, IWF_UINT8);
  for (const char * name : { "m.iwi", "m.iwi.cbor" })
  {
    ASSERT_STATUS(image.Write(folder / name), IWF_OK);
    const Bytes before = ReadFile(folder / "m.iwi.cbor");
    Reader      reader;
    ASSERT_STATUS(reader.Open(folder / name), IWF_OK);
    iwf_mapping mapping;
    ASSERT_STATUS(iwf_reader_map(reader.handle, 0, IWF_IMAGE_DATA, &mapping, &reader.error), IWF_OK)
      << reader.error.message;
    iwf_reader_close(reader.handle); // the mapping outlives it
    reader.handle = nullptr;
    ASSERT_EQ(mapping.bytes, image.pixels.size());
    EXPECT_EQ(std::memcmp(mapping.data, image.pixels.data(), mapping.bytes), 0);
    std::memset(mapping.data, 0, mapping.bytes); // private
    iwf_mapping_release(&mapping);
    EXPECT_EQ(mapping.data, nullptr);
    iwf_mapping_release(&mapping);
    EXPECT_EQ(ReadFile(folder / "m.iwi.cbor"), before);
  }
}

TEST(Mapping, OutlivesAReplacement)
{
  Folder      folder;
  const Image image({ 64, 64 });
  ASSERT_STATUS(image.Write(folder / "m.iwi"), IWF_OK);
  Reader      reader;
  iwf_mapping mapping;
  ASSERT_STATUS(reader.Open(folder / "m.iwi"), IWF_OK);
  ASSERT_STATUS(iwf_reader_map(reader.handle, 0, IWF_IMAGE_DATA, &mapping, nullptr), IWF_OK);
  ASSERT_STATUS(Image({ 2, 2 }).Write(folder / "m.iwi"), IWF_OK);
  EXPECT_EQ(std::memcmp(mapping.data, image.pixels.data(), mapping.bytes), 0);
  iwf_mapping_release(&mapping);
}

TEST(Mapping, Unsupported)
{
  Folder      folder;
  iwf_mapping mapping;
  Reader      reader;
  // In memory, as numbers, in chunks, swapped, not there.
  ASSERT_STATUS(reader.OpenMemory(SmallImage().Encode()), IWF_OK);
  EXPECT_STATUS(iwf_reader_map(reader.handle, 0, IWF_IMAGE_DATA, &mapping, &reader.error), IWF_ERROR_UNSUPPORTED);
  EXPECT_STATUS(iwf_reader_map(reader.handle, 0, 7, &mapping, &reader.error), IWF_ERROR_UNSUPPORTED);
  EXPECT_STATUS(iwf_reader_map(reader.handle, 3, IWF_IMAGE_DATA, &mapping, &reader.error), IWF_ERROR_UNSUPPORTED);
  const Bytes variants[] = {
    SmallImage().Set("data", Array({ Uint(1), Uint(1), Uint(1), Uint(1), Uint(1), Uint(1) })).Encode(),
    SmallImage().Set("data", "\x5f" + Blob("123") + Blob("456") + "\xff").Encode(),
    SmallImage()
      .Set("imageType", SmallImageType().Set("componentType", Text("uint16")).Encode())
      .Set("data", Tag(65, Blob("123456789012")))
      .Encode(),
  };
  for (const Bytes & bytes : variants)
  {
    WriteFile(folder / "v.iwi.cbor", bytes);
    ASSERT_STATUS(reader.Open(folder / "v.iwi.cbor"), IWF_OK) << reader.error.message;
    EXPECT_STATUS(iwf_reader_map(reader.handle, 0, IWF_IMAGE_DATA, &mapping, &reader.error), IWF_ERROR_UNSUPPORTED);
    EXPECT_EQ(mapping.data, nullptr);
    iwf_mapping_release(&mapping);
  }
}

TEST(Mapping, Alignment)
{
  // The same pixels of float64 at eight places: only one of them can be used as double *.
  Folder folder;
  int    mapped = 0;
  for (size_t pad = 0; pad < 8; ++pad)
  {
    Map image = SmallImage();
    image.members.insert(image.members.begin(), { std::string(pad + 1, 'p'), Uint(0) });
    image.Set("imageType", SmallImageType().Set("componentType", Text("float64")).Encode());
    WriteFile(folder / "a.iwi.cbor", image.Set("data", Tag(86, Blob(Raw<double>({ 0, 1, 2, 3, 4, 5 })))).Encode());
    Reader      reader;
    iwf_mapping mapping;
    ASSERT_STATUS(reader.Open(folder / "a.iwi.cbor"), IWF_OK) << reader.error.message;
    const iwf_status status = iwf_reader_map(reader.handle, 0, IWF_IMAGE_DATA, &mapping, &reader.error);
    if (status == IWF_OK)
    {
      ++mapped;
      EXPECT_EQ(reinterpret_cast<uintptr_t>(mapping.data) % sizeof(double), 0u);
      EXPECT_EQ(static_cast<const double *>(mapping.data)[5], 5.0);
    }
    else
    {
      EXPECT_STATUS(status, IWF_ERROR_UNSUPPORTED);
    }
    iwf_mapping_release(&mapping);
  }
  EXPECT_EQ(mapped, 1);
}
