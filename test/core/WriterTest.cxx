/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <limits>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace iwf_test;
namespace fs = std::filesystem;

namespace
{
const std::vector<std::string> imageNames = { "w.iwi", "w.iwi.cbor", "w.iwi.cbor.zst" };

/** All files below a path with their content. */
std::string
Snapshot(const std::string & path)
{
  if (!fs::is_directory(path))
  {
    return fs::exists(path) ? ReadFile(path) : "nothing";
  }
  std::vector<std::string> entries;
  for (const auto & entry : fs::recursive_directory_iterator(path))
  {
    entries.push_back(entry.path().string() + "=" + (entry.is_regular_file() ? ReadFile(entry.path()) : ""));
  }
  std::sort(entries.begin(), entries.end());
  std::string all;
  for (const std::string & entry : entries)
  {
    all += entry + "\n";
  }
  return all;
}

mode_t
Mode(const std::string & path)
{
  struct stat status = {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

/** An image with pixels that do not compress. */
Image
Noise(const std::vector<uint64_t> & size)
{
  Image    image(size);
  uint32_t state = 1;
  for (unsigned char & pixel : image.pixels)
  {
    state = state * 1664525u + 1013904223u;
    pixel = static_cast<unsigned char>(state >> 24);
  }
  return image;
}

/** What `work`, in a process of its own, returns: 0 to 255; -1 when a signal ended it. */
int
InOwnProcess(const std::function<int()> & work)
{
  const pid_t child = fork();
  if (child == 0)
  {
    _exit(work());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/** Runs in a process of its own as an ordinary user, so that permissions count; true when `work` returns true. */
bool
AsOrdinaryUser(const Folder & folder, const std::function<bool()> & work)
{
  return InOwnProcess([&] {
           const bool ordinary = geteuid() != 0 || (chown(folder.path.c_str(), 65534, 65534) == 0 &&
                                                    setgid(65534) == 0 && setuid(65534) == 0);
           return ordinary && work() ? 0 : 1;
         }) == 0;
}

struct OpenWriter
{
  ~OpenWriter()
  {
    iwf_writer_close(handle);
  }
  iwf_status
  Open(const std::string & path, const Image & image)
  {
    iwf_writer_close(handle);
    return iwf_writer_open_image(&handle, path.c_str(), &image.info, nullptr, &error);
  }
  iwf_status
  Write(const Image & image, uint64_t first, uint64_t bytes)
  {
    return iwf_writer_write(handle, 0, IWF_IMAGE_DATA, first, bytes, image.pixels.data() + first, &error);
  }
  iwf_status
  Commit()
  {
    return iwf_writer_commit(handle, &error);
  }
  iwf_writer * handle = nullptr;
  iwf_error    error{};
};
} // namespace

TEST(Writer, RoundTrips)
{
  Folder folder;
  for (const char * suffix : { "", ".cbor", ".cbor.zst" })
  {
    for (int type = 0; type < IWF_COMPONENT_TYPE_COUNT; ++type)
    {
      Image image({ 3, 2, 2 }, static_cast<iwf_component_type>(type), 2);
      for (int i = 0; i < 9; ++i)
      {
        image.info.direction[i] = i * 0.25 + (i % 4 == 0);
      }
      const std::string path = folder / ("r.iwi" + std::string(suffix));
      iwf_error         error{};
      Reader            reader;
      Bytes             pixels;
      ASSERT_STATUS(image.Write(path, &error), IWF_OK) << error.message;
      ASSERT_STATUS(reader.Open(path), IWF_OK) << reader.error.message;
      const iwf_image_info * info = iwf_reader_image(reader.handle);
      EXPECT_EQ(info->component_type, type);
      EXPECT_EQ(info->components, 2u);
      EXPECT_EQ(std::memcmp(info->direction, image.info.direction, 9 * sizeof(double)), 0);
      EXPECT_EQ(std::memcmp(info->origin, image.info.origin, 3 * sizeof(double)), 0);
      ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, pixels), IWF_OK);
      EXPECT_EQ(pixels, Bytes(image.pixels.begin(), image.pixels.end()));
    }
    Mesh       mesh;
    Transforms transforms(3);
    iwf_error  error{};
    Reader     reader;
    ASSERT_STATUS(mesh.Write(folder / ("r.iwm" + std::string(suffix)), &error), IWF_OK) << error.message;
    ASSERT_STATUS(reader.Open(folder / ("r.iwm" + std::string(suffix))), IWF_OK) << reader.error.message;
    EXPECT_STATUS(reader.ReadAll(), IWF_OK) << reader.error.message;
    ASSERT_STATUS(transforms.Write(folder / ("r.iwt" + std::string(suffix)), &error), IWF_OK) << error.message;
    ASSERT_STATUS(reader.Open(folder / ("r.iwt" + std::string(suffix))), IWF_OK) << reader.error.message;
    EXPECT_STATUS(reader.ReadAll(), IWF_OK) << reader.error.message;
  }
  EXPECT_EQ(folder.List().size(), 9u);
}

TEST(Writer, UpstreamsBytes)
{
  // What other writers make of the same image, but for the tags of signed numbers (format of upstream).
  Folder    folder;
  Image     image({ 3, 2 });
  iwf_error error{};
  image.info.origin[0] = 1.5;
  image.info.origin[1] = -2.0;
  image.info.spacing[0] = 0.5;
  image.info.spacing[1] = 2.0;
  const double direction[] = { 0.6, -0.8, 0.8, 0.6 };
  std::memcpy(image.info.direction, direction, sizeof(direction));
  image.pixels = { 0, 1, 2, 3, 4, 5 };
  ASSERT_STATUS(image.Write(folder / "u.iwi.cbor", &error), IWF_OK) << error.message;
  const Bytes written = ReadFile(folder / "u.iwi.cbor");
  Reader      upstream;
  Reader      ours;
  ASSERT_STATUS(upstream.OpenMemory(SmallImage().Encode()), IWF_OK);
  ASSERT_STATUS(ours.OpenMemory(written), IWF_OK);
  EXPECT_EQ(Describe(ours), Describe(upstream));
  // The same keys in the same order and numbers of the same width; only heads may be longer, for alignment.
  size_t place = 0;
  for (const auto & member : SmallImage().members)
  {
    const size_t next = written.find(member.first, place);
    ASSERT_NE(next, Bytes::npos) << member.first;
    place = next;
    if (member.first != "direction" && member.first != "data")
    {
      EXPECT_EQ(written.substr(place + member.first.size(), member.second.size()), member.second) << member.first;
    }
  }
  EXPECT_LE(written.size(), SmallImage().Encode().size() + 24);
  ASSERT_STATUS(image.Write(folder / "u.iwi", &error), IWF_OK) << error.message;
  EXPECT_EQ(folder.List("u.iwi"), (std::vector<std::string>{ "data", "index.json" }));
  EXPECT_EQ(folder.List("u.iwi/data"), (std::vector<std::string>{ "data.raw", "direction.raw" }));
  EXPECT_EQ(ReadFile(folder / "u.iwi/data/direction.raw"), Raw<double>({ 0.6, 0.8, -0.8, 0.6 }));
  const iwf_component_type types[] = {
    IWF_INT8, IWF_INT16, IWF_INT32, IWF_INT64, IWF_UINT16, IWF_FLOAT32, IWF_FLOAT64
  };
  const unsigned tags[] = { 72, 77, 78, 79, 69, 85, 86 };
  for (int i = 0; i < 7; ++i)
  {
    ASSERT_STATUS(Image({ 1, 1 }, types[i]).Write(folder / "u.iwi.cbor"), IWF_OK);
    const Bytes bytes = ReadFile(folder / "u.iwi.cbor");
    const Bytes data = bytes.substr(bytes.rfind("data") + 4);
    EXPECT_TRUE(data.find(Head(6, tags[i])) == 0 || data.find(Head(6, tags[i], 2)) == 0 ||
                data.find(Head(6, tags[i], 4)) == 0)
      << iwf_component_name(types[i]);
    Reader      reader;
    iwf_mapping mapping;
    ASSERT_STATUS(reader.Open(folder / "u.iwi.cbor"), IWF_OK);
    EXPECT_STATUS(iwf_reader_map(reader.handle, 0, IWF_IMAGE_DATA, &mapping, &reader.error), IWF_OK)
      << reader.error.message;
    iwf_mapping_release(&mapping);
  }
}

TEST(Writer, SameInSameOut)
{
  Folder     folder;
  const Mesh mesh;
  for (const std::string suffix : { "", ".cbor", ".cbor.zst" })
  {
    ASSERT_STATUS(mesh.Write(folder / ("a.iwm" + suffix)), IWF_OK);
    const std::string first = Snapshot(folder / ("a.iwm" + suffix));
    ASSERT_STATUS(mesh.Write(folder / ("a.iwm" + suffix)), IWF_OK);
    EXPECT_EQ(Snapshot(folder / ("a.iwm" + suffix)), first);
  }
}

TEST(Writer, NothingHappensBeforeTheCommit)
{
  Folder      folder;
  const Image old({ 2, 2 });
  const Image image({ 5, 4 });
  for (const std::string & name : imageNames)
  {
    const std::string path = folder / name;
    for (const bool exists : { false, true })
    {
      if (exists)
      {
        ASSERT_STATUS(old.Write(path), IWF_OK);
      }
      const std::string before = Snapshot(path);
      const auto        names = folder.List();
      {
        OpenWriter writer;
        ASSERT_STATUS(writer.Open(path, image), IWF_OK) << writer.error.message;
        ASSERT_STATUS(writer.Write(image, 0, image.pixels.size()), IWF_OK) << writer.error.message;
        EXPECT_EQ(Snapshot(path), before);
        EXPECT_EQ(folder.List().size(), names.size() + 1);
      }
      EXPECT_EQ(Snapshot(path), before); // rolled back
      EXPECT_EQ(folder.List(), names);
      OpenWriter writer;
      ASSERT_STATUS(writer.Open(path, image), IWF_OK);
      ASSERT_STATUS(writer.Write(image, 0, image.pixels.size()), IWF_OK);
      ASSERT_STATUS(writer.Commit(), IWF_OK) << writer.error.message;
      EXPECT_NE(Snapshot(path), before);
      // A second commit, or more data, after the first.
      EXPECT_STATUS(writer.Commit(), IWF_ERROR_STATE);
      EXPECT_STATUS(writer.Write(image, 0, 1), IWF_ERROR_STATE);
    }
    fs::remove_all(path);
  }
  EXPECT_TRUE(folder.List().empty());
}

TEST(Writer, IncompleteCommit)
{
  Folder      folder;
  const Image image({ 5, 4 });
  for (const std::string & name : imageNames)
  {
    OpenWriter writer;
    ASSERT_STATUS(writer.Open(folder / name, image), IWF_OK);
    ASSERT_STATUS(writer.Write(image, 0, 19), IWF_OK);
    EXPECT_STATUS(writer.Commit(), IWF_ERROR_STATE);
    EXPECT_STREQ(writer.error.message, "key 'data': expected all 20 bytes at the commit, found byte 19 not written");
    EXPECT_STATUS(writer.Write(image, 19, 1), IWF_ERROR_STATE); // poisoned
  }
  EXPECT_TRUE(folder.List().empty());
}

TEST(Writer, PartsInAnyOrder)
{
  Folder      folder;
  const Image image({ 5, 4 });
  for (const std::string name : { "p.iwi", "p.iwi.cbor" })
  {
    // As many bytes as the image has, but one part twice and one left out.
    OpenWriter twice;
    ASSERT_STATUS(twice.Open(folder / name, image), IWF_OK);
    ASSERT_STATUS(twice.Write(image, 0, 10), IWF_OK);
    ASSERT_STATUS(twice.Write(image, 0, 10), IWF_OK);
    EXPECT_STATUS(twice.Commit(), IWF_ERROR_STATE);
    EXPECT_STREQ(twice.error.message, "key 'data': expected all 20 bytes at the commit, found byte 10 not written");
    // Any cover of the whole is good: parts apart, in between, around others and over others.
    OpenWriter writer;
    ASSERT_STATUS(writer.Open(folder / name, image), IWF_OK);
    const std::vector<std::pair<int, int>> parts = { { 17, 3 }, { 2, 2 }, { 6, 2 }, { 10, 1 }, { 13, 2 }, { 4, 1 },
                                                     { 3, 9 },  { 0, 1 }, { 1, 1 }, { 2, 3 },  { 11, 5 }, { 15, 2 } };
    for (const auto & [first, bytes] : parts)
    {
      ASSERT_STATUS(writer.Write(image, first, bytes), IWF_OK);
    }
    ASSERT_STATUS(writer.Commit(), IWF_OK) << writer.error.message;
    Reader reader;
    ASSERT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
    Bytes pixels;
    ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, pixels), IWF_OK) << reader.error.message;
    EXPECT_EQ(pixels, Bytes(image.pixels.begin(), image.pixels.end()));
  }
}

