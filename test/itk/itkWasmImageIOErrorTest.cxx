/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

// What goes wrong, and what the exception says: the class, the file, the place, expected and found.

#include "itkWasmImageIOTestUtilities.h"

#include <csignal>
#include <limits>
#include <sys/resource.h>

namespace
{

using itk::WasmImageIO;
using ImageType = itk::Image<short, 2>;

// Just enough CBOR to write wrong files with.

std::string
Head(int major, uint64_t value)
{
  std::string bytes(1, static_cast<char>(major << 5 | 27));
  for (int shift = 56; shift >= 0; shift -= 8)
  {
    bytes += static_cast<char>(value >> shift & 0xff);
  }
  return bytes;
}

std::string
Text(const std::string & text)
{
  return Head(3, text.size()) + text;
}

std::string
Number(uint64_t value)
{
  return Head(0, value);
}

std::string
Map(const std::vector<std::pair<std::string, std::string>> & members)
{
  std::string bytes = Head(5, members.size());
  for (const auto & member : members)
  {
    bytes += Text(member.first) + member.second;
  }
  return bytes;
}

std::string
List(const std::vector<std::string> & items)
{
  std::string bytes = Head(4, items.size());
  for (const auto & item : items)
  {
    bytes += item;
  }
  return bytes;
}

std::string
Bytes(uint64_t tag, const std::string & bytes)
{
  return Head(6, tag) + Head(2, bytes.size()) + bytes;
}

/** A 3 x 2 image of int16, as a list of members that a test may spoil. */
std::map<std::string, std::string>
Members()
{
  return { { "imageType",
             Map({ { "dimension", Number(2) },
                   { "componentType", Text("int16") },
                   { "pixelType", Text("Scalar") },
                   { "components", Number(1) } }) },
           { "size", List({ Number(3), Number(2) }) },
           { "data", Bytes(77, std::string(12, 'x')) } };
}

std::string
ToCbor(const std::map<std::string, std::string> & members)
{
  return Map({ members.begin(), members.end() });
}

class WasmImageIOErrorTest : public WasmImageTest
{
protected:
  /** Reads the CBOR image made of the members: the good ones with one replaced, or left out if empty. */
  void
  ReadSpoiled(const std::string & key, const std::string & value)
  {
    auto members = Members();
    members[key] = value;
    if (value.empty())
    {
      members.erase(key);
    }
    WriteBytes(this->Path("spoiled.iwi.cbor"), ToCbor(members));
    Read<ImageType>(this->Path("spoiled.iwi.cbor"));
  }

  /** Reads a directory with the given index.json text and the raw files of a 3 x 2 image of int16. */
  void
  ReadJson(const std::string & json)
  {
    WriteBytes(this->Path("spoiled.iwi/index.json"), json);
    WriteBytes(this->Path("spoiled.iwi/data/data.raw"), std::string(12, 'x'));
    Read<ImageType>(this->Path("spoiled.iwi"));
  }

