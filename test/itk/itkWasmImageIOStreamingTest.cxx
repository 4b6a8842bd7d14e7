/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

// Images in pieces: regions read, streamed writes, pasting, and what is left behind when a write does not finish.

#include "itkWasmImageIOTestUtilities.h"

#include "itkCommand.h"
#include "itkImageRegionIteratorWithIndex.h"
#include "itkImageSource.h"

#include <numeric>
#include <random>
#include <unistd.h>

namespace
{

using itk::WasmImageIO;

template <unsigned int VDimension>
using ShortImage = itk::Image<short, VDimension>;

class WasmImageIOStreamingTest : public WasmImageTest
{};

/** Makes any region of an image on request, tells which ones were asked for, and can fail at one of them. */
template <typename TImage>
class PieceSource : public itk::ImageSource<TImage>
{
public:
  using Self = PieceSource;
  using Superclass = itk::ImageSource<TImage>;
  using Pointer = itk::SmartPointer<Self>;
  using RegionType = typename TImage::RegionType;
  itkNewMacro(Self);

  static typename TImage::PixelType
  ValueAt(const typename TImage::IndexType & index)
  {
    long value = 11;
    for (unsigned int i = 0; i < TImage::ImageDimension; ++i)
    {
      value = value * 31 + index[i];
    }
    return static_cast<typename TImage::PixelType>(value % 30000);
  }

  RegionType              whole;
  bool                    canStream = true;
  size_t                  failAt = 0; // 0 never, n at the n-th piece
  std::vector<RegionType> pieces;
  short                   add = 0;

protected:
  void
  GenerateOutputInformation() override
  {
    this->GetOutput()->SetLargestPossibleRegion(whole);
    SetGeometry<TImage>(this->GetOutput());
  }

  void
  EnlargeOutputRequestedRegion(itk::DataObject * output) override
  {
    if (!canStream)
    {
      output->SetRequestedRegionToLargestPossibleRegion();
    }
  }

  void
  GenerateData() override
  {
    TImage * output = this->GetOutput();
    pieces.push_back(output->GetRequestedRegion());
    if (pieces.size() == failAt)
    {
      itkExceptionMacro(<< "no more pieces");
    }
    output->SetBufferedRegion(output->GetRequestedRegion());
    output->Allocate();
    for (itk::ImageRegionIteratorWithIndex<TImage> it(output, output->GetBufferedRegion()); !it.IsAtEnd(); ++it)
    {
      it.Set(static_cast<typename TImage::PixelType>(ValueAt(it.GetIndex()) + add));
    }
  }
};

template <typename TImage>
typename PieceSource<TImage>::Pointer
MakeSource(const typename TImage::SizeType & size)
{
  const auto source = PieceSource<TImage>::New();
  source->whole.SetSize(size);
  return source;
}

template <typename TImage>
typename itk::ImageFileWriter<TImage>::Pointer
MakeWriter(PieceSource<TImage> * source, const std::string & path, unsigned int divisions)
{
  const auto writer = itk::ImageFileWriter<TImage>::New();
  writer->SetInput(source->GetOutput());
  writer->SetFileName(path);
  writer->SetNumberOfStreamDivisions(divisions);
  return writer;
}

template <typename TImage>
void
ExpectPixels(const TImage * image, short add = 0)
{
  for (itk::ImageRegionConstIteratorWithIndex<TImage> it(image, image->GetBufferedRegion()); !it.IsAtEnd(); ++it)
  {
    ASSERT_EQ(it.Get(), PieceSource<TImage>::ValueAt(it.GetIndex()) + add) << it.GetIndex();
  }
}

// ---- reading

template <typename TImage>
void
ReadRandomRegions(const std::string & path, const typename TImage::SizeType & size, bool streams)
{
  const auto reader = itk::ImageFileReader<TImage>::New();
  reader->SetFileName(path);
  reader->UpdateOutputInformation();
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round)
  {
    typename TImage::RegionType region;
    for (unsigned int i = 0; i < TImage::ImageDimension; ++i)
    {
      // Now and then a full axis, so that runs of several axes are contiguous in the file.
      const auto first = round % 3 == 0 ? 0 : static_cast<itk::IndexValueType>(random() % size[i]);
      region.SetIndex(i, first);
      region.SetSize(i, round % 3 == 0 && i < 2 ? size[i] : 1 + random() % (size[i] - first));
    }
    reader->GetOutput()->ReleaseData(); // else what an earlier region has is not read again
    reader->GetOutput()->SetRequestedRegion(region);
    reader->Update();
    EXPECT_EQ(reader->GetOutput()->GetBufferedRegion(),
              streams ? region : reader->GetOutput()->GetLargestPossibleRegion());
    ExpectPixels<TImage>(reader->GetOutput());
  }
}

