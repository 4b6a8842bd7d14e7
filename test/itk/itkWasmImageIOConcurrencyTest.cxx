/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmImageIOTestUtilities.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace
{
using ImageType = itk::Image<short, 3>;

/** 6 x 5 x 4 pixels of one value. */
ImageType::Pointer
ImageOf(short value)
{
  const auto image = MakeImage<ImageType>();
  image->FillBuffer(value);
  return image;
}

class WasmImageConcurrencyTest : public WasmImageTest
{
protected:
  static constexpr int numberOfThreads = 8;
  static constexpr int rounds = 25;

  /** Calls work(thread, round) from all threads; it returns whether all was well. */
  template <typename TWork>
  static void
  InAllThreads(const TWork & work)
  {
    std::atomic<int>         failures{ 0 };
    std::vector<std::string> messages(numberOfThreads);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < numberOfThreads; ++thread)
    {
      threads.emplace_back([&, thread] {
        try
        {
          for (int round = 0; round < rounds; ++round)
          {
            failures += work(thread, round) ? 0 : 1;
          }
        }
        catch (const std::exception & exception)
        {
          messages[thread] = exception.what();
        }
      });
    }
    for (auto & thread : threads)
    {
      thread.join();
    }
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(messages, std::vector<std::string>(numberOfThreads));
  }

  std::vector<std::string>
  Forms() const
  {
    return { this->Path("i.iwi"), this->Path("i.iwi.cbor"), this->Path("i.iwi.cbor.zst") };
  }
};

TEST_F(WasmImageConcurrencyTest, ReadersAndWritersOfTheirOwnFiles)
{
  InAllThreads([this](int thread, int round) {
    static const char * const suffixes[] = { ".iwi", ".iwi.cbor", ".iwi.cbor.zst" };
    const std::string         path = this->Path(std::to_string(thread) + suffixes[(thread + round) % 3]);
    const auto                image = ImageOf(static_cast<short>(100 * thread + round));
    Write(image.GetPointer(), path);
    return PixelBytes(Read<ImageType>(path).GetPointer()) == PixelBytes(image.GetPointer());
  });
}

TEST_F(WasmImageConcurrencyTest, ReadersOfOneFile)
{
  const auto        image = MakeImage<ImageType>();
  const std::string pixels = PixelBytes(image.GetPointer());
  for (const std::string & path : this->Forms())
  {
    Write(image.GetPointer(), path);
    InAllThreads([&](int, int) { return PixelBytes(Read<ImageType>(path).GetPointer()) == pixels; });
  }
}

TEST_F(WasmImageConcurrencyTest, ReadersAndWritersOfOneFileSeeWholeImages)
{
  for (const std::string & path : this->Forms())
  {
    Write(ImageOf(0).GetPointer(), path);
    InAllThreads([&](int thread, int round) {
      if (thread % 2 == 0)
      {
        Write(ImageOf(static_cast<short>(100 * thread + round)).GetPointer(), path);
        return true;
      }
      const auto   image = Read<ImageType>(path);
      const short  first = image->GetBufferPointer()[0];
      const size_t count = image->GetPixelContainer()->Size();
      return std::count(image->GetBufferPointer(), image->GetBufferPointer() + count, first) ==
             static_cast<std::ptrdiff_t>(count);
    });
  }
}
} // namespace