TEST(Writer, OrderOfCompressedFiles)
{
  Folder      folder;
  const Image image({ 5, 4 });
  OpenWriter  writer;
  ASSERT_STATUS(writer.Open(folder / "o.iwi.cbor.zst", image), IWF_OK);
  EXPECT_STATUS(writer.Write(image, 1, 5), IWF_ERROR_STATE);
  EXPECT_STREQ(writer.error.message,
               "expected the payloads of a compressed file in order, each from its first byte to its last");
  ASSERT_STATUS(writer.Open(folder / "o.iwi.cbor.zst", image), IWF_OK);
  ASSERT_STATUS(writer.Write(image, 0, 10), IWF_OK);
  EXPECT_STATUS(writer.Write(image, 5, 5), IWF_ERROR_STATE);
  // A mesh: cells before points.
  const Mesh   mesh;
  iwf_writer * handle = nullptr;
  iwf_error    error{};
  ASSERT_STATUS(iwf_writer_open_mesh(&handle, (folder / "o.iwm.cbor.zst").c_str(), &mesh.info, nullptr, &error),
                IWF_OK);
  EXPECT_STATUS(iwf_writer_write(handle, 0, IWF_MESH_CELLS, 0, 72, mesh.cells.data(), &error), IWF_ERROR_STATE);
  iwf_writer_close(handle);
  // Any order elsewhere.
  for (const std::string name : { "o.iwm", "o.iwm.cbor" })
  {
    ASSERT_STATUS(iwf_writer_open_mesh(&handle, (folder / name).c_str(), &mesh.info, nullptr, &error), IWF_OK);
    EXPECT_STATUS(iwf_writer_write(handle, 0, IWF_MESH_CELL_DATA, 0, 8, mesh.cellData.data(), &error), IWF_OK);
    EXPECT_STATUS(iwf_writer_write(handle, 0, IWF_MESH_CELLS, 8, 64, mesh.cells.data() + 1, &error), IWF_OK);
    EXPECT_STATUS(iwf_writer_write(handle, 0, IWF_MESH_POINTS, 0, 48, mesh.points.data(), &error), IWF_OK);
    EXPECT_STATUS(iwf_writer_write(handle, 0, IWF_MESH_CELLS, 0, 8, mesh.cells.data(), &error), IWF_OK);
    EXPECT_STATUS(iwf_writer_write(handle, 0, IWF_MESH_POINT_DATA, 0, 4, mesh.pointData.data(), &error), IWF_OK);
    EXPECT_STATUS(iwf_writer_commit(handle, &error), IWF_OK) << error.message;
    iwf_writer_close(handle);
    Reader reader;
    ASSERT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
    EXPECT_STATUS(reader.ReadAll(), IWF_OK) << reader.error.message;
  }
}