TEST_F(WasmImageIOStreamingTest, RegionsFromEveryForm)
{
  using ImageType = ShortImage<4>;
  const ImageType::SizeType size = { { 11, 7, 5, 3 } };
  const auto                source = MakeSource<ImageType>(size);
  for (const std::string name : { "r.iwi", "r.iwi.cbor", "r.iwi.cbor.zst" })
  {
    SCOPED_TRACE(name);
    MakeWriter<ImageType>(source, this->Path(name), 1)->Update();
    ReadRandomRegions<ImageType>(this->Path(name), size, name != "r.iwi.cbor.zst");
  }
}

TEST_F(WasmImageIOStreamingTest, RegionsOfOneAndSixDimensions)
{
  const ShortImage<1>::SizeType lineSize = { { 101 } };
  MakeWriter<ShortImage<1>>(MakeSource<ShortImage<1>>(lineSize), this->Path("1.iwi.cbor"), 1)->Update();
  ReadRandomRegions<ShortImage<1>>(this->Path("1.iwi.cbor"), lineSize, true);

  const ShortImage<6>::SizeType size = { { 4, 3, 2, 3, 2, 3 } };
  MakeWriter<ShortImage<6>>(MakeSource<ShortImage<6>>(size), this->Path("6.iwi"), 1)->Update();
  ReadRandomRegions<ShortImage<6>>(this->Path("6.iwi"), size, true);
}

TEST_F(WasmImageIOStreamingTest, StreamingCanBeTurnedOff)
{
  using ImageType = ShortImage<3>;
  const ImageType::SizeType size = { { 4, 5, 6 } };
  MakeWriter<ImageType>(MakeSource<ImageType>(size), this->Path("o.iwi"), 1)->Update();
  const auto reader = itk::ImageFileReader<ImageType>::New();
  reader->SetFileName(this->Path("o.iwi"));
  reader->UseStreamingOff();
  reader->UpdateOutputInformation();
  ImageType::RegionType region;
  region.SetIndex({ { 1, 1, 1 } });
  region.SetSize({ { 2, 2, 2 } });
  reader->GetOutput()->SetRequestedRegion(region);
  reader->Update();
  EXPECT_EQ(reader->GetOutput()->GetBufferedRegion(), reader->GetOutput()->GetLargestPossibleRegion());
  ExpectPixels<ImageType>(reader->GetOutput());
}

TEST_F(WasmImageIOStreamingTest, FileOfMoreDimensionsGivesItsFirstSlice)
{
  const ShortImage<3>::SizeType size = { { 4, 5, 6 } };
  for (const std::string name : { "m.iwi", "m.iwi.cbor", "m.iwi.cbor.zst" })
  {
    SCOPED_TRACE(name);
    MakeWriter<ShortImage<3>>(MakeSource<ShortImage<3>>(size), this->Path(name), 1)->Update();
    for (bool streaming : { true, false })
    {
      const auto reader = itk::ImageFileReader<ShortImage<2>>::New();
      reader->SetFileName(this->Path(name));
      reader->SetUseStreaming(streaming);
      reader->Update();
      const auto image = reader->GetOutput();
      ASSERT_EQ(image->GetBufferedRegion().GetNumberOfPixels(), 20u);
      for (itk::ImageRegionConstIteratorWithIndex<ShortImage<2>> it(image, image->GetBufferedRegion()); !it.IsAtEnd();
           ++it)
      {
        const ShortImage<3>::IndexType index = { { it.GetIndex()[0], it.GetIndex()[1], 0 } };
        ASSERT_EQ(it.Get(), PieceSource<ShortImage<3>>::ValueAt(index));
      }
    }
  }
}

