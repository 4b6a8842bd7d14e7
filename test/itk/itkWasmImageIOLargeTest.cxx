/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

// An 8 GiB image written and read back, piece by piece, by a process that is allowed 1 GiB of memory.

#include "itkWasmImageIOTestUtilities.h"

#include "itkImageSource.h"

#include <sys/resource.h>
#include <sys/statvfs.h>

namespace
{

using ImageType = itk::Image<unsigned short, 3>;
constexpr itk::SizeValueType side = 1626; // 1626^3 x 2 bytes: just over 8 GiB, and no power of two
constexpr unsigned int       divisions = 100;

unsigned short
ValueAt(itk::IndexValueType x, itk::IndexValueType y, itk::IndexValueType z)
{
  return static_cast<unsigned short>(x + 3 * y + 1009 * z);
}

/** Makes any region of the image. */
class SlabSource : public itk::ImageSource<ImageType>
{
public:
  using Self = SlabSource;
  using Pointer = itk::SmartPointer<Self>;
  itkNewMacro(Self);

protected:
  void
  GenerateOutputInformation() override
  {
    ImageType::RegionType whole;
    whole.SetSize({ { side, side, side } });
    this->GetOutput()->SetLargestPossibleRegion(whole);
  }

  void
  GenerateData() override
  {
    ImageType * image = this->GetOutput();
    image->SetBufferedRegion(image->GetRequestedRegion());
    image->Allocate();
    const auto start = image->GetBufferedRegion().GetIndex();
    const auto size = image->GetBufferedRegion().GetSize();
    auto *     pixel = image->GetBufferPointer();
    for (itk::SizeValueType z = 0; z < size[2]; ++z)
    {
      for (itk::SizeValueType y = 0; y < size[1]; ++y)
      {
        for (itk::SizeValueType x = 0; x < size[0]; ++x)
        {
          *pixel++ = ValueAt(start[0] + x, start[1] + y, start[2] + z);
        }
      }
    }
  }
};

class WasmImageIOLargeTest : public WasmImageTest
{};

TEST_F(WasmImageIOLargeTest, EightGiBThroughOne)
{
  struct statvfs disk;
  ASSERT_EQ(statvfs(m_Folder.c_str(), &disk), 0);
  if (static_cast<uint64_t>(disk.f_bavail) * disk.f_frsize < uint64_t{ 10 } << 30)
  {
    GTEST_SKIP() << "needs 10 GiB on the disk of " << m_Folder;
  }
  rlimit limit{};
  limit.rlim_cur = limit.rlim_max = rlim_t{ 1 } << 30;
  ASSERT_EQ(setrlimit(RLIMIT_AS, &limit), 0);

  const std::string path = this->Path("large.iwi.cbor");
  {
    const auto source = SlabSource::New();
    const auto writer = itk::ImageFileWriter<ImageType>::New();
    writer->SetInput(source->GetOutput());
    writer->SetNumberOfStreamDivisions(divisions);
    writer->SetFileName(path);
    writer->Update();
  }
  EXPECT_GT(itksys::SystemTools::FileLength(path), uint64_t{ 8 } << 30);

  const auto reader = itk::ImageFileReader<ImageType>::New();
  reader->SetFileName(path);
  reader->UpdateOutputInformation();
  ImageType::RegionType region = reader->GetOutput()->GetLargestPossibleRegion();
  ASSERT_EQ(region.GetSize(), (ImageType::SizeType{ { side, side, side } }));
  for (itk::SizeValueType z = 0; z < side; z += region.GetSize(2))
  {
    region.SetIndex(2, static_cast<itk::IndexValueType>(z));
    region.SetSize(2, std::min<itk::SizeValueType>(50, side - z));
    reader->GetOutput()->SetRequestedRegion(region);
    reader->Update();
    const auto *       pixel = reader->GetOutput()->GetBufferPointer();
    itk::SizeValueType wrong = 0;
    for (itk::SizeValueType i = z; i < z + region.GetSize(2); ++i)
    {
      for (itk::SizeValueType y = 0; y < side; ++y)
      {
        for (itk::SizeValueType x = 0; x < side; ++x)
        {
          wrong += *pixel++ != ValueAt(x, y, i) ? 1 : 0;
        }
      }
    }
    ASSERT_EQ(wrong, 0u) << "in the slab from " << z;
  }
}

} // namespace