TEST(Writer, Arguments)
{
  Folder       folder;
  const Image  image({ 5, 4 }, IWF_INT16);
  iwf_writer * handle = nullptr;
  iwf_error    error{};
  const auto   open = [&](const std::string & path, const iwf_image_info & info) {
    const iwf_status status = iwf_writer_open_image(&handle, path.c_str(), &info, nullptr, &error);
    iwf_writer_close(handle);
    handle = nullptr;
    return status;
  };
  EXPECT_STATUS(iwf_writer_open_image(nullptr, "x.iwi", &image.info, nullptr, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_open_image(&handle, nullptr, &image.info, nullptr, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_open_image(&handle, "x.iwi", nullptr, nullptr, nullptr), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_open_transforms(&handle, "x.iwt", Transforms(1).infos.data(), 0, nullptr, &error),
                IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(open(folder / "x.iwm", image.info), IWF_ERROR_ARGUMENT);
  EXPECT_STREQ(error.message, "expected a path that ends in .iwi, .iwi.cbor or .iwi.cbor.zst");
  iwf_image_info info = image.info;
  info.size[1] = 0;
  EXPECT_STATUS(open(folder / "x.iwi", info), IWF_ERROR_VALUE);
  info = image.info;
  info.dimension = 17;
  EXPECT_STATUS(open(folder / "x.iwi", info), IWF_ERROR_LIMIT);
  info = image.info;
  info.origin[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_STATUS(open(folder / "x.iwi", info), IWF_ERROR_VALUE);
  EXPECT_STREQ(error.key, "origin");
  info = image.info;
  info.direction[3] = std::numeric_limits<double>::infinity();
  for (const std::string & name : imageNames)
  {
    EXPECT_STATUS(open(folder / name, info), IWF_ERROR_VALUE) << name;
    EXPECT_STREQ(error.key, "direction");
  }
  info = image.info;
  info.size[0] = uint64_t{ 1 } << 62;
  EXPECT_STATUS(open(folder / "x.iwi", info), IWF_ERROR_VALUE);
  EXPECT_TRUE(folder.List().empty());

  OpenWriter writer;
  char       buffer[64] = "";
  ASSERT_STATUS(writer.Open(folder / "x.iwi.cbor", image), IWF_OK);
  EXPECT_STATUS(iwf_writer_write(writer.handle, 0, IWF_IMAGE_DATA, 1, 2, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_write(writer.handle, 0, IWF_IMAGE_DATA, 0, 3, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_write(writer.handle, 0, IWF_IMAGE_DATA, 40, 2, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_write(writer.handle, 0, IWF_IMAGE_DATA, UINT64_MAX - 1, 4, buffer, &error),
                IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_write(writer.handle, 0, 2, 0, 2, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_write(writer.handle, 1, IWF_IMAGE_DATA, 0, 2, buffer, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_write(writer.handle, 0, IWF_IMAGE_DATA, 0, 2, nullptr, &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(iwf_writer_write_region(writer.handle, nullptr, buffer, &error), IWF_ERROR_ARGUMENT);
  // A wrong argument is no failure of the writer.
  EXPECT_STATUS(writer.Write(image, 0, image.pixels.size()), IWF_OK);
  EXPECT_STATUS(writer.Commit(), IWF_OK);
  iwf_writer_close(nullptr);
}

TEST(Writer, MetadataThatCannotBeWritten)
{
  Folder           folder;
  Image            image({ 1, 1 });
  iwf_error        error{};
  iwf_value        value{};
  const iwf_member member{ "k", 1, value };
  iwf_value        map{};
  iwf_member       members[1] = { member };
  map.kind = IWF_MAP;
  map.count = 1;
  map.of.members = members;
  image.info.metadata = &map;
  members[0].value.kind = IWF_FLOAT;
  members[0].value.of.float_value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_STATUS(image.Write(folder / "m.iwi", &error), IWF_ERROR_VALUE); // JSON has none
  EXPECT_STATUS(image.Write(folder / "m.iwi.cbor", &error), IWF_OK);
  members[0].value.kind = IWF_BYTES;
  EXPECT_STATUS(image.Write(folder / "m.iwi.cbor", &error), IWF_ERROR_ARGUMENT);
  iwf_value levels[40];
  for (int i = 0; i < 40; ++i)
  {
    levels[i] = iwf_value{};
    levels[i].kind = i < 39 ? IWF_ARRAY : IWF_NULL;
    levels[i].count = i < 39 ? 1 : 0;
    levels[i].of.items = i < 39 ? &levels[i + 1] : nullptr;
  }
  members[0].value = levels[0];
  EXPECT_STATUS(image.Write(folder / "m.iwi.cbor", &error), IWF_ERROR_ARGUMENT);
  EXPECT_STATUS(image.Write(folder / "m.iwi", &error), IWF_ERROR_ARGUMENT);
  // Broken text is repaired, NUL is kept.
  members[0].value = iwf_value{};
  members[0].value.kind = IWF_TEXT;
  members[0].value.of.text = "a\xff\0b";
  members[0].value.count = 4;
  for (const std::string & name : imageNames)
  {
    Reader reader;
    ASSERT_STATUS(image.Write(folder / name, &error), IWF_OK) << error.message;
    ASSERT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
    const iwf_value * text = iwf_value_get(iwf_reader_image(reader.handle)->metadata, "k");
    EXPECT_EQ(std::string(text->of.text, text->count), std::string("a\xef\xbf\xbd\0b", 6));
  }
}

TEST(Writer, Permissions)
{
  Folder       folder;
  const Image  image({ 2, 2 });
  const mode_t mask = umask(027);
  for (const std::string & name : imageNames)
  {
    const bool directory = name == "w.iwi";
    ASSERT_STATUS(image.Write(folder / name), IWF_OK);
    EXPECT_EQ(Mode(folder / name), directory ? 0750u : 0640u) << name;
    ASSERT_EQ(chmod((folder / name).c_str(), directory ? 0705 : 0604), 0);
    ASSERT_STATUS(image.Write(folder / name), IWF_OK);
    EXPECT_EQ(Mode(folder / name), directory ? 0705u : 0604u) << name;
  }
  EXPECT_EQ(Mode(folder / "w.iwi/data/data.raw"), 0640u);
  EXPECT_EQ(Mode(folder / "w.iwi/index.json"), 0640u);
  umask(mask);
}

TEST(Writer, StaleTemporaries)
{
  Folder      folder;
  const Image image({ 2, 2 });
  const auto  names = [&folder] { return folder.List(); };
  for (const std::string name : { "w.iwi.cbor", "w.iwi.cbor.zst" })
  {
    // Left behind with other permissions and more in them.
    WriteFile(folder / ("." + name + ".iwf-0.tmp"), std::string(100000, 'x'));
    WriteFile(folder / ("." + name + ".iwf-1.tmp"), "x");
    WriteFile(folder / ("." + name + ".iwf-2.tmp"), "x");
    ASSERT_EQ(chmod((folder / ("." + name + ".iwf-0.tmp")).c_str(), 0600), 0);
    const mode_t mask = umask(022);
    ASSERT_STATUS(image.Write(folder / name), IWF_OK);
    umask(mask);
    EXPECT_EQ(names(), std::vector<std::string>{ name });
    EXPECT_EQ(Mode(folder / name), 0644u);
    Reader reader;
    EXPECT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
    fs::remove(folder / name);
  }
  ASSERT_STATUS(image.Write(folder / ".w.iwi.iwf-0.tmp/x.iwi"), IWF_ERROR_OPEN);
  WriteFile(folder / ".w.iwi.iwf-0.tmp/data/old.raw", "x");
  WriteFile(folder / ".w.iwi.iwf-0.tmp/index.json", "x");
  WriteFile(folder / ".w.iwi.iwf-1.tmp/index.json", "x");
  ASSERT_STATUS(image.Write(folder / "w.iwi"), IWF_OK);
  EXPECT_EQ(names(), std::vector<std::string>{ "w.iwi" });
  EXPECT_EQ(folder.List("w.iwi/data"), (std::vector<std::string>{ "data.raw", "direction.raw" }));
  // What is not ours under such a name stays, and does not stop the writer.
  WriteFile(folder / ".w.iwi.iwf-0.tmp/thesis.txt", "mine");
  WriteFile(folder / ".w.iwi.cbor.iwf-0.tmp/thesis.txt", "mine");
  fs::create_symlink(folder / "victim", folder / ".w.iwi.cbor.iwf-1.tmp");
  ASSERT_STATUS(image.Write(folder / "w.iwi"), IWF_OK);
  ASSERT_STATUS(image.Write(folder / "w.iwi.cbor"), IWF_OK);
  EXPECT_EQ(ReadFile(folder / ".w.iwi.iwf-0.tmp/thesis.txt"), "mine");
  EXPECT_EQ(ReadFile(folder / ".w.iwi.cbor.iwf-0.tmp/thesis.txt"), "mine");
  EXPECT_FALSE(fs::exists(folder / "victim"));
}

TEST(Writer, OldDirectoryLeftAside)
{
  // A writer on a system without exchange was killed between its two steps: the old object comes back.
  Folder      folder;
  const Image image({ 2, 2 });
  ASSERT_STATUS(image.Write(folder / "w.iwi"), IWF_OK);
  const std::string before = Snapshot(folder / "w.iwi");
  fs::rename(folder / "w.iwi", folder / ".w.iwi.iwf-0.tmp.old");
  {
    OpenWriter writer;
    ASSERT_STATUS(writer.Open(folder / "w.iwi", Image({ 3, 3 })), IWF_OK) << writer.error.message;
    EXPECT_EQ(Snapshot(folder / "w.iwi"), before);
  }
  EXPECT_EQ(Snapshot(folder / "w.iwi"), before);
  // Killed after them: it is removed.
  fs::copy(folder / "w.iwi", folder / ".w.iwi.iwf-0.tmp.old", fs::copy_options::recursive);
  ASSERT_STATUS(image.Write(folder / "w.iwi"), IWF_OK);
  EXPECT_EQ(folder.List(), std::vector<std::string>{ "w.iwi" });
}

TEST(Writer, TwoAtOnce)
{
  Folder folder;
  for (const std::string & name : imageNames)
  {
    for (const bool exists : { false, true })
    {
      const Image first({ 4, 4 });
      const Image second({ 5, 5 });
      if (exists)
      {
        ASSERT_STATUS(Image({ 1, 1 }).Write(folder / name), IWF_OK);
      }
      OpenWriter a;
      OpenWriter b;
      OpenWriter c;
      ASSERT_STATUS(a.Open(folder / name, first), IWF_OK);
      ASSERT_STATUS(b.Open(folder / name, second), IWF_OK) << b.error.message;
      ASSERT_STATUS(c.Open(folder / name, second), IWF_OK) << c.error.message;
      ASSERT_STATUS(a.Write(first, 0, 16), IWF_OK);
      ASSERT_STATUS(b.Write(second, 0, 25), IWF_OK);
      ASSERT_STATUS(b.Commit(), IWF_OK) << b.error.message;
      Reader reader;
      ASSERT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
      EXPECT_EQ(iwf_reader_image(reader.handle)->size[0], 5u);
      ASSERT_STATUS(a.Commit(), IWF_OK) << name << a.error.message;
      ASSERT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
      EXPECT_EQ(iwf_reader_image(reader.handle)->size[0], 4u);
    }
    EXPECT_EQ(folder.List(), std::vector<std::string>{ name });
    fs::remove_all(folder / name);
  }
}

TEST(Writer, ReadersNeverSeeAMix)
{
  Folder            folder;
  std::atomic<bool> stop{ false };
  std::atomic<int>  reads{ 0 };
  for (const std::string & name : imageNames)
  {
    const std::string  path = folder / name;
    std::vector<Image> images;
    for (uint64_t i = 0; i < 2; ++i)
    {
      images.emplace_back(std::vector<uint64_t>{ 40 + i, 30 });
      std::fill(images[i].pixels.begin(), images[i].pixels.end(), static_cast<unsigned char>(i + 1));
    }
    ASSERT_STATUS(images[0].Write(path), IWF_OK);
    stop = false;
    std::thread reading([&] {
      while (!stop)
      {
        Reader reader;
        ASSERT_STATUS(reader.Open(path), IWF_OK) << name << ": " << reader.error.message;
        const uint64_t which = iwf_reader_image(reader.handle)->size[0] - 40;
        Bytes          pixels;
        ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, pixels), IWF_OK) << reader.error.message;
        ASSERT_EQ(pixels, Bytes(images[which].pixels.begin(), images[which].pixels.end()));
        ++reads;
      }
    });
    for (int i = 1; i <= 150; ++i)
    {
      iwf_error error{};
      EXPECT_STATUS(images[i % 2].Write(path, &error), IWF_OK) << error.message;
    }
    stop = true;
    reading.join();
  }
  EXPECT_GT(reads, 0);
  EXPECT_EQ(folder.List(), imageNames);
}

TEST(Writer, ManyWritersOfOnePath)
{
  Folder folder;
  for (const std::string & name : imageNames)
  {
    std::vector<std::thread> threads;
    for (uint64_t t = 0; t < 4; ++t)
    {
      threads.emplace_back([&, t] {
        const Image image({ 10 + t, 10 });
        for (int i = 0; i < 40; ++i)
        {
          iwf_error error{};
          EXPECT_STATUS(image.Write(folder / name, &error), IWF_OK) << name << ": " << error.message;
        }
      });
    }
    for (std::thread & thread : threads)
    {
      thread.join();
    }
    Reader reader;
    ASSERT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
    EXPECT_STATUS(reader.ReadAll(), IWF_OK);
  }
  EXPECT_EQ(folder.List(), imageNames);
}

TEST(Writer, KilledAtAnyMoment)
{
  Folder      folder;
  const Image old({ 30, 30 });
  const Image image({ 200, 200, 10 });
  for (const std::string & name : imageNames)
  {
    const std::string path = folder / name;
    ASSERT_STATUS(old.Write(path), IWF_OK);
    for (int i = 0; i < 25; ++i)
    {
      const pid_t child = fork();
      if (child == 0)
      {
        for (;;)
        {
          if (image.Write(path) != IWF_OK || old.Write(path) != IWF_OK)
          {
            _exit(1);
          }
        }
      }
      usleep(static_cast<useconds_t>(200 + i * 397));
      kill(child, SIGKILL);
      int status = 0;
      waitpid(child, &status, 0);
      EXPECT_TRUE(WIFSIGNALED(status)) << "the writer failed";
      Reader reader;
      ASSERT_STATUS(reader.Open(path), IWF_OK) << reader.error.message;
      ASSERT_STATUS(reader.ReadAll(), IWF_OK) << reader.error.message;
      EXPECT_LE(folder.List().size(), 2u); // the object and at most one temporary
      for (const std::string & entry : folder.List())
      {
        EXPECT_TRUE(entry == name || (entry[0] == '.' && entry.find(".iwf-") != std::string::npos)) << entry;
      }
    }
    ASSERT_STATUS(old.Write(path), IWF_OK);
    EXPECT_EQ(folder.List(), std::vector<std::string>{ name }); // cleaned by the next write
    fs::remove_all(path);
  }
}

TEST(Writer, LinksAreFollowed)
{
  Folder      folder;
  const Image image({ 2, 2 });
  for (const std::string & name : imageNames)
  {
    fs::create_directory(folder / "real");
    ASSERT_STATUS(Image({ 1, 1 }).Write(folder / ("real/" + name)), IWF_OK);
    fs::create_symlink("real/" + name, folder / name);
    ASSERT_STATUS(image.Write(folder / name), IWF_OK);
    EXPECT_TRUE(fs::is_symlink(folder / name));
    Reader reader;
    ASSERT_STATUS(reader.Open(folder / ("real/" + name)), IWF_OK);
    EXPECT_EQ(iwf_reader_image(reader.handle)->size[0], 2u);
    EXPECT_EQ(folder.List("real"), std::vector<std::string>{ name });
    fs::remove_all(folder / "real");
    // Now it dangles.
    iwf_error error{};
    EXPECT_STATUS(image.Write(folder / name, &error), IWF_ERROR_OPEN);
    EXPECT_STREQ(error.message, "could not follow the symbolic link: No such file or directory");
    fs::remove(folder / name);
  }
}

TEST(Writer, PlacesThatAreTaken)
{
  Folder      folder;
  const Image image({ 2, 2 });
  iwf_error   error{};
  fs::create_directory(folder / "d.iwi.cbor");
  EXPECT_STATUS(image.Write(folder / "d.iwi.cbor", &error), IWF_ERROR_OPEN);
  EXPECT_STREQ(error.message, "expected a file to replace, found a directory");
  WriteFile(folder / "f.iwi", "x");
  EXPECT_STATUS(image.Write(folder / "f.iwi", &error), IWF_ERROR_OPEN);
  EXPECT_STREQ(error.message, "expected a directory to replace, found a file");
  ASSERT_EQ(mkfifo((folder / "p.iwi.cbor").c_str(), 0600), 0);
  EXPECT_STATUS(image.Write(folder / "p.iwi.cbor", &error), IWF_ERROR_OPEN);
  EXPECT_STATUS(image.Write(folder / "no/such/x.iwi.cbor", &error), IWF_ERROR_OPEN);
  EXPECT_EQ(error.system_errno, ENOENT);
  EXPECT_STATUS(image.Write(folder / "no/such/x.iwi", &error), IWF_ERROR_OPEN);
  EXPECT_STATUS(image.Write(folder / "f.iwi/x.iwi.cbor", &error), IWF_ERROR_OPEN);
  for (const std::string suffix : { ".iwi", ".iwi.cbor" })
  {
    EXPECT_STATUS(image.Write(folder / (std::string(300, 'n') + suffix), &error), IWF_ERROR_OPEN);
    EXPECT_EQ(error.system_errno, ENAMETOOLONG);
    // Long names that the system takes need temporaries that it takes, too.
    EXPECT_STATUS(image.Write(folder / (std::string(240, 'n') + suffix), &error), IWF_OK) << error.message;
  }
  // An empty directory is as good as none.
  fs::create_directory(folder / "e.iwi");
  EXPECT_STATUS(image.Write(folder / "e.iwi/", &error), IWF_OK) << error.message;
  EXPECT_EQ(folder.List("e.iwi").size(), 2u);
}

TEST(Writer, ForeignFilesStay)
{
  const Image image({ 2, 2 });
  for (const std::string foreign : { "notes.txt",
                                     "data/notes.txt",
                                     "data/x/y.raw",
                                     "data/3/z.txt",
                                     "sub/index.json",
                                     "index.json/x",
                                     "data.raw",
                                     "data/data.raw/x" })
  {
    Folder folder;
    ASSERT_STATUS(image.Write(folder / "w.iwi"), IWF_OK);
    fs::remove(folder / "w.iwi/index.json"); // in whose place there may be a folder now
    fs::remove(folder / "w.iwi/data/data.raw");
    WriteFile(folder / ("w.iwi/" + foreign), "mine");
    const std::string before = Snapshot(folder / "w.iwi");
    iwf_error         error{};
    EXPECT_STATUS(image.Write(folder / "w.iwi", &error), IWF_ERROR_OPEN) << foreign;
    EXPECT_CONTAINS(error.message, "nothing but index.json and raw files in it to replace, found ");
    EXPECT_EQ(Snapshot(folder / "w.iwi"), before);
    EXPECT_EQ(folder.List(), std::vector<std::string>{ "w.iwi" });
  }
}

TEST(Writer, WithoutPermission)
{
  Folder      folder;
  const Image image({ 2, 2 });
  EXPECT_TRUE(AsOrdinaryUser(folder, [&] {
    iwf_error error{};
    bool      right = true;
    for (const std::string & name : imageNames)
    {
      fs::create_directory(folder / "locked");
      right = right && image.Write(folder / ("locked/" + name), &error) == IWF_OK;
      const std::string before = Snapshot(folder / ("locked/" + name));
      // In a folder without write permission.
      right = right && chmod((folder / "locked").c_str(), 0500) == 0;
      right =
        right && image.Write(folder / ("locked/" + name), &error) == IWF_ERROR_OPEN && error.system_errno == EACCES;
      right =
        right && image.Write(folder / ("locked/new" + name), &error) == IWF_ERROR_OPEN && error.system_errno == EACCES;
      right = right && Snapshot(folder / ("locked/" + name)) == before;
      // Over an object without it.
      right = right && chmod((folder / "locked").c_str(), 0700) == 0;
      right = right && chmod((folder / ("locked/" + name)).c_str(), name == "w.iwi" ? 0500 : 0400) == 0;
      right =
        right && image.Write(folder / ("locked/" + name), &error) == IWF_ERROR_OPEN && error.system_errno == EACCES;
      right = right && Snapshot(folder / ("locked/" + name)) == before;
      right = right && folder.List("locked") == std::vector<std::string>{ name };
      // Unreadable: the reader says so.
      iwf_reader * reader = nullptr;
      right = right && chmod((folder / ("locked/" + name)).c_str(), 0) == 0;
      right = right &&
              iwf_reader_open(&reader, (folder / ("locked/" + name)).c_str(), nullptr, &error) == IWF_ERROR_OPEN &&
              error.system_errno == EACCES;
      right = right && chmod((folder / ("locked/" + name)).c_str(), 0700) == 0;
      fs::remove_all(folder / "locked");
    }
    return right;
  }));
}

TEST(Writer, FileSizeLimit)
{
  // ulimit -f: an error, not the signal that comes with it.
  Folder      folder;
  const Image noise = Noise({ 300, 300 });
  for (const std::string & name : imageNames)
  {
    ASSERT_STATUS(Image({ 2, 2 }).Write(folder / name), IWF_OK);
    const std::string before = Snapshot(folder / name);
    const int         result = InOwnProcess([&] {
      rlimit limit{ 4096, 4096 };
      signal(SIGXFSZ, SIG_DFL);
      setrlimit(RLIMIT_FSIZE, &limit);
      iwf_error error{};
      return noise.Write(folder / name, &error) == IWF_ERROR_WRITE && error.system_errno == EFBIG ? 0 : 1;
    });
    EXPECT_EQ(result, 0) << name;
    EXPECT_EQ(Snapshot(folder / name), before);
  }
  EXPECT_EQ(folder.List(), imageNames);
}

TEST(Writer, FullDisk)
{
  // A real one, of 1 MiB, in a mount namespace of its own.
  enum
  {
    GOOD,
    BAD,
    NO_DISK
  };
  Folder      folder;
  const Image small({ 64, 64 });
  const Image noise = Noise({ 2048, 1024 });
  for (const std::string & name : imageNames)
  {
    const int result = InOwnProcess([&] {
      const bool isolated = unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
      if (!isolated || mount("none", "/", "none", MS_REC | MS_PRIVATE, nullptr) != 0 ||
          mount("tmpfs", folder.path.c_str(), "tmpfs", 0, "size=1m") != 0)
      {
        return NO_DISK;
      }
      iwf_error  error{};
      const bool before = small.Write(folder / name, &error) == IWF_OK;
      const auto kept = Snapshot(folder / name);
      const bool failed = noise.Write(folder / name, &error) == IWF_ERROR_WRITE && error.system_errno == ENOSPC;
      const bool whole = Snapshot(folder / name) == kept && folder.List() == std::vector<std::string>{ name };
      // What the failure left is room for the next one.
      const bool again = small.Write(folder / name, &error) == IWF_OK;
      return before && failed && whole && again ? GOOD : BAD;
    });
    if (result == NO_DISK)
    {
      GTEST_SKIP() << "a disk can be mounted neither as root nor in a user namespace";
    }
    EXPECT_EQ(result, GOOD) << name;
  }
}

TEST(Writer, PasteInPlace)
{
  Folder      folder;
  const Image image({ 5, 4 }, IWF_INT16);
  iwf_region  region{};
  region.index[0] = 1;
  region.index[1] = 2;
  region.size[0] = 3;
  region.size[1] = 1;
  const int16_t replacement[] = { -1, -2, -3 };
  for (const std::string name : { "p.iwi", "p.iwi.cbor" })
  {
    ASSERT_STATUS(image.Write(folder / name), IWF_OK);
    iwf_writer * writer = nullptr;
    iwf_error    error{};
    ASSERT_STATUS(iwf_writer_open_paste(&writer, (folder / name).c_str(), &image.info, &error), IWF_OK)
      << error.message;
    ASSERT_STATUS(iwf_writer_write_region(writer, &region, replacement, &error), IWF_OK) << error.message;
    ASSERT_STATUS(iwf_writer_commit(writer, &error), IWF_OK) << error.message;
    iwf_writer_close(writer);
    Bytes expected(image.pixels.begin(), image.pixels.end());
    expected.replace((2 * 5 + 1) * 2, 6, reinterpret_cast<const char *>(replacement), 6);
    Reader reader;
    Bytes  pixels;
    ASSERT_STATUS(reader.Open(folder / name), IWF_OK) << reader.error.message;
    ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, pixels), IWF_OK);
    EXPECT_EQ(pixels, expected);
    // Another size or type.
    Image other({ 4, 5 }, IWF_INT16);
    EXPECT_NE(iwf_writer_open_paste(&writer, (folder / name).c_str(), &other.info, &error), IWF_OK);
    other = Image({ 5, 4 }, IWF_UINT16);
    EXPECT_NE(iwf_writer_open_paste(&writer, (folder / name).c_str(), &other.info, &error), IWF_OK);
  }
  iwf_writer * writer = nullptr;
  iwf_error    error{};
  ASSERT_STATUS(image.Write(folder / "p.iwi.cbor.zst"), IWF_OK);
  EXPECT_STATUS(iwf_writer_open_paste(&writer, (folder / "p.iwi.cbor.zst").c_str(), &image.info, &error),
                IWF_ERROR_UNSUPPORTED);
  EXPECT_STATUS(iwf_writer_open_paste(&writer, (folder / "none.iwi.cbor").c_str(), &image.info, &error),
                IWF_ERROR_OPEN);
}