TEST_F(WasmImageIOStreamingTest, FileOfFewerDimensionsGivesOneSlice)
{
  const ShortImage<2>::SizeType size = { { 4, 5 } };
  for (const std::string name : { "f.iwi", "f.iwi.cbor", "f.iwi.cbor.zst" })
  {
    SCOPED_TRACE(name);
    MakeWriter<ShortImage<2>>(MakeSource<ShortImage<2>>(size), this->Path(name), 1)->Update();
    const auto image = Read<ShortImage<4>>(this->Path(name));
    EXPECT_EQ(image->GetBufferedRegion().GetNumberOfPixels(), 20u);
    EXPECT_EQ(image->GetLargestPossibleRegion().GetSize()[3], 1u);
    const auto flat = Read<ShortImage<2>>(this->Path(name));
    EXPECT_EQ(PixelBytes<ShortImage<4>>(image), PixelBytes<ShortImage<2>>(flat));
  }
}

TEST_F(WasmImageIOStreamingTest, RegionOutsideIsAnError)
{
  using ImageType = ShortImage<2>;
  MakeWriter<ImageType>(MakeSource<ImageType>({ { 4, 5 } }), this->Path("x.iwi"), 1)->Update();
  const auto io = WasmImageIO::New();
  io->SetFileName(this->Path("x.iwi"));
  short      buffer[64] = {};
  const auto read = [&](const std::vector<long> & index, const std::vector<unsigned long> & size) {
    io->ReadImageInformation();
    itk::ImageIORegion region(static_cast<unsigned int>(index.size()));
    for (unsigned int i = 0; i < index.size(); ++i)
    {
      region.SetIndex(i, index[i]);
      region.SetSize(i, size[i]);
    }
    io->SetIORegion(region);
    io->Read(buffer);
  };
  EXPECT_ITK_ERROR(read({ -1, 0 }, { 2, 2 }), "x.iwi", "outside");
  EXPECT_ITK_ERROR(read({ 3, 0 }, { 2, 2 }), "x.iwi");
  EXPECT_ITK_ERROR(read({ 0, 5 }, { 1, 1 }), "x.iwi");
  EXPECT_ITK_ERROR(read({ 0, 0, 1 }, { 1, 1, 1 }), "x.iwi", "axis 2");
  EXPECT_ITK_ERROR(read({ 0, 0, 0 }, { 1, 1, 2 }), "x.iwi", "axis 2");
  EXPECT_TRUE(std::all_of(std::begin(buffer), std::end(buffer), [](short s) { return s == 0; }));
  read({ 0, 0 }, { 0, 3 }); // nothing requested
  EXPECT_EQ(buffer[0], 0);
  read({ 3, 4, 0 }, { 1, 1, 1 }); // an axis too many, but of one pixel
  EXPECT_EQ(buffer[0], PieceSource<ImageType>::ValueAt({ { 3, 4 } }));
  read({ 2 }, { 2 }); // an axis too few
  EXPECT_EQ(buffer[1], PieceSource<ImageType>::ValueAt({ { 3, 0 } }));
}

TEST_F(WasmImageIOStreamingTest, AFileReplacedWhileRegionsAreReadStaysTheOldOne)
{
  using ImageType = ShortImage<3>;
  const auto source = MakeSource<ImageType>({ { 8, 8, 8 } });
  for (const std::string name : { "s.iwi", "s.iwi.cbor" })
  {
    SCOPED_TRACE(name);
    source->add = 0;
    source->Modified();
    MakeWriter<ImageType>(source, this->Path(name), 1)->Update();
    const auto reader = itk::ImageFileReader<ImageType>::New();
    reader->SetFileName(this->Path(name));
    reader->UpdateOutputInformation();
    for (int slice = 0; slice < 4; ++slice)
    {
      ImageType::RegionType region = reader->GetOutput()->GetLargestPossibleRegion();
      region.SetIndex(2, slice * 2);
      region.SetSize(2, 2);
      reader->GetOutput()->SetRequestedRegion(region);
      reader->Update();
      ExpectPixels<ImageType>(reader->GetOutput());
      if (slice == 1)
      {
        source->add = 100;
        source->Modified();
        MakeWriter<ImageType>(source, this->Path(name), 1)->Update();
      }
    }
    ExpectPixels<ImageType>(Read<ImageType>(this->Path(name)), 100);
  }
}

