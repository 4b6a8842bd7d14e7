/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <cstring>
#include <filesystem>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace iwf_test;
namespace fs = std::filesystem;

namespace
{
const std::string uriPrefix = "data:application/vnd.itk.path,";

std::string
Index(const std::string & data, const std::string & direction = "", const std::string & more = "")
{
  return "{\"imageType\":{\"dimension\":2,\"componentType\":\"uint8\",\"pixelType\":\"Scalar\",\"components\":1},"
         "\"size\":[3,2]," +
         (direction.empty() ? "" : "\"direction\":" + direction + ",") + more + "\"data\":" + data + "}";
}

std::string
Uri(const std::string & path)
{
  return "\"" + uriPrefix + path + "\"";
}

/** A directory image whose index names `path`. */
struct Directory
{
  explicit Directory(const std::string & path)
    : Directory(Index(Uri(path)), 0)
  {}
  Directory(const std::string & index, int)
    : image(folder / "x.iwi")
  {
    WriteFile(image + "/index.json", index);
    WriteFile(image + "/data/data.raw", "012345");
    WriteFile(folder / "outside.raw", "secret");
    fs::create_directories(folder / "elsewhere");
    WriteFile(folder / "elsewhere/data.raw", "secret");
  }
  iwf_status
  Open()
  {
    const iwf_status status = reader.Open(image);
    return status == IWF_OK ? reader.Read(IWF_IMAGE_DATA, pixels) : status;
  }

  Folder      folder;
  std::string image;
  Reader      reader;
  Bytes       pixels;
};
} // namespace

TEST(Path, Formats)
{
  const struct
  {
    const char *  path;
    int           known;
    iwf_family    family;
    iwf_container container;
  } cases[] = {
    { "a.iwi", 1, IWF_FAMILY_IMAGE, IWF_CONTAINER_DIRECTORY },
    { "a.iwi/", 1, IWF_FAMILY_IMAGE, IWF_CONTAINER_DIRECTORY },
    { "/a/b.iwm///", 1, IWF_FAMILY_MESH, IWF_CONTAINER_DIRECTORY },
    { "a.iwt", 1, IWF_FAMILY_TRANSFORM, IWF_CONTAINER_DIRECTORY },
    { "a.iwi.cbor", 1, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR },
    { "a.iwm.cbor", 1, IWF_FAMILY_MESH, IWF_CONTAINER_CBOR },
    { "a.iwt.cbor.zst", 1, IWF_FAMILY_TRANSFORM, IWF_CONTAINER_CBOR_ZSTD },
    { "a.iwi.b.iwm.cbor", 1, IWF_FAMILY_MESH, IWF_CONTAINER_CBOR },
    { "a.iwi.cbor/", 0, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR },
    { "a.iwi.zst", 0, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR },
    { "a.iwi.cbor.bak", 0, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR },
    { "a.cbor", 0, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR },
    { "iwi", 0, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR },
    { "", 0, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR },
    { "/", 0, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR },
  };
  for (const auto & c : cases)
  {
    iwf_family    family = IWF_FAMILY_MESH;
    iwf_container container = IWF_CONTAINER_CBOR_ZSTD;
    EXPECT_EQ(iwf_path_format(c.path, &family, &container), c.known) << c.path;
    EXPECT_EQ(family, c.known ? c.family : IWF_FAMILY_MESH) << c.path;
    EXPECT_EQ(container, c.known ? c.container : IWF_CONTAINER_CBOR_ZSTD) << c.path;
  }
}

TEST(Path, UriInsideOfTheDirectory)
{
  for (const char * path : { "data/data.raw", "./data/data.raw", "data/./data.raw" })
  {
    Directory d(path);
    EXPECT_STATUS(d.Open(), IWF_OK) << path << d.reader.error.message;
    EXPECT_EQ(d.pixels, "012345");
  }
  Directory d("sub/sub/pixels of mine.bin");
  WriteFile(d.image + "/sub/sub/pixels of mine.bin", "abcdef");
  EXPECT_STATUS(d.Open(), IWF_OK) << d.reader.error.message;
  EXPECT_EQ(d.pixels, "abcdef");
  // Where the named file is missing, the format's own name counts.
  Directory missing("nowhere/x.raw");
  EXPECT_STATUS(missing.Open(), IWF_OK) << missing.reader.error.message;
  EXPECT_EQ(missing.pixels, "012345");
}

