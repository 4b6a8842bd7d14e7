/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

// The golden files of other writers through WasmImageIO: all writers' files of a case are the same image, and it is the
// same again when we have written it. What exactly a case holds is tested with the core and in Python.

#include "itkWasmGoldenFiles.h"
#include "itkWasmImageIOTestUtilities.h"

namespace
{

using itk::WasmImageIO;

/** An image as text, but for its bytes. */
std::string
Describe(const WasmImageIO & io)
{
  std::ostringstream text;
  text.precision(17);
  text << io.GetComponentTypeAsString(io.GetComponentType()) << ' ' << io.GetPixelTypeAsString(io.GetPixelType()) << ' '
       << io.GetNumberOfComponents() << '\n';
  for (unsigned int i = 0; i < io.GetNumberOfDimensions(); ++i)
  {
    text << io.GetDimensions(i) << " pixels from " << io.GetOrigin(i) << " by " << io.GetSpacing(i) << " along";
    for (double cosine : io.GetDirection(i))
    {
      text << ' ' << cosine;
    }
    text << '\n';
  }
  io.GetMetaDataDictionary().Print(text);
  return text.str();
}

/** Reads all of an image; `io` tells then what it is. */
std::string
ReadPixels(WasmImageIO & io, const std::string & path)
{
  io.SetFileName(path);
  io.ReadImageInformation();
  std::string pixels(static_cast<size_t>(io.GetImageSizeInBytes()), '\0');
  io.Read(&pixels[0]);
  return pixels;
}

class WasmImageIOGoldenFilesTest : public WasmImageTest
{};

TEST_F(WasmImageIOGoldenFilesTest, AreTheSameFromEachWriterAndFromUs)
{
  const auto cases = GoldenFiles(".iwi");
  EXPECT_GE(cases.size(), 20u);
  for (const auto & entry : cases)
  {
    const auto        io = WasmImageIO::New();
    const std::string pixels = ReadPixels(*io, entry.second.front());
    const std::string description = Describe(*io);
    for (const std::string & path : entry.second)
    {
      SCOPED_TRACE(entry.second.front() + " and " + path);
      const auto other = WasmImageIO::New();
      EXPECT_TRUE(other->CanReadFile(path.c_str()));
      EXPECT_EQ(ReadPixels(*other, path), pixels);
      EXPECT_EQ(Describe(*other), description);
    }
    for (const std::string name : { "ours.iwi", "ours.iwi.cbor", "ours.iwi.cbor.zst" })
    {
      SCOPED_TRACE(entry.second.front() + " and " + name);
      io->SetFileName(this->Path(name));
      io->Write(pixels.data()); // what was read is what is described
      const auto other = WasmImageIO::New();
      EXPECT_EQ(ReadPixels(*other, this->Path(name)), pixels);
      EXPECT_EQ(Describe(*other), description);
    }
  }
}

} // namespace