TEST_F(WasmImageIOStreamingTest, AFileThatChangedItsSizeIsNotReadIntoTheOldBuffer)
{
  MakeWriter<ShortImage<2>>(MakeSource<ShortImage<2>>({ { 4, 5 } }), this->Path("c.iwi.cbor"), 1)->Update();
  const auto io = WasmImageIO::New();
  io->SetFileName(this->Path("c.iwi.cbor"));
  io->ReadImageInformation();
  std::vector<short> buffer(20);
  io->Read(buffer.data()); // closes the file
  io->Read(buffer.data()); // opens it again
  EXPECT_EQ(buffer[0], PieceSource<ShortImage<2>>::ValueAt({ { 0, 0 } }));
  MakeWriter<ShortImage<2>>(MakeSource<ShortImage<2>>({ { 40, 50 } }), this->Path("c.iwi.cbor"), 1)->Update();
  EXPECT_ITK_ERROR(io->Read(buffer.data()), "c.iwi.cbor", "ReadImageInformation");
}

TEST_F(WasmImageIOStreamingTest, HeaderAndRegionOfTwoTebibytes)
{
  // A sparse file: whoever reads more of it than is asked for will not come back soon.
  constexpr itk::SizeValueType side = itk::SizeValueType{ 1 } << 20;
  WriteBytes(this->Path("h.iwi/index.json"),
             R"({"imageType": {"dimension": 2, "componentType": "int16", "pixelType": "Scalar", "components": 1},)"
             R"("size": [1048576, 1048576], "data": "data:application/vnd.itk.path,data/data.raw"})");
  WriteBytes(this->Path("h.iwi/data/data.raw"), "");
  if (truncate(this->Path("h.iwi/data/data.raw").c_str(), static_cast<off_t>(side * side * 2)) != 0)
  {
    GTEST_SKIP() << "no sparse files of that size in " << m_Folder;
  }
  const auto reader = itk::ImageFileReader<ShortImage<2>>::New();
  reader->SetFileName(this->Path("h.iwi"));
  reader->UpdateOutputInformation();
  ShortImage<2>::RegionType region;
  region.SetSize({ { 7, 5 } });
  region.SetIndex({ { side - 7, side - 5 } });
  reader->GetOutput()->SetRequestedRegion(region);
  reader->Update();
  EXPECT_EQ(reader->GetOutput()->GetBufferedRegion(), region);
  EXPECT_EQ(PixelBytes<ShortImage<2>>(reader->GetOutput()), std::string(70, '\0'));
}

// ---- streamed writing

TEST_F(WasmImageIOStreamingTest, StreamedWriteGivesTheSameFile)
{
  using ImageType = ShortImage<3>;
  const ImageType::SizeType size = { { 17, 9, 13 } };
  for (const std::string suffix : { ".iwi", ".iwi.cbor" })
  {
    for (unsigned int divisions : { 2u, 5u, 13u, 100u })
    {
      SCOPED_TRACE(suffix + " in " + std::to_string(divisions));
      const auto whole = MakeSource<ImageType>(size);
      MakeWriter<ImageType>(whole, this->Path("whole" + suffix), 1)->Update();
      ASSERT_EQ(whole->pieces.size(), 1u);
      const auto pieces = MakeSource<ImageType>(size);
      MakeWriter<ImageType>(pieces, this->Path("pieces" + suffix), divisions)->Update();
      EXPECT_GE(pieces->pieces.size(), std::min(divisions, 5u));
      for (const auto & piece : pieces->pieces)
      {
        EXPECT_LE(piece.GetNumberOfPixels(), 17u * 9 * ((13 + divisions - 1) / divisions));
      }
      const auto contents = this->Contents();
      for (const auto & file : contents)
      {
        if (file.first.compare(0, 5, "whole") == 0)
        {
          const std::string other = "pieces" + file.first.substr(5);
          ASSERT_EQ(contents.count(other), 1u) << other;
          EXPECT_EQ(file.second, contents.at(other)) << other;
        }
      }
      EXPECT_EQ(contents.size(), suffix == ".iwi" ? 10u : 2u); // no temporary files
      itksys::SystemTools::RemoveADirectory(m_Folder);
      itksys::SystemTools::MakeDirectory(m_Folder);
    }
  }
}