TEST(Path, UriThatLeavesTheDirectory)
{
  const std::string above = fs::temp_directory_path().string();
  for (const std::string & path : std::vector<std::string>{ "../outside.raw",
                                                            "data/../../outside.raw",
                                                            "..",
                                                            "data/..",
                                                            "/etc/passwd",
                                                            "/dev/zero",
                                                            "//etc/passwd",
                                                            "C:/x.raw",
                                                            "c:x.raw",
                                                            "..\\\\outside.raw",
                                                            "data\\\\data.raw",
                                                            "data//data.raw",
                                                            "data/",
                                                            "file:///etc/passwd",
                                                            "data/../data/data.raw",
                                                            above + "/x",
                                                            std::string(300, 'a') + "/data.raw",
                                                            "\\u0000data/data.raw",
                                                            "data/data.raw\\u0000",
                                                            std::string(2000, 'a'),
                                                            "." })
  {
    Directory d(path);
    EXPECT_STATUS(d.Open(), IWF_ERROR_PATH) << path << " " << d.reader.error.message;
    EXPECT_CONTAINS(d.reader.error.message, "expected ");
  }
}

TEST(Path, NotAUri)
{
  for (const std::string & value : std::vector<std::string>{ "\"data/data.raw\"",
                                                             "\"\"",
                                                             "\"" + uriPrefix + "\"",
                                                             "\"data:application/vnd.itk.address,0:140000000000\"",
                                                             "\"data:application/vnd.itk.address,0:0\"",
                                                             "\"data:;base64,AAAA\"",
                                                             "\"http://example.org/data.raw\"",
                                                             "5",
                                                             "null",
                                                             "{}",
                                                             "true" })
  {
    Directory d(Index(value), 0);
    EXPECT_STATUS(d.Open(), IWF_ERROR_PATH) << value << d.reader.error.message;
    EXPECT_STREQ(d.reader.error.key, "data");
    EXPECT_CONTAINS(d.reader.error.message,
                    "expected the URI of a raw file, \"data:application/vnd.itk.path,...\", found ");
  }
  Directory numbers(Index("[1,2,3,4,5,6]"), 0);
  EXPECT_STATUS(numbers.Open(), IWF_OK) << numbers.reader.error.message;
  EXPECT_EQ(numbers.pixels, "\x01\x02\x03\x04\x05\x06");
}

TEST(Path, Links)
{
  {
    Directory d("data/data.raw");
    fs::remove(d.image + "/data/data.raw");
    fs::create_symlink(d.folder / "outside.raw", d.image + "/data/data.raw");
    EXPECT_STATUS(d.Open(), IWF_ERROR_PATH);
    EXPECT_CONTAINS(d.reader.error.message, "found a symbolic link in \"data/data.raw\"");
  }
  {
    Directory d("data/data.raw");
    fs::remove_all(d.image + "/data");
    fs::create_directory_symlink(d.folder / "elsewhere", d.image + "/data");
    EXPECT_STATUS(d.Open(), IWF_ERROR_PATH) << d.reader.error.message;
    EXPECT_CONTAINS(d.reader.error.message, "symbolic link");
  }
  {
    Directory d("data/dangling.raw");
    fs::create_symlink("nothing", d.image + "/data/dangling.raw");
    EXPECT_STATUS(d.Open(), IWF_ERROR_PATH); // not: missing, so try another
  }
  {
    Directory d("data/data.raw");
    fs::rename(d.image + "/index.json", d.folder / "index");
    fs::create_symlink(d.folder / "index", d.image + "/index.json");
    EXPECT_STATUS(d.Open(), IWF_ERROR_PATH);
  }
  {
    // The object itself may be reached by links: it is the user who names it.
    Directory d("data/data.raw");
    fs::create_directory_symlink(d.image, d.folder / "link.iwi");
    d.image = d.folder / "link.iwi";
    EXPECT_STATUS(d.Open(), IWF_OK) << d.reader.error.message;
  }
}

