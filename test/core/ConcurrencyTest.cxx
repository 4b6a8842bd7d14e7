/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <algorithm>
#include <thread>

using namespace iwf_test;

/* Run under ThreadSanitizer by tools/check.sh. */

TEST(Concurrency, IndependentReadersAndWriters)
{
  Folder                   folder;
  const Mesh               mesh;
  const Transforms         transforms(20);
  const Image              image({ 50, 40 }, IWF_INT16);
  std::vector<std::thread> threads;
  ASSERT_STATUS(image.Write(folder / "shared.iwi"), IWF_OK);
  ASSERT_STATUS(mesh.Write(folder / "shared.iwm.cbor"), IWF_OK);
  for (int t = 0; t < 8; ++t)
  {
    threads.emplace_back([&, t] {
      const std::string own = "own" + std::to_string(t);
      for (int i = 0; i < 15; ++i)
      {
        for (const std::string suffix : { "", ".cbor", ".cbor.zst" })
        {
          Reader    reader;
          iwf_error error{};
          EXPECT_STATUS(image.Write(folder / (own + ".iwi" + suffix), &error), IWF_OK) << error.message;
          EXPECT_STATUS(mesh.Write(folder / (own + ".iwm" + suffix), &error), IWF_OK) << error.message;
          EXPECT_STATUS(transforms.Write(folder / (own + ".iwt" + suffix), &error), IWF_OK) << error.message;
          for (const char * kind : { ".iwi", ".iwm", ".iwt" })
          {
            EXPECT_STATUS(reader.Open(folder / (own + kind + suffix)), IWF_OK) << reader.error.message;
            EXPECT_STATUS(reader.ReadAll(), IWF_OK) << reader.error.message;
          }
        }
        for (const char * name : { "shared.iwi", "shared.iwm.cbor" })
        {
          Reader reader;
          EXPECT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
          EXPECT_STATUS(reader.ReadAll(), IWF_OK) << reader.error.message;
        }
      }
    });
  }
  for (std::thread & thread : threads)
  {
    thread.join();
  }
}

TEST(Concurrency, LargeTransfersByManyThreads)
{
  Folder      folder;
  const Image image({ 4096, 4096, 2 }); // 32 MiB: several threads of the library's own in each call
  ASSERT_STATUS(image.Write(folder / "l.iwi.cbor"), IWF_OK);
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
  {
    threads.emplace_back([&] {
      Reader reader;
      Bytes  pixels;
      ASSERT_STATUS(reader.Open(folder / "l.iwi.cbor"), IWF_OK) << reader.error.message;
      ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, pixels), IWF_OK) << reader.error.message;
      EXPECT_TRUE(std::equal(pixels.begin(), pixels.end(), image.pixels.begin(), [](char a, unsigned char b) {
        return static_cast<unsigned char>(a) == b;
      }));
    });
  }
  for (std::thread & thread : threads)
  {
    thread.join();
  }
}