TEST_F(WasmImageIOStreamingTest, CompressedFilesAreWrittenInOneGo)
{
  using ImageType = ShortImage<3>;
  const auto source = MakeSource<ImageType>({ { 17, 9, 13 } });
  MakeWriter<ImageType>(source, this->Path("z.iwi.cbor.zst"), 5)->Update();
  EXPECT_EQ(source->pieces.size(), 1u);
  ExpectPixels<ImageType>(Read<ImageType>(this->Path("z.iwi.cbor.zst")));
}

TEST_F(WasmImageIOStreamingTest, ASourceThatCannotStreamIsWrittenWhole)
{
  using ImageType = ShortImage<3>;
  const auto source = MakeSource<ImageType>({ { 17, 9, 13 } });
  source->canStream = false;
  MakeWriter<ImageType>(source, this->Path("w.iwi.cbor"), 5)->Update();
  EXPECT_EQ(source->pieces.size(), 1u);
  ExpectPixels<ImageType>(Read<ImageType>(this->Path("w.iwi.cbor")));
}

TEST_F(WasmImageIOStreamingTest, PipelineFromFileToFileInPieces)
{
  using ImageType = ShortImage<3>;
  MakeWriter<ImageType>(MakeSource<ImageType>({ { 8, 8, 32 } }), this->Path("in.iwi.cbor"), 1)->Update();
  const auto reader = itk::ImageFileReader<ImageType>::New();
  reader->SetFileName(this->Path("in.iwi.cbor"));
  const auto writer = itk::ImageFileWriter<ImageType>::New();
  writer->SetInput(reader->GetOutput());
  writer->SetNumberOfStreamDivisions(8);
  writer->SetFileName(this->Path("out.iwi"));
  writer->Update();
  EXPECT_EQ(reader->GetOutput()->GetBufferedRegion().GetNumberOfPixels(), 8u * 8 * 4);
  ExpectPixels<ImageType>(Read<ImageType>(this->Path("out.iwi")));

  // Onto itself: the old file is read to the end before the new one takes its place.
  writer->SetFileName(this->Path("in.iwi.cbor"));
  writer->Update();
  ExpectPixels<ImageType>(Read<ImageType>(this->Path("in.iwi.cbor")));
}

TEST_F(WasmImageIOStreamingTest, UnfinishedWriteLeavesTheOldFile)
{
  using ImageType = ShortImage<3>;
  for (const std::string name : { "u.iwi", "u.iwi.cbor" })
  {
    for (bool exists : { true, false })
    {
      SCOPED_TRACE(name + (exists ? " over an old one" : " as a new one"));
      const auto source = MakeSource<ImageType>({ { 8, 8, 8 } });
      if (exists)
      {
        MakeWriter<ImageType>(source, this->Path(name), 1)->Update();
      }
      const auto before = this->Contents();
      const auto failing = MakeSource<ImageType>({ { 8, 8, 8 } });
      failing->add = 5;
      failing->failAt = 3;
      auto writer = MakeWriter<ImageType>(failing, this->Path(name), 4);
      EXPECT_ITK_ERROR(writer->Update(), "no more pieces");
      if (exists)
      {
        ExpectPixels<ImageType>(Read<ImageType>(this->Path(name)));
      }
      writer = nullptr;
      EXPECT_EQ(this->Contents(), before);

      // The same writer may try again.
      writer = MakeWriter<ImageType>(failing, this->Path(name), 4);
      failing->failAt = 5;
      failing->Modified();
      failing->pieces.clear();
      writer->Update();
      ExpectPixels<ImageType>(Read<ImageType>(this->Path(name)), 5);
      itksys::SystemTools::RemoveADirectory(m_Folder);
      itksys::SystemTools::MakeDirectory(m_Folder);
    }
  }
}

TEST_F(WasmImageIOStreamingTest, ARetryStartsFromTheBeginning)
{
  using ImageType = ShortImage<3>;
  const auto source = MakeSource<ImageType>({ { 8, 8, 8 } });
  source->failAt = 3;
  const auto writer = MakeWriter<ImageType>(source, this->Path("t.iwi.cbor"), 4);
  EXPECT_ITK_ERROR(writer->Update(), "no more pieces");
  source->failAt = 0;
  source->Modified();
  writer->Update();
  ExpectPixels<ImageType>(Read<ImageType>(this->Path("t.iwi.cbor")));
  EXPECT_EQ(this->Contents().size(), 1u);
}