TEST(Path, FilesThatAreNone)
{
  {
    Directory d("data/data.raw");
    fs::remove(d.image + "/data/data.raw");
    ASSERT_EQ(mkfifo((d.image + "/data/data.raw").c_str(), 0600), 0);
    EXPECT_STATUS(d.Open(), IWF_ERROR_PATH); // and does not wait
    EXPECT_CONTAINS(d.reader.error.message, "expected a regular file, found a FIFO, socket or device");
  }
  {
    Directory d("data");
    EXPECT_STATUS(d.Open(), IWF_ERROR_PATH);
    EXPECT_CONTAINS(d.reader.error.message, "found a directory");
  }
  {
    Directory d("data/data.raw");
    fs::remove(d.image + "/data/data.raw");
    if (mknod((d.image + "/data/data.raw").c_str(), S_IFCHR | 0600, (1 << 8) | 5) == 0) // /dev/zero
    {
      EXPECT_STATUS(d.Open(), IWF_ERROR_PATH);
    }
  }
  {
    Directory d("data/data.raw");
    fs::remove(d.image + "/index.json");
    EXPECT_STATUS(d.Open(), IWF_ERROR_MISSING);
    EXPECT_STREQ(d.reader.error.message, "expected an index.json in the directory, found none");
    ASSERT_EQ(mkfifo((d.image + "/index.json").c_str(), 0600), 0);
    EXPECT_STATUS(d.Open(), IWF_ERROR_PATH);
  }
  {
    Directory   d("data/data.raw");
    const int   socketDescriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    fs::remove(d.image + "/data/data.raw");
    std::strncpy(address.sun_path, (d.image + "/data/data.raw").c_str(), sizeof(address.sun_path) - 1);
    ASSERT_EQ(bind(socketDescriptor, reinterpret_cast<sockaddr *>(&address), sizeof(address)), 0);
    EXPECT_STATUS(d.Open(), IWF_ERROR_OPEN) << d.reader.error.message;
    close(socketDescriptor);
  }
}

TEST(Path, ObjectsThatAreNone)
{
  Folder folder;
  Reader reader;
  EXPECT_STATUS(reader.Open(folder / "x.iwi"), IWF_ERROR_OPEN);
  EXPECT_EQ(reader.error.system_errno, ENOENT);
  EXPECT_STREQ(reader.error.message, "could not open the directory: No such file or directory");
  EXPECT_STATUS(reader.Open(folder / "x.iwi.cbor"), IWF_ERROR_OPEN);
  EXPECT_STREQ(reader.error.message, "could not open the file: No such file or directory");
  WriteFile(folder / "file.iwi", "x");
  EXPECT_STATUS(reader.Open(folder / "file.iwi"), IWF_ERROR_OPEN);
  EXPECT_STREQ(reader.error.message, "expected a directory, found a file");
  fs::create_directory(folder / "d.iwi.cbor");
  EXPECT_STATUS(reader.Open(folder / "d.iwi.cbor"), IWF_ERROR_PATH);
  EXPECT_STREQ(reader.error.message, "expected a regular file, found a directory");
  ASSERT_EQ(mkfifo((folder / "f.iwi.cbor").c_str(), 0600), 0);
  EXPECT_STATUS(reader.Open(folder / "f.iwi.cbor"), IWF_ERROR_PATH);
  fs::create_symlink("/dev/zero", folder / "z.iwi.cbor");
  EXPECT_STATUS(reader.Open(folder / "z.iwi.cbor"), IWF_ERROR_PATH);
  fs::create_symlink("loop.iwi.cbor", folder / "loop.iwi.cbor");
  EXPECT_STATUS(reader.Open(folder / "loop.iwi.cbor"), IWF_ERROR_OPEN);
  EXPECT_STATUS(reader.Open(folder / (std::string(300, 'n') + ".iwi.cbor")), IWF_ERROR_OPEN);
  WriteFile(folder / "empty.iwi.cbor", "");
  EXPECT_STATUS(reader.Open(folder / "empty.iwi.cbor"), IWF_ERROR_TRUNCATED);
  WriteFile(folder / "empty.iwi.cbor.zst", "");
  EXPECT_STATUS(reader.Open(folder / "empty.iwi.cbor.zst"), IWF_ERROR_TRUNCATED);
  WriteFile(folder / "empty.iwi/index.json", "");
  EXPECT_STATUS(reader.Open(folder / "empty.iwi"), IWF_ERROR_TRUNCATED);
  EXPECT_CONTAINS(reader.error.message, "index.json, at byte 0: expected JSON");
}