  static std::string
  Json(const std::string & type = "int16",
       const std::string & uri = "data:application/vnd.itk.path,data/data.raw",
       const std::string & origin = "[0, 0]")
  {
    return "{\"imageType\": {\"dimension\": 2, \"componentType\": \"" + type +
           "\", \"pixelType\": \"Scalar\", \"components\": 1}, \"origin\": " + origin +
           ", \"spacing\": [1, 1], \"size\": [3, 2], \"data\": \"" + uri + "\"}";
  }
};

TEST_F(WasmImageIOErrorTest, TheUnspoiledFilesAreGood)
{
  EXPECT_NO_THROW(this->ReadSpoiled("metadata", Map({})));
  EXPECT_NO_THROW(this->ReadJson(Json()));
}

TEST_F(WasmImageIOErrorTest, MissingFile)
{
  // ImageFileReader asks the factories, which all decline.
  EXPECT_ITK_ERROR(Read<ImageType>(this->Path("no.iwi.cbor")), "no.iwi.cbor", "exist");
  EXPECT_ITK_ERROR(Read<ImageType>(this->Path("no.iwi")), "no.iwi", "exist");
  for (const std::string name : { "no.iwi", "no.iwi.cbor", "no.iwi.cbor.zst" })
  {
    const auto io = WasmImageIO::New();
    io->SetFileName(this->Path(name));
    EXPECT_ITK_ERROR(io->ReadImageInformation(), "WasmImageIO", this->Path(name), "No such file");
  }
}

TEST_F(WasmImageIOErrorTest, ReadWithoutInformation)
{
  Write<ImageType>(MakeImage<ImageType>(), this->Path("a.iwi.cbor"));
  const auto io = WasmImageIO::New();
  char       buffer[1];
  io->SetFileName(this->Path("a.iwi.cbor"));
  itk::ImageIORegion region(2);
  region.SetSize({ 6, 5 });
  io->SetIORegion(region);
  EXPECT_ITK_ERROR(io->Read(buffer), "a.iwi.cbor");
  io->SetFileName("");
  EXPECT_ITK_ERROR(io->ReadImageInformation(), "WasmImageIO");
}

TEST_F(WasmImageIOErrorTest, AnotherFamilysSuffix)
{
  const auto io = WasmImageIO::New();
  WriteBytes(this->Path("m.iwm.cbor"), ToCbor(Members()));
  io->SetFileName(this->Path("m.iwm.cbor"));
  EXPECT_ITK_ERROR(io->ReadImageInformation(), "m.iwm.cbor");
  io->SetFileName(this->Path("a.png"));
  EXPECT_ITK_ERROR(io->ReadImageInformation(), "a.png");
}

TEST_F(WasmImageIOErrorTest, DirectoryWithoutIndex)
{
  itksys::SystemTools::MakeDirectory(this->Path("empty.iwi/data"));
  EXPECT_ITK_ERROR(Read<ImageType>(this->Path("empty.iwi")), "WasmImageIO", "empty.iwi", "index.json");
}

TEST_F(WasmImageIOErrorTest, RawFilesOfTheWrongLength)
{
  WriteBytes(this->Path("w.iwi/index.json"), Json());
  EXPECT_ITK_ERROR(Read<ImageType>(this->Path("w.iwi")), "w.iwi", "data.raw");
  for (size_t bytes : { size_t{ 0 }, size_t{ 11 }, size_t{ 13 } })
  {
    WriteBytes(this->Path("w.iwi/data/data.raw"), std::string(bytes, 'x'));
    EXPECT_ITK_ERROR(Read<ImageType>(this->Path("w.iwi")), "w.iwi", "data", "12", std::to_string(bytes));
  }
}

TEST_F(WasmImageIOErrorTest, UrisThatLeaveTheDirectory)
{
  WriteBytes(this->Path("outside.raw"), std::string(12, 's'));
  const std::string prefix = "data:application/vnd.itk.path,";
  EXPECT_ITK_ERROR(
    this->ReadJson(Json("int16", prefix + "../outside.raw")), "spoiled.iwi", "inside", "'..' in \"../outside.raw\"");
  EXPECT_ITK_ERROR(this->ReadJson(Json("int16", prefix + "data/../../outside.raw")), "spoiled.iwi", "inside", "'..'");
  EXPECT_ITK_ERROR(
    this->ReadJson(Json("int16", prefix + this->Path("outside.raw"))), "spoiled.iwi", "inside", "absolute");
  EXPECT_ITK_ERROR(
    this->ReadJson(Json("int16", "data:application/vnd.itk.address,0:12345")), "spoiled.iwi", "'data'", "URI");
}

TEST_F(WasmImageIOErrorTest, WrongJson)
{
  EXPECT_ITK_ERROR(this->ReadJson(""), "spoiled.iwi");
  EXPECT_ITK_ERROR(this->ReadJson("{\"imageType\": "), "spoiled.iwi");
  EXPECT_ITK_ERROR(this->ReadJson("[]"), "spoiled.iwi");
  EXPECT_ITK_ERROR(this->ReadJson(Json("int17")), "spoiled.iwi", "imageType.componentType", "int17");
  EXPECT_ITK_ERROR(
    this->ReadJson(Json("int16", "data:application/vnd.itk.path,data/data.raw", "[0, null]")), "spoiled.iwi", "origin");
  EXPECT_ITK_ERROR(
    this->ReadJson(Json("int16", "data:application/vnd.itk.path,data/data.raw", "[0, 0, 0]")), "spoiled.iwi", "origin");
}

TEST_F(WasmImageIOErrorTest, GeometryThatItkCannotInvert)
{
  // VNL would abort, never end, or print.
  std::string json = Json();
  json.replace(json.find("[1, 1]"), 6, "[1, 1e200]");
  EXPECT_ITK_ERROR(this->ReadJson(json), "spoiled.iwi", "the spacing has an extreme value");
}

TEST_F(WasmImageIOErrorTest, WrongCbor)
{
  EXPECT_ITK_ERROR(this->ReadSpoiled("data", ""), "spoiled.iwi.cbor", "data");
  EXPECT_ITK_ERROR(this->ReadSpoiled("size", ""), "spoiled.iwi.cbor", "size");
  EXPECT_ITK_ERROR(this->ReadSpoiled("data", Bytes(77, std::string(10, 'x'))), "spoiled.iwi.cbor", "data", "12", "10");
  EXPECT_ITK_ERROR(this->ReadSpoiled("data", Bytes(77, std::string(14, 'x'))), "spoiled.iwi.cbor", "data", "12", "14");
  EXPECT_ITK_ERROR(this->ReadSpoiled("size", List({ Number(3), Number(0) })), "spoiled.iwi.cbor", "size");
  EXPECT_ITK_ERROR(this->ReadSpoiled("size", List({ Number(3) })), "spoiled.iwi.cbor", "size");
  EXPECT_ITK_ERROR(
    this->ReadSpoiled("size", List({ Number(uint64_t{ 1 } << 63), Number(4) })), "spoiled.iwi.cbor", "size");
  EXPECT_ITK_ERROR(this->ReadSpoiled("size", List({ Text("3"), Number(2) })), "spoiled.iwi.cbor", "size");
  EXPECT_ITK_ERROR(this->ReadSpoiled("imageType",
                                     Map({ { "dimension", Number(2) },
                                           { "componentType", Text("bfloat16") },
                                           { "pixelType", Text("Scalar") },
                                           { "components", Number(1) } })),
                   "spoiled.iwi.cbor",
                   "imageType.componentType",
                   "bfloat16");
  EXPECT_ITK_ERROR(
    this->ReadSpoiled("imageType", Map({ { "dimension", Number(1000000) } })), "spoiled.iwi.cbor", "dimension");
}

TEST_F(WasmImageIOErrorTest, EveryPrefixOfAFile)
{
  Write<ImageType>(MakeImage<ImageType>(), this->Path("good.iwi.cbor"));
  Write<ImageType>(MakeImage<ImageType>(), this->Path("good.iwi.cbor.zst"));
  for (const std::string suffix : { ".iwi.cbor", ".iwi.cbor.zst" })
  {
    const std::string bytes = ReadBytes(this->Path("good" + suffix));
    for (size_t length = 0; length < bytes.size(); ++length)
    {
      WriteBytes(this->Path("cut" + suffix), bytes.substr(0, length));
      EXPECT_THROW(Read<ImageType>(this->Path("cut" + suffix)), itk::ExceptionObject) << suffix << ' ' << length;
    }
  }
}

// ---- writing

TEST_F(WasmImageIOErrorTest, WriteIntoAMissingFolder)
{
  const auto image = MakeImage<ImageType>();
  for (const std::string name : { "no/x.iwi.cbor", "no/x.iwi.cbor.zst", "no/x.iwi" })
  {
    EXPECT_ITK_ERROR(Write<ImageType>(image, this->Path(name)), "WasmImageIO", this->Path(name), "No such file");
  }
  EXPECT_TRUE(this->Contents().empty());
}

TEST_F(WasmImageIOErrorTest, WriteWhereSomethingElseIs)
{
  const auto image = MakeImage<ImageType>();
  WriteBytes(this->Path("f.iwi"), "a file");
  WriteBytes(this->Path("d.iwi.cbor/inner"), "a directory");
  const auto before = this->Contents();
  EXPECT_ITK_ERROR(Write<ImageType>(image, this->Path("f.iwi")), "f.iwi");
  EXPECT_ITK_ERROR(Write<ImageType>(image, this->Path("d.iwi.cbor")), "d.iwi.cbor");
  EXPECT_EQ(this->Contents(), before);
}

/** While it lives, files cannot grow beyond some bytes, as if the disk were full. */
class FileSizeLimit
{
public:
  explicit FileSizeLimit(rlim_t bytes)
    : m_Handler(std::signal(SIGXFSZ, SIG_IGN))
  {
    getrlimit(RLIMIT_FSIZE, &m_Before);
    rlimit limit = m_Before;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit()
  {
    setrlimit(RLIMIT_FSIZE, &m_Before);
    std::signal(SIGXFSZ, m_Handler);
  }

private:
  rlimit m_Before{};
  void (*m_Handler)(int);
};

TEST_F(WasmImageIOErrorTest, WriteToAFullDisk)
{
  const auto          image = ImageType::New();
  ImageType::SizeType size = { { 1000, 1000 } };
  image->SetRegions(size);
  image->Allocate();
  for (itk::SizeValueType i = 0; i < size[0] * size[1]; ++i)
  {
    image->GetBufferPointer()[i] = static_cast<short>(i * i * 31 + i / 7); // does not compress to nothing
  }
  for (const std::string name : { "full.iwi", "full.iwi.cbor", "full.iwi.cbor.zst" })
  {
    SCOPED_TRACE(name);
    Write<ImageType>(MakeImage<ImageType>(), this->Path(name));
    const auto before = this->Contents();
    {
      const FileSizeLimit limit(50000);
      EXPECT_ITK_ERROR(Write<ImageType>(image, this->Path(name)), "WasmImageIO", name, "large");
    }
    EXPECT_EQ(this->Contents(), before);
  }
}

TEST_F(WasmImageIOErrorTest, WriteGeometryThatTheFormatRefuses)
{
  const auto image = MakeImage<ImageType>();
  auto       origin = image->GetOrigin();
  origin[1] = std::numeric_limits<double>::quiet_NaN();
  image->SetOrigin(origin);
  EXPECT_ITK_ERROR(Write<ImageType>(image, this->Path("n.iwi")), "n.iwi", "origin");
  EXPECT_TRUE(this->Contents().empty());
}

TEST_F(WasmImageIOErrorTest, WriteATypeThatTheFormatDoesNotHave)
{
  const auto io = WasmImageIO::New();
  io->SetFileName(this->Path("t.iwi.cbor"));
  io->SetNumberOfDimensions(1);
  io->SetDimensions(0, 1);
  itk::ImageIORegion region(1);
  region.SetSize(0, 1);
  io->SetIORegion(region);
  long double pixel = 0;
  io->SetComponentType(itk::IOComponentEnum::LDOUBLE);
  EXPECT_ITK_ERROR(io->Write(&pixel), "t.iwi.cbor", "long double", "float64");
  io->SetComponentType(itk::IOComponentEnum::UNKNOWNCOMPONENTTYPE);
  EXPECT_ITK_ERROR(io->Write(&pixel), "t.iwi.cbor", "unknown");
  io->SetComponentType(itk::IOComponentEnum::UCHAR);
  region.SetSize(0, 0);
  io->SetIORegion(region);
  EXPECT_ITK_ERROR(io->Write(&pixel), "t.iwi.cbor");
  region.SetSize(0, 2);
  io->SetIORegion(region);
  EXPECT_ITK_ERROR(io->Write(&pixel), "t.iwi.cbor");
  region.SetSize(0, 1);
  region.SetIndex(0, 1);
  io->SetIORegion(region);
  EXPECT_ITK_ERROR(io->Write(&pixel), "t.iwi.cbor");
  io->SetNumberOfDimensions(0);
  EXPECT_ITK_ERROR(io->Write(&pixel), "t.iwi.cbor", "0 dimensions");
  io->SetNumberOfDimensions(17);
  EXPECT_ITK_ERROR(io->Write(&pixel), "t.iwi.cbor", "17", "16");
  EXPECT_TRUE(this->Contents().empty());
}

} // namespace