TEST_F(WasmImageIOStreamingTest, AbortedWriteLeavesTheOldFile)
{
  using ImageType = ShortImage<3>;
  const auto source = MakeSource<ImageType>({ { 8, 8, 8 } });
  MakeWriter<ImageType>(source, this->Path("a.iwi"), 1)->Update();
  const auto before = this->Contents();
  source->add = 3;
  source->Modified();
  source->pieces.clear();
  auto writer = MakeWriter<ImageType>(source, this->Path("a.iwi"), 4);
  // ImageFileWriter ends then as if all were well.
  const auto abort = itk::SimpleMemberCommand<itk::ProcessObject>::New();
  abort->SetCallbackFunction(writer.GetPointer(), &itk::ProcessObject::AbortGenerateDataOn);
  writer->AddObserver(itk::ProgressEvent(), abort);
  writer->Update();
  EXPECT_LT(source->pieces.size(), 4u);
  writer = nullptr;
  EXPECT_EQ(this->Contents(), before);
}

TEST_F(WasmImageIOStreamingTest, PiecesMayComeInAnyOrder)
{
  // Without ImageFileWriter: the class itself notices when the image is complete.
  const auto io = WasmImageIO::New();
  io->SetNumberOfDimensions(2);
  io->SetDimensions(0, 4);
  io->SetDimensions(1, 6);
  io->SetComponentType(itk::IOComponentEnum::USHORT);
  io->SetPixelType(itk::IOPixelEnum::SCALAR);
  io->SetNumberOfComponents(1);
  io->SetFileName(this->Path("p.iwi.cbor"));
  itk::ImageIORegion region(2);
  region.SetSize(0, 4);
  region.SetSize(1, 2);
  for (int row : { 4, 0, 2 })
  {
    EXPECT_FALSE(itksys::SystemTools::FileExists(this->Path("p.iwi.cbor")));
    std::vector<unsigned short> piece(8);
    std::iota(piece.begin(), piece.end(), static_cast<unsigned short>(row * 4));
    region.SetIndex(1, row);
    io->SetIORegion(region);
    io->Write(piece.data());
  }
  const auto image = Read<itk::Image<unsigned short, 2>>(this->Path("p.iwi.cbor"));
  for (unsigned short i = 0; i < 24; ++i)
  {
    EXPECT_EQ(image->GetBufferPointer()[i], i);
  }
  std::ostringstream printed;
  io->Print(printed);
  EXPECT_NE(printed.str().find("OpenForWriting: (none)"), std::string::npos);
}

// ---- pasting

template <typename TImage>
void
Paste(PieceSource<TImage> *      source,
      const std::string &        path,
      const itk::ImageIORegion & region,
      unsigned int               divisions = 1)
{
  const auto writer = MakeWriter<TImage>(source, path, divisions);
  writer->SetIORegion(region);
  writer->Update();
}

TEST_F(WasmImageIOStreamingTest, PastesIntoAnExistingFile)
{
  using ImageType = ShortImage<3>;
  itk::ImageIORegion region(3);
  region.SetIndex({ 2, 1, 3 });
  region.SetSize({ 4, 5, 2 });
  for (const std::string name : { "p.iwi", "p.iwi.cbor" })
  {
    for (unsigned int divisions : { 1u, 2u })
    {
      SCOPED_TRACE(name);
      const auto source = MakeSource<ImageType>({ { 8, 7, 6 } });
      MakeWriter<ImageType>(source, this->Path(name), 1)->Update();
      const auto files = this->Contents().size();
      source->add = 1000;
      source->Modified();
      Paste<ImageType>(source, this->Path(name), region, divisions);
      EXPECT_EQ(this->Contents().size(), files);
      const auto image = Read<ImageType>(this->Path(name));
      for (itk::ImageRegionConstIteratorWithIndex<ImageType> it(image, image->GetBufferedRegion()); !it.IsAtEnd(); ++it)
      {
        const auto & i = it.GetIndex();
        const bool   inside = i[0] >= 2 && i[0] < 6 && i[1] >= 1 && i[1] < 6 && i[2] >= 3 && i[2] < 5;
        ASSERT_EQ(it.Get(), PieceSource<ImageType>::ValueAt(i) + (inside ? 1000 : 0)) << i;
      }
      itksys::SystemTools::RemoveADirectory(m_Folder);
      itksys::SystemTools::MakeDirectory(m_Folder);
    }
  }
}