TEST(Path, RawFilesOfTheWrongLength)
{
  for (const std::string content : { "", "01234", "0123456" })
  {
    Directory d("data/data.raw");
    WriteFile(d.image + "/data/data.raw", content);
    EXPECT_STATUS(d.Open(), IWF_ERROR_LENGTH);
    EXPECT_CONTAINS(d.reader.error.message,
                    "key 'data (data/data.raw)': expected 6 bytes (6 elements of uint8), found " +
                      std::to_string(content.size()));
  }
  Directory d("data/data.raw");
  fs::remove(d.image + "/data/data.raw");
  EXPECT_STATUS(d.Open(), IWF_ERROR_MISSING);
  EXPECT_STREQ(d.reader.error.message, "key 'data': expected the raw file data/data.raw, found none");
  // Messages are one line whatever the file calls itself.
  Directory line("data/a\\nb\\u001b[31m.raw");
  WriteFile(line.image + "/data/a\nb\x1b[31m.raw", "1");
  EXPECT_STATUS(line.Open(), IWF_ERROR_LENGTH);
  EXPECT_EQ(std::string(line.reader.error.message).find_first_of("\n\x1b"), std::string::npos)
    << line.reader.error.message;
  EXPECT_EQ(std::string(line.reader.error.key).find_first_of("\n\x1b"), std::string::npos);
}

TEST(Path, FilesThatShrink)
{
  Folder      folder;
  const Image image({ 100, 100 });
  for (const char * name : { "s.iwi", "s.iwi.cbor", "s.iwi.cbor.zst" })
  {
    ASSERT_STATUS(image.Write(folder / name), IWF_OK);
    Reader reader;
    ASSERT_STATUS(reader.Open(folder / name), IWF_OK);
    const std::string file = std::string(name) == "s.iwi" ? folder / "s.iwi/data/data.raw" : folder / name;
    ASSERT_EQ(truncate(file.c_str(), 50), 0);
    Bytes            pixels;
    const iwf_status status = reader.Read(IWF_IMAGE_DATA, pixels);
    if (status == IWF_OK) // a short compressed file was read as a whole
    {
      EXPECT_EQ(pixels, Bytes(image.pixels.begin(), image.pixels.end()));
      EXPECT_STREQ(name, "s.iwi.cbor.zst");
      continue;
    }
    EXPECT_STATUS(status, IWF_ERROR_TRUNCATED) << reader.error.message;
    EXPECT_CONTAINS(reader.error.message, "found the end of the file");
  }
}

TEST(Path, OldNamesOfRawFiles)
{
  Folder folder;
  Mesh   mesh;
  ASSERT_STATUS(mesh.Write(folder / "m.iwm"), IWF_OK);
  Reader before;
  ASSERT_STATUS(before.Open(folder / "m.iwm"), IWF_OK);
  const std::string expected = Describe(before);
  fs::rename(folder / "m.iwm/data/point-data.raw", folder / "m.iwm/data/pointData.raw");
  fs::rename(folder / "m.iwm/data/cell-data.raw", folder / "m.iwm/data/cellData.raw");
  Reader after;
  ASSERT_STATUS(after.Open(folder / "m.iwm"), IWF_OK) << after.error.message;
  EXPECT_EQ(Describe(after), expected);
}

TEST(Path, ByteOrderMark)
{
  Directory d("data/data.raw");
  WriteFile(d.image + "/index.json", "\xef\xbb\xbf" + Index(Uri("data/data.raw")));
  EXPECT_STATUS(d.Open(), IWF_OK) << d.reader.error.message;
}

TEST(Path, IndexBytes)
{
  Directory  d("data/data.raw");
  iwf_limits limits;
  iwf_limits_init(&limits);
  limits.header_bytes = ReadFile(d.image + "/index.json").size();
  Reader reader;
  EXPECT_STATUS(reader.Open(d.image, &limits), IWF_OK);
  limits.header_bytes += 1;
  EXPECT_STATUS(reader.Open(d.image, &limits), IWF_OK);
  limits.header_bytes -= 2;
  EXPECT_STATUS(reader.Open(d.image, &limits), IWF_ERROR_LIMIT);
  EXPECT_CONTAINS(reader.error.message, "more than the limit header_bytes = ");
}

TEST(Path, ManyTransforms)
{
  Folder     folder;
  Transforms transforms(40); // more raw files than stay open
  ASSERT_STATUS(transforms.Write(folder / "t.iwt"), IWF_OK);
  Reader reader;
  ASSERT_STATUS(reader.Open(folder / "t.iwt"), IWF_OK) << reader.error.message;
  // What was opened stays what it was.
  const std::string before = Describe(reader);
  Transforms        fewer(20);
  ASSERT_STATUS(fewer.Write(folder / "t.iwt"), IWF_OK);
  EXPECT_EQ(Describe(reader), before);
  Reader again;
  ASSERT_STATUS(again.Open(folder / "t.iwt"), IWF_OK);
  EXPECT_NE(Describe(again), before);
}
