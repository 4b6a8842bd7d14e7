/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

// Whole images: every type, dimension and form through WasmImageIO itself, then through ITK's reader and writer.

#include "itkWasmImageIOTestUtilities.h"

#include "itkImageIOFactory.h"
#include "itkVectorImage.h"
#include "itkVersion.h"

#include <complex>

namespace itk
{
void
WasmImageIOFactoryRegister__Private();
}

namespace
{

using itk::IOComponentEnum;
using itk::IOPixelEnum;
using itk::WasmImageIO;

class WasmImageIOTest : public WasmImageTest
{};

/** What ImageIOBase says of an image, and the image's bytes. */
struct Stored
{
  IOComponentEnum            componentType;
  IOPixelEnum                pixelType;
  unsigned int               components;
  std::vector<unsigned long> size;
  std::string                bytes;
};

unsigned int
ComponentsOf(IOPixelEnum pixelType, unsigned int dimension)
{
  switch (pixelType)
  {
    case IOPixelEnum::UNKNOWNPIXELTYPE:
    case IOPixelEnum::SCALAR:
      return 1;
    case IOPixelEnum::COMPLEX:
      return 2;
    case IOPixelEnum::RGB:
      return 3;
    case IOPixelEnum::RGBA:
      return 4;
    case IOPixelEnum::SYMMETRICSECONDRANKTENSOR:
      return dimension * (dimension + 1) / 2;
    case IOPixelEnum::DIFFUSIONTENSOR3D:
      return 6;
    case IOPixelEnum::MATRIX:
      return dimension * dimension;
    case IOPixelEnum::VARIABLELENGTHVECTOR:
    case IOPixelEnum::VARIABLESIZEMATRIX:
    case IOPixelEnum::ARRAY:
      return 7;
    default: // Offset, Vector, Point, CovariantVector, FixedArray
      return dimension;
  }
}

void
Describe(WasmImageIO & io, const Stored & image)
{
  const auto dimension = static_cast<unsigned int>(image.size.size());
  io.SetNumberOfDimensions(dimension);
  io.SetComponentType(image.componentType);
  io.SetPixelType(image.pixelType);
  io.SetNumberOfComponents(image.components);
  itk::ImageIORegion region(dimension);
  for (unsigned int i = 0; i < dimension; ++i)
  {
    io.SetDimensions(i, image.size[i]);
    io.SetOrigin(i, OriginOf(i));
    io.SetSpacing(i, SpacingOf(i));
    io.SetDirection(i, DirectionAxis(dimension, i));
    region.SetSize(i, image.size[i]);
  }
  io.SetIORegion(region);
}

/** One image with the given types: odd sizes, bytes that all differ from their neighbours. */
Stored
MakeStored(IOComponentEnum componentType, IOPixelEnum pixelType, unsigned int dimension, unsigned int componentSize)
{
  Stored              image{ componentType, pixelType, ComponentsOf(pixelType, dimension), {}, {} };
  size_t              bytes = size_t{ image.components } * componentSize;
  const unsigned long sizes[] = { 5, 3, 2, 1, 3, 2 };
  for (unsigned int i = 0; i < dimension; ++i)
  {
    image.size.push_back(sizes[i]);
    bytes *= sizes[i];
  }
  image.bytes.resize(bytes);
  for (size_t i = 0; i < bytes; ++i)
  {
    image.bytes[i] = static_cast<char>((i * 151 + 7) % 256);
  }
  return image;
}

const std::pair<IOComponentEnum, unsigned int> componentTypes[] = {
  { IOComponentEnum::CHAR, 1 },     { IOComponentEnum::UCHAR, 1 },     { IOComponentEnum::SHORT, 2 },
  { IOComponentEnum::USHORT, 2 },   { IOComponentEnum::INT, 4 },       { IOComponentEnum::UINT, 4 },
  { IOComponentEnum::LONGLONG, 8 }, { IOComponentEnum::ULONGLONG, 8 }, { IOComponentEnum::FLOAT, 4 },
  { IOComponentEnum::DOUBLE, 8 }
};

class WasmImageIOAllTypes : public WasmImageIOTest,
                            public testing::WithParamInterface<std::tuple<const char *, unsigned int>>
{};

TEST_P(WasmImageIOAllTypes, ComeBackAsTheyWere)
{
  const std::string  suffix = std::get<0>(GetParam());
  const unsigned int dimension = std::get<1>(GetParam());
  for (const auto & component : componentTypes)
  {
    for (int p = 0; p <= static_cast<int>(IOPixelEnum::VARIABLESIZEMATRIX); ++p)
    {
      const Stored      image = MakeStored(component.first, static_cast<IOPixelEnum>(p), dimension, component.second);
      const std::string path =
        this->Path(std::to_string(static_cast<int>(component.first)) + "-" + std::to_string(p) + suffix);
      SCOPED_TRACE(path);

      const auto writing = WasmImageIO::New();
      Describe(*writing, image);
      writing->SetFileName(path);
      writing->Write(image.bytes.data());

      const auto reading = WasmImageIO::New();
      ASSERT_TRUE(reading->CanReadFile(path.c_str()));
      reading->SetFileName(path);
      reading->ReadImageInformation();
      EXPECT_EQ(reading->GetComponentType(), image.componentType);
      EXPECT_EQ(reading->GetPixelType(), image.pixelType);
      EXPECT_EQ(reading->GetNumberOfComponents(), image.components);
      EXPECT_EQ(reading->GetComponentSize(), component.second);
      ASSERT_EQ(reading->GetNumberOfDimensions(), dimension);
      for (unsigned int i = 0; i < dimension; ++i)
      {
        EXPECT_EQ(reading->GetDimensions(i), image.size[i]);
        EXPECT_EQ(reading->GetOrigin(i), OriginOf(i));
        EXPECT_EQ(reading->GetSpacing(i), SpacingOf(i));
        EXPECT_EQ(reading->GetDirection(i), DirectionAxis(dimension, i));
      }
      ASSERT_EQ(static_cast<size_t>(reading->GetImageSizeInBytes()), image.bytes.size());
      std::string bytes(image.bytes.size(), '\0');
      reading->Read(&bytes[0]);
      EXPECT_EQ(bytes, image.bytes);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(,
                         WasmImageIOAllTypes,
                         testing::Combine(testing::Values(".iwi", ".iwi.cbor", ".iwi.cbor.zst"),
                                          testing::Range(1u, 7u)),
                         [](const testing::TestParamInfo<std::tuple<const char *, unsigned int>> & info) {
                           std::string name = std::get<0>(info.param);
                           std::replace(name.begin(), name.end(), '.', '_');
                           return "D" + std::to_string(std::get<1>(info.param)) + name;
                         });

// ---- through ImageFileReader and ImageFileWriter, which find the class by the factory

template <typename TImage>
class WasmImageIOFileTest : public WasmImageTest
{};

// VectorImage has no pixel type of its own: see below.
using ImageTypes = testing::Types<itk::Image<signed char, 2>,
                                  itk::Image<unsigned char, 3>,
                                  itk::Image<short, 1>,
                                  itk::Image<short, 3>,
                                  itk::Image<unsigned short, 2>,
                                  itk::Image<int, 4>,
                                  itk::Image<unsigned int, 2>,
                                  itk::Image<long, 3>,
                                  itk::Image<unsigned long, 3>,
                                  itk::Image<long long, 2>,
                                  itk::Image<unsigned long long, 2>,
                                  itk::Image<float, 5>,
                                  itk::Image<float, 6>,
                                  itk::Image<double, 3>,
                                  itk::Image<std::complex<float>, 3>,
                                  itk::Image<std::complex<double>, 2>,
                                  itk::Image<itk::RGBPixel<unsigned char>, 2>,
                                  itk::Image<itk::RGBAPixel<unsigned short>, 3>,
                                  itk::Image<itk::Vector<float, 3>, 3>,
                                  itk::Image<itk::Vector<double, 2>, 4>,
                                  itk::Image<itk::CovariantVector<double, 3>, 3>,
                                  itk::Image<itk::Point<float, 2>, 2>,
                                  itk::Image<itk::FixedArray<short, 5>, 2>,
                                  itk::Image<itk::SymmetricSecondRankTensor<double, 3>, 3>,
                                  itk::Image<itk::SymmetricSecondRankTensor<float, 2>, 2>,
                                  itk::Image<itk::DiffusionTensor3D<float>, 3>,
                                  itk::Image<itk::Matrix<double, 3, 3>, 2>,
                                  itk::Image<itk::Offset<3>, 3>>;
TYPED_TEST_SUITE(WasmImageIOFileTest, ImageTypes);

TYPED_TEST(WasmImageIOFileTest, RoundTrip)
{
  const auto image = MakeImage<TypeParam>();
  for (const std::string name : { "a.iwi", "a.iwi.cbor", "a.iwi.cbor.zst" })
  {
    SCOPED_TRACE(name);
    Write<TypeParam>(image, this->Path(name));
    const auto back = Read<TypeParam>(this->Path(name));
    ExpectSameGeometry<TypeParam>(image, back);
    EXPECT_EQ(PixelBytes<TypeParam>(image), PixelBytes<TypeParam>(back));
  }
}

TEST_F(WasmImageIOTest, VectorImage)
{
  using ImageType = itk::VectorImage<float, 3>;
  ImageType::SizeType size;
  size.Fill(4);
  const auto image = ImageType::New();
  image->SetRegions(size);
  image->SetVectorLength(9);
  image->Allocate();
  for (size_t i = 0; i < image->GetPixelContainer()->Size(); ++i)
  {
    image->GetBufferPointer()[i] = static_cast<float>(i) / 3;
  }
  for (const std::string name : { "v.iwi", "v.iwi.cbor", "v.iwi.cbor.zst" })
  {
    Write<ImageType>(image, this->Path(name));
    const auto back = Read<ImageType>(this->Path(name));
    ASSERT_EQ(back->GetVectorLength(), 9u);
    EXPECT_TRUE(std::equal(image->GetBufferPointer(),
                           image->GetBufferPointer() + image->GetPixelContainer()->Size(),
                           back->GetBufferPointer()));
  }
  const auto io = WasmImageIO::New();
  io->SetFileName(this->Path("v.iwi"));
  io->ReadImageInformation();
  EXPECT_EQ(io->GetPixelType(), IOPixelEnum::VARIABLELENGTHVECTOR);
}

TEST_F(WasmImageIOTest, LongIsNamedByItsSize)
{
  using ImageType = itk::Image<long, 2>;
  Write<ImageType>(MakeImage<ImageType>(), this->Path("l.iwi"));
  const std::string expected = sizeof(long) == 8 ? "int64" : "int32";
  EXPECT_NE(ReadBytes(this->Path("l.iwi/index.json")).find('"' + expected + '"'), std::string::npos);
}

TEST_F(WasmImageIOTest, PixelsAreConvertedLikeFromAnyOtherFile)
{
  using ImageType = itk::Image<short, 3>;
  using DoubleType = itk::Image<double, 3>;
  const auto image = MakeImage<ImageType>();
  Write<ImageType>(image, this->Path("s.iwi.cbor"));
  const auto back = Read<DoubleType>(this->Path("s.iwi.cbor"));
  for (itk::SizeValueType i = 0; i < image->GetLargestPossibleRegion().GetNumberOfPixels(); ++i)
  {
    ASSERT_EQ(back->GetBufferPointer()[i], image->GetBufferPointer()[i]);
  }
}

TEST_F(WasmImageIOTest, DirectoryHoldsTheFormatsFiles)
{
  using ImageType = itk::Image<short, 2>;
  const auto image = MakeImage<ImageType>();
  Write<ImageType>(image, this->Path("d.iwi"));
  const auto contents = this->Contents();
  ASSERT_EQ(contents.size(), 5u);
  EXPECT_EQ(contents.count("d.iwi/index.json"), 1u);
  EXPECT_EQ(contents.at("d.iwi/data/data.raw"), PixelBytes<ImageType>(image));
  // Axis by axis: the cosines of x, then those of y.
  double direction[4];
  ASSERT_EQ(contents.at("d.iwi/data/direction.raw").size(), sizeof(direction));
  std::memcpy(direction, contents.at("d.iwi/data/direction.raw").data(), sizeof(direction));
  EXPECT_EQ(direction[0], image->GetDirection()[0][0]);
  EXPECT_EQ(direction[1], image->GetDirection()[1][0]);
  EXPECT_EQ(direction[2], image->GetDirection()[0][1]);
  EXPECT_EQ(direction[3], image->GetDirection()[1][1]);
  EXPECT_NE(direction[1], direction[2]);
}

TEST_F(WasmImageIOTest, SameImageGivesTheSameBytes)
{
  using ImageType = itk::Image<float, 3>;
  const auto image = MakeImage<ImageType>();
  for (const std::string suffix : { ".iwi.cbor", ".iwi.cbor.zst" })
  {
    Write<ImageType>(image, this->Path("one" + suffix));
    Write<ImageType>(image, this->Path("two" + suffix));
    EXPECT_EQ(ReadBytes(this->Path("one" + suffix)), ReadBytes(this->Path("two" + suffix)));
  }
}

TEST_F(WasmImageIOTest, StartIndexIsFoldedIntoTheOrigin)
{
  using ImageType = itk::Image<unsigned char, 2>;
  const auto           image = ImageType::New();
  ImageType::IndexType index = { { -2, 5 } };
  ImageType::SizeType  size = { { 3, 4 } };
  const double         origin[] = { 10, 20 };
  const double         spacing[] = { 2, 3 };
  image->SetRegions(ImageType::RegionType(index, size));
  image->SetOrigin(origin);
  image->SetSpacing(spacing);
  image->Allocate();
  image->FillBuffer(9);
  for (const std::string name : { "i.iwi", "i.iwi.cbor" })
  {
    Write<ImageType>(image, this->Path(name));
    const auto back = Read<ImageType>(this->Path(name));
    EXPECT_EQ(back->GetOrigin()[0], 6);
    EXPECT_EQ(back->GetOrigin()[1], 35);
    EXPECT_EQ(back->GetLargestPossibleRegion(), ImageType::RegionType(size));
  }
}

TEST_F(WasmImageIOTest, OverwritesWithAnotherTypeAndSize)
{
  using FirstType = itk::Image<double, 3>;
  using SecondType = itk::Image<unsigned char, 2>;
  for (const std::string name : { "o.iwi", "o.iwi.cbor", "o.iwi.cbor.zst" })
  {
    SCOPED_TRACE(name);
    Write<FirstType>(MakeImage<FirstType>(), this->Path(name));
    const auto image = MakeImage<SecondType>();
    Write<SecondType>(image, this->Path(name));
    EXPECT_EQ(PixelBytes<SecondType>(Read<SecondType>(this->Path(name))), PixelBytes<SecondType>(image));
  }
}

TEST_F(WasmImageIOTest, TrailingSlash)
{
  using ImageType = itk::Image<short, 2>;
  const auto image = MakeImage<ImageType>();
  Write<ImageType>(image, this->Path("t.iwi/"));
  EXPECT_EQ(PixelBytes<ImageType>(Read<ImageType>(this->Path("t.iwi/"))), PixelBytes<ImageType>(image));
  EXPECT_EQ(PixelBytes<ImageType>(Read<ImageType>(this->Path("t.iwi"))), PixelBytes<ImageType>(image));
  EXPECT_EQ(this->Contents().count("t.iwi/index.json"), 1u);
}

TEST_F(WasmImageIOTest, ReaderServesManyFilesAndTheirSuccessors)
{
  using ImageType = itk::Image<short, 2>;
  const auto reader = itk::ImageFileReader<ImageType>::New();
  reader->SetImageIO(WasmImageIO::New());
  for (short value : { 1, 2, 3 })
  {
    const auto image = MakeImage<ImageType>();
    image->FillBuffer(value);
    for (const std::string name : { "a.iwi.cbor", "b.iwi" })
    {
      Write<ImageType>(image, this->Path(name));
      reader->SetFileName(this->Path(name));
      reader->Modified();
      reader->Update();
      EXPECT_EQ(reader->GetOutput()->GetBufferPointer()[0], value);
    }
  }
}

TEST_F(WasmImageIOTest, CompressionLevel)
{
  using ImageType = itk::Image<short, 3>;
  ImageType::SizeType size;
  size.Fill(64);
  const auto image = ImageType::New();
  image->SetRegions(size);
  image->Allocate();
  for (size_t i = 0; i < image->GetPixelContainer()->Size(); ++i)
  {
    image->GetBufferPointer()[i] = static_cast<short>((i * i) % 1021 + i % 17);
  }
  const auto writer = itk::ImageFileWriter<ImageType>::New();
  writer->SetInput(image);
  std::map<int, size_t> sizes;
  for (int level : { 1, 19, -1 })
  {
    writer->SetCompressionLevel(level); // -1 leaves it to the ImageIO
    writer->SetImageIO(WasmImageIO::New());
    writer->SetFileName(this->Path("c" + std::to_string(level) + ".iwi.cbor.zst"));
    writer->Update();
    sizes[level] = ReadBytes(writer->GetFileName()).size();
    EXPECT_EQ(PixelBytes<ImageType>(Read<ImageType>(writer->GetFileName())), PixelBytes<ImageType>(image));
  }
  EXPECT_LT(sizes[19], sizes[1]);

  const auto io = WasmImageIO::New();
  EXPECT_EQ(io->GetCompressionLevel(), 3);
  io->SetCompressionLevel(99);
  EXPECT_EQ(io->GetCompressionLevel(), 22);
}

TEST_F(WasmImageIOTest, KnowsItsFilesBySuffixAndKind)
{
  const auto io = WasmImageIO::New();
  for (const char * name : { "x.iwi", "x.iwi/", "x.iwi.cbor", "x.iwi.cbor.zst", "/a/b.c/x.iwi.cbor" })
  {
    EXPECT_TRUE(io->CanWriteFile(name)) << name;
    EXPECT_FALSE(io->CanReadFile(name)) << name; // does not exist
  }
  for (const char * name :
       { "", "iwi", "x.iwi.zst", "x.iwi.cbor.bak", "x.cbor", "x.iwm", "x.iwm.cbor", "x.iwt.cbor.zst", "x.iwi/y.png" })
  {
    EXPECT_FALSE(io->CanWriteFile(name)) << name;
    EXPECT_FALSE(io->CanReadFile(name)) << name;
  }
  EXPECT_FALSE(io->CanWriteFile(nullptr));
  EXPECT_FALSE(io->CanReadFile(nullptr));

  // A directory that should be a file and the other way round.
  itksys::SystemTools::MakeDirectory(this->Path("d.iwi.cbor"));
  EXPECT_FALSE(io->CanReadFile(this->Path("d.iwi.cbor").c_str()));
  WriteBytes(this->Path("f.iwi"), "{}");
  EXPECT_FALSE(io->CanReadFile(this->Path("f.iwi").c_str()));
  itksys::SystemTools::MakeDirectory(this->Path("d.iwi"));
  EXPECT_TRUE(io->CanReadFile(this->Path("d.iwi").c_str()));
  WriteBytes(this->Path("f.iwi.cbor"), "");
  EXPECT_TRUE(io->CanReadFile(this->Path("f.iwi.cbor").c_str()));
}

TEST_F(WasmImageIOTest, FactoryFindsIt)
{
  using ImageType = itk::Image<short, 2>;
  Write<ImageType>(MakeImage<ImageType>(), this->Path("f.iwi"));
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const auto reading =
    itk::ImageIOFactory::CreateImageIO(this->Path("f.iwi").c_str(), itk::ImageIOFactory::IOFileModeEnum::ReadMode);
  const auto writing =
    itk::ImageIOFactory::CreateImageIO("new.iwi.cbor", itk::ImageIOFactory::IOFileModeEnum::WriteMode);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_TRUE(reading.IsNotNull());
  EXPECT_STREQ(reading->GetNameOfClass(), "WasmImageIO");
  ASSERT_TRUE(writing.IsNotNull());
  EXPECT_STREQ(writing->GetNameOfClass(), "WasmImageIO");
  EXPECT_TRUE(
    itk::ImageIOFactory::CreateImageIO("new.png.bak", itk::ImageIOFactory::IOFileModeEnum::WriteMode).IsNull());

  const auto factory = itk::WasmImageIOFactory::New();
  EXPECT_STREQ(factory->GetITKSourceVersion(), ITK_SOURCE_VERSION);
  EXPECT_STRNE(factory->GetDescription(), "");
}

TEST_F(WasmImageIOTest, FactoryManagersRegisterItOnce)
{
  const size_t before = itk::ObjectFactoryBase::GetRegisteredFactories().size();
  itk::WasmImageIOFactoryRegister__Private();
  itk::WasmImageIOFactoryRegister__Private();
  EXPECT_LE(itk::ObjectFactoryBase::GetRegisteredFactories().size(), before + 1);
}

TEST_F(WasmImageIOTest, SupportedExtensionsAndDimensions)
{
  const auto                                    io = WasmImageIO::New();
  const itk::ImageIOBase::ArrayOfExtensionsType expected = { ".iwi", ".iwi.cbor", ".iwi.cbor.zst" };
  EXPECT_EQ(io->GetSupportedReadExtensions(), expected);
  EXPECT_EQ(io->GetSupportedWriteExtensions(), expected);
  EXPECT_FALSE(io->SupportsDimension(0));
  EXPECT_TRUE(io->SupportsDimension(1));
  EXPECT_TRUE(io->SupportsDimension(16));
  EXPECT_FALSE(io->SupportsDimension(17));
}

TEST_F(WasmImageIOTest, PrintsItself)
{
  using ImageType = itk::Image<short, 2>;
  Write<ImageType>(MakeImage<ImageType>(), this->Path("p.iwi.cbor"));
  const auto io = WasmImageIO::New();
  io->SetFileName(this->Path("p.iwi.cbor"));
  std::ostringstream closed;
  io->Print(closed);
  EXPECT_NE(closed.str().find("OpenForReading: (none)"), std::string::npos) << closed.str();
  io->ReadImageInformation();
  std::ostringstream open;
  io->Print(open);
  EXPECT_NE(open.str().find("OpenForReading: " + this->Path("p.iwi.cbor")), std::string::npos) << open.str();
}

} // namespace