TEST_F(WasmImageIOStreamingTest, PastesBuildANewFile)
{
  using ImageType = ShortImage<2>;
  for (const std::string name : { "n.iwi", "n.iwi.cbor" })
  {
    SCOPED_TRACE(name);
    const auto         source = MakeSource<ImageType>({ { 700, 900 } }); // more than one block of zeros
    itk::ImageIORegion region(2);
    region.SetSize({ 700, 300 });
    region.SetIndex({ 0, 300 });
    Paste<ImageType>(source, this->Path(name), region);
    auto image = Read<ImageType>(this->Path(name));
    EXPECT_EQ(image->GetPixel({ { 5, 299 } }), 0);
    EXPECT_EQ(image->GetPixel({ { 5, 300 } }), PieceSource<ImageType>::ValueAt({ { 5, 300 } }));
    EXPECT_EQ(image->GetPixel({ { 699, 600 } }), 0);
    region.SetIndex({ 0, 0 });
    Paste<ImageType>(source, this->Path(name), region, 3);
    region.SetIndex({ 0, 600 });
    Paste<ImageType>(source, this->Path(name), region, 2);
    image = Read<ImageType>(this->Path(name));
    ExpectPixels<ImageType>(image);
    ExpectSameGeometry<ImageType>(image, source->GetOutput());
  }
}

TEST_F(WasmImageIOStreamingTest, PasteRefusesAnotherImage)
{
  using ImageType = ShortImage<2>;
  itk::ImageIORegion region(2);
  region.SetSize({ 2, 2 });
  for (const std::string name : { "r.iwi", "r.iwi.cbor" })
  {
    SCOPED_TRACE(name);
    const auto source = MakeSource<ImageType>({ { 4, 5 } });
    MakeWriter<ImageType>(source, this->Path(name), 1)->Update();
    const auto before = this->Contents();

    EXPECT_ITK_ERROR(Paste<ImageType>(MakeSource<ImageType>({ { 4, 6 } }), this->Path(name), region), name, "size");
    using FloatImage = itk::Image<float, 2>;
    EXPECT_ITK_ERROR(Paste<FloatImage>(MakeSource<FloatImage>({ { 4, 5 } }), this->Path(name), region), name);
    using VolumeType = ShortImage<3>;
    itk::ImageIORegion box(3);
    box.SetSize({ 2, 2, 1 });
    EXPECT_ITK_ERROR(Paste<VolumeType>(MakeSource<VolumeType>({ { 4, 5, 2 } }), this->Path(name), box), name);

    const auto            moved = MakeImage<ImageType>();
    ImageType::RegionType largest;
    largest.SetSize({ { 4, 5 } });
    moved->SetLargestPossibleRegion(largest);
    moved->SetBufferedRegion(largest);
    ImageType::PointType elsewhere;
    elsewhere.Fill(3);
    moved->SetOrigin(elsewhere);
    const auto writer = itk::ImageFileWriter<ImageType>::New();
    writer->SetInput(moved);
    writer->SetFileName(this->Path(name));
    writer->SetIORegion(region);
    EXPECT_ITK_ERROR(writer->Update(), name, "origin, spacing or direction");
    EXPECT_EQ(this->Contents(), before);
  }

  const auto source = MakeSource<ImageType>({ { 4, 5 } });
  MakeWriter<ImageType>(source, this->Path("r.iwi.cbor.zst"), 1)->Update();
  EXPECT_ITK_ERROR(Paste<ImageType>(source, this->Path("r.iwi.cbor.zst"), region), "Pasting is not supported");
  WriteBytes(this->Path("broken.iwi.cbor"), "no CBOR");
  EXPECT_ITK_ERROR(Paste<ImageType>(source, this->Path("broken.iwi.cbor"), region), "broken.iwi.cbor");
  EXPECT_EQ(ReadBytes(this->Path("broken.iwi.cbor")), "no CBOR");
}

} // namespace
