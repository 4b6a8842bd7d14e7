/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Every call of the core to the system fails once: the n-th call of each kind, for n = 1, 2, …, until the work passes.
 * The linker leads the core's calls here (--wrap). Whatever fails, the object at the target is the old one, whole, or,
 * when the work passed all the same, the new one; nothing is left beside it; the sanitizers find no leak.
 */

using namespace iwf_test;
namespace fs = std::filesystem;

namespace
{
struct Fault
{
  const char *      name;
  int               reason;          // errno
  std::atomic<long> countdown{ -1 }; // calls until the one that fails; < 0: none does
  bool              all = false;     // and all after it
  std::atomic<bool> hit{ false };

  bool
  Strikes()
  {
    if (countdown < 0)
    {
      return false;
    }
    if (countdown > 0)
    {
      --countdown;
      return false;
    }
    hit = true;
    if (!all)
    {
      countdown = -1;
    }
    errno = reason;
    return true;
  }
};

Fault             memoryFault{ "malloc, calloc, realloc", ENOMEM };
Fault             openFault{ "open, openat", EIO };
Fault             preadFault{ "pread", EIO };
Fault             pwriteFault{ "pwrite", ENOSPC };
Fault             allocateFault{ "fallocate", ENOSPC };
Fault             renameFault{ "rename", EIO };
Fault             exchangeFault{ "renameat2", EIO };
Fault             closeFault{ "close", EIO };
Fault             mkdirFault{ "mkdir, mkdirat", EDQUOT };
Fault             flockFault{ "flock", ENOLCK };
Fault             statFault{ "fstat, stat, lstat", EIO };
Fault             chmodFault{ "fchmod", EPERM };
Fault             dupFault{ "dup", EMFILE };
Fault             listFault{ "fdopendir", EMFILE };
std::atomic<bool> noExchange{ false };
std::atomic<bool> shortTransfers{ false };

/** With shortTransfers, each read or write gets a few bytes only, and one in three is interrupted: then true. */
bool
Interrupts(size_t & bytes)
{
  static thread_local unsigned calls = 0;
  if (!shortTransfers)
  {
    return false;
  }
  if (++calls % 3 == 0)
  {
    errno = EINTR;
    return true;
  }
  bytes = std::min<size_t>(bytes, 1 + calls % 7);
  return false;
}
} // namespace

// errno after a wrapped call that worked is the system's. Open descriptors are closed even when closing "fails".
extern "C"
{
#define WRAP(fault, failure, result, name, parameters, arguments)   \
  result __real_##name parameters;                                  \
  result __wrap_##name parameters;                                  \
  result __wrap_##name parameters                                   \
  {                                                                 \
    return (fault).Strikes() ? (failure) : __real_##name arguments; \
  }

  WRAP(memoryFault, nullptr, void *, malloc, (size_t size), (size))
  WRAP(memoryFault, nullptr, void *, calloc, (size_t count, size_t size), (count, size))
  WRAP(memoryFault, nullptr, void *, realloc, (void * old, size_t size), (old, size))
  WRAP(memoryFault, nullptr, char *, strdup, (const char * text), (text))
  WRAP(memoryFault, nullptr, char *, strndup, (const char * text, size_t size), (text, size))
  WRAP(allocateFault, -1, int, fallocate, (int fd, int mode, off_t at, off_t bytes), (fd, mode, at, bytes))
  WRAP(allocateFault, -1, int, fallocate64, (int fd, int mode, off_t at, off_t bytes), (fd, mode, at, bytes))
  WRAP(renameFault, -1, int, rename, (const char * from, const char * to), (from, to))
  WRAP(mkdirFault, -1, int, mkdir, (const char * path, mode_t mode), (path, mode))
  WRAP(mkdirFault, -1, int, mkdirat, (int fd, const char * path, mode_t mode), (fd, path, mode))
  WRAP(flockFault, -1, int, flock, (int fd, int what), (fd, what))
  WRAP(statFault, -1, int, fstat, (int fd, struct stat * status), (fd, status))
  WRAP(statFault, -1, int, stat, (const char * path, struct stat * status), (path, status))
  WRAP(statFault, -1, int, lstat, (const char * path, struct stat * status), (path, status))
  WRAP(statFault, -1, int, fstat64, (int fd, struct stat * status), (fd, status))
  WRAP(statFault, -1, int, stat64, (const char * path, struct stat * status), (path, status))
  WRAP(statFault, -1, int, lstat64, (const char * path, struct stat * status), (path, status))
  WRAP(chmodFault, -1, int, fchmod, (int fd, mode_t mode), (fd, mode))
  WRAP(dupFault, -1, int, dup, (int fd), (fd))

  ssize_t
  __real_pread64(int fd, void * buffer, size_t bytes, off_t at);
  ssize_t
  __wrap_pread64(int fd, void * buffer, size_t bytes, off_t at);
  ssize_t
  __wrap_pread64(int fd, void * buffer, size_t bytes, off_t at)
  {
    if (preadFault.Strikes() || Interrupts(bytes))
    {
      return -1;
    }
    return __real_pread64(fd, buffer, bytes, at);
  }

  ssize_t
  __real_pwrite64(int fd, const void * buffer, size_t bytes, off_t at);
  ssize_t
  __wrap_pwrite64(int fd, const void * buffer, size_t bytes, off_t at);
  ssize_t
  __wrap_pwrite64(int fd, const void * buffer, size_t bytes, off_t at)
  {
    if (pwriteFault.Strikes() || Interrupts(bytes))
    {
      return -1;
    }
    return __real_pwrite64(fd, buffer, bytes, at);
  }

  int
  __real_open64(const char * path, int flags, ...);
  int
  __wrap_open64(const char * path, int flags, ...);
  int
  __wrap_open64(const char * path, int flags, ...)
  {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return openFault.Strikes() ? -1 : __real_open64(path, flags, mode);
  }

  int
  __real_openat64(int fd, const char * path, int flags, ...);
  int
  __wrap_openat64(int fd, const char * path, int flags, ...);
  int
  __wrap_openat64(int fd, const char * path, int flags, ...)
  {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return openFault.Strikes() ? -1 : __real_openat64(fd, path, flags, mode);
  }

  int
  __real_close(int fd);
  int
  __wrap_close(int fd);
  int
  __wrap_close(int fd)
  {
    const int result = __real_close(fd);
    return closeFault.Strikes() ? -1 : result;
  }

  int
  __real_renameat2(int from, const char * old, int to, const char * path, unsigned flags);
  int
  __wrap_renameat2(int from, const char * old, int to, const char * path, unsigned flags);
  int
  __wrap_renameat2(int from, const char * old, int to, const char * path, unsigned flags)
  {
    if (noExchange)
    {
      errno = EINVAL;
      return -1;
    }
    return exchangeFault.Strikes() ? -1 : __real_renameat2(from, old, to, path, flags);
  }

  struct __dirstream;
  struct __dirstream *
  __real_fdopendir(int fd);
  struct __dirstream *
  __wrap_fdopendir(int fd);
  struct __dirstream *
  __wrap_fdopendir(int fd)
  {
    return listFault.Strikes() ? nullptr : __real_fdopendir(fd);
  }
}

namespace
{
Fault * const faults[] = { &memoryFault, &openFault,     &preadFault, &pwriteFault, &allocateFault,
                           &renameFault, &exchangeFault, &closeFault, &mkdirFault,  &flockFault,
                           &statFault,   &chmodFault,    &dupFault,   &listFault };

long struck = 0; // calls that failed

size_t
OpenDescriptors()
{
  return static_cast<size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

struct Scenario
{
  std::string                                                            name; // of the object
  std::function<iwf_status(const std::string & path, iwf_error * error)> write;
};

std::vector<Scenario>
Scenarios()
{
  std::vector<Scenario> all;
  for (const std::string suffix : { "", ".cbor", ".cbor.zst" })
  {
    all.push_back({ "f.iwi" + suffix, [](const std::string & path, iwf_error * error) {
                     return Image({ 20, 10 }, IWF_INT16).Write(path, error);
                   } });
    all.push_back(
      { "f.iwm" + suffix, [](const std::string & path, iwf_error * error) { return Mesh().Write(path, error); } });
    all.push_back({ "f.iwt" + suffix,
                    [](const std::string & path, iwf_error * error) { return Transforms(3).Write(path, error); } });
  }
  return all;
}

/** Reads an object as text; "nothing" if there is none, "broken" if it cannot be read. */
std::string
Load(const std::string & path)
{
  if (!fs::exists(path))
  {
    return "nothing";
  }
  Reader reader;
  return reader.Open(path) == IWF_OK ? Describe(reader) : std::string("broken: ") + reader.error.message;
}

/** An object of the same family that is not the scenario's. */
void
WriteOld(const std::string & path)
{
  iwf_error     error{};
  iwf_family    family = IWF_FAMILY_IMAGE;
  iwf_container container = IWF_CONTAINER_CBOR;
  ASSERT_TRUE(iwf_path_format(path.c_str(), &family, &container));
  const iwf_status status = family == IWF_FAMILY_IMAGE  ? Image({ 2, 2 }).Write(path, &error)
                            : family == IWF_FAMILY_MESH ? [&] {
                                Mesh mesh;
                                mesh.pointData = { 9, 9, 9, 9 };
                                return mesh.Write(path, &error);
                              }()
                                                        : Transforms(1).Write(path, &error);
  ASSERT_STATUS(status, IWF_OK) << error.message;
}

void
FailEveryWrite(const Scenario & scenario, Fault & fault, bool all, bool exists)
{
  Folder            folder;
  const std::string path = folder / scenario.name;
  fs::create_directory(folder / "new");
  ASSERT_STATUS(scenario.write(folder / ("new/" + scenario.name), nullptr), IWF_OK);
  const std::string complete = Load(folder / ("new/" + scenario.name));
  fs::remove_all(folder / "new");
  if (exists)
  {
    WriteOld(path);
  }
  const std::string before = Load(path);
  const auto        names = folder.List();
  for (long n = 0; n < 100000; ++n)
  {
    SCOPED_TRACE(std::string(fault.name) + " " + std::to_string(n) + (all ? " and after" : "") + " of " +
                 scenario.name + (exists ? " over an old one" : ""));
    const size_t descriptors = OpenDescriptors();
    iwf_error    error{};
    fault.hit = false;
    fault.all = all;
    fault.countdown = n;
    const iwf_status status = scenario.write(path, &error);
    fault.countdown = -1;
    fault.all = false;
    const bool hit = fault.hit;
    ASSERT_EQ(OpenDescriptors(), descriptors);
    const std::string after = Load(path);
    if (status == IWF_OK)
    {
      ASSERT_EQ(after, complete);
    }
    else
    {
      ASSERT_EQ(after, before) << error.message;
      ASSERT_GE(status, IWF_ERROR_MEMORY) << error.message;
      ASSERT_LE(status, IWF_ERROR_COMMIT) << error.message;
      ASSERT_NE(error.message[0], '\0');
      ASSERT_EQ(&fault == &memoryFault, status == IWF_ERROR_MEMORY) << error.message;
    }
    // Where removing itself fails, what is left is gone after the next write.
    if (folder.List() != (status == IWF_OK ? std::vector<std::string>{ scenario.name } : names))
    {
      ASSERT_TRUE(all || status == IWF_OK || &fault == &openFault || &fault == &listFault || &fault == &flockFault ||
                  &fault == &statFault || &fault == &memoryFault)
        << ::testing::PrintToString(folder.List());
      if (exists)
      {
        WriteOld(path);
        ASSERT_EQ(folder.List(), names);
      }
      else
      {
        ASSERT_STATUS(scenario.write(path, &error), IWF_OK);
        ASSERT_EQ(folder.List(), std::vector<std::string>{ scenario.name });
        fs::remove_all(path);
      }
    }
    else if (status == IWF_OK && exists)
    {
      WriteOld(path);
    }
    else if (status == IWF_OK)
    {
      fs::remove_all(path);
    }
    if (!hit)
    {
      ASSERT_STATUS(status, IWF_OK) << error.message;
      struck += n;
      return;
    }
  }
  FAIL() << "never passed";
}

void
FailEveryRead(const Bytes & bytes, const std::string & path, Fault & fault, bool all)
{
  Reader plain;
  if (path.empty())
  {
    ASSERT_STATUS(plain.OpenMemory(bytes), IWF_OK);
  }
  else
  {
    ASSERT_STATUS(plain.Open(path), IWF_OK);
  }
  const std::string expected = Describe(plain);
  for (long n = 0; n < 100000; ++n)
  {
    SCOPED_TRACE(std::string(fault.name) + " " + std::to_string(n) + (all ? " and after" : "") + " of " + path);
    const size_t descriptors = OpenDescriptors();
    {
      Reader reader;
      reader.memory.reserve(bytes.size()); // the test's own memory comes first
      fault.hit = false;
      fault.all = all;
      fault.countdown = n;
      iwf_status status = path.empty() ? reader.OpenMemory(bytes) : reader.Open(path);
      if (status == IWF_OK)
      {
        status = reader.ReadAll();
      }
      fault.countdown = -1;
      fault.all = false;
      if (status == IWF_OK)
      {
        ASSERT_EQ(Describe(reader), expected);
      }
      else
      {
        ASSERT_TRUE(status == IWF_ERROR_MEMORY || status == IWF_ERROR_OPEN || status == IWF_ERROR_READ)
          << iwf_status_name(status) << reader.error.message;
      }
      if (!fault.hit)
      {
        ASSERT_STATUS(status, IWF_OK);
        n = 100000;
      }
    }
    ASSERT_EQ(OpenDescriptors(), descriptors);
  }
}
} // namespace

TEST(Fault, Writing)
{
  for (const Scenario & scenario : Scenarios())
  {
    for (Fault * fault : faults)
    {
      for (const bool exists : { false, true })
      {
        ASSERT_NO_FATAL_FAILURE(FailEveryWrite(scenario, *fault, false, exists));
        ASSERT_NO_FATAL_FAILURE(FailEveryWrite(scenario, *fault, true, exists));
      }
    }
  }
  EXPECT_GT(struck, 1000); // or the linker did not lead the calls here
  RecordProperty("faults", static_cast<int>(struck));
}

TEST(Fault, WritingWhereNothingCanBeExchanged)
{
  noExchange = true;
  for (const Scenario & scenario : Scenarios())
  {
    if (scenario.name.find(".cbor") == std::string::npos)
    {
      for (Fault * fault : faults)
      {
        // When moving back fails, too, the old object is aside: the next writer brings it back.
        if (fault != &renameFault)
        {
          ASSERT_NO_FATAL_FAILURE(FailEveryWrite(scenario, *fault, false, true));
          ASSERT_NO_FATAL_FAILURE(FailEveryWrite(scenario, *fault, true, true));
        }
      }
      ASSERT_NO_FATAL_FAILURE(FailEveryWrite(scenario, renameFault, false, true));
    }
  }
  noExchange = false;
}

TEST(Fault, Reading)
{
  Folder folder;
  for (const Scenario & scenario : Scenarios())
  {
    ASSERT_STATUS(scenario.write(folder / scenario.name, nullptr), IWF_OK);
    for (Fault * fault : { &memoryFault, &openFault, &preadFault, &statFault, &closeFault })
    {
      ASSERT_NO_FATAL_FAILURE(FailEveryRead("", folder / scenario.name, *fault, false));
      ASSERT_NO_FATAL_FAILURE(FailEveryRead("", folder / scenario.name, *fault, true));
    }
  }
  Transforms many(30);
  ASSERT_STATUS(many.Write(folder / "many.iwt"), IWF_OK);
  for (Fault * fault : { &memoryFault, &openFault, &preadFault, &statFault })
  {
    ASSERT_NO_FATAL_FAILURE(FailEveryRead("", folder / "many.iwt", *fault, false));
  }
  // Text and bytes in chunks, pairs of metadata.
  Map image = SmallImage();
  image.Set("data", "\x5f" + Blob("123") + Blob("456") + "\xff")
    .Set("metadata", Array({ Array({ "\x7f" + Text("k") + Text("l") + "\xff", Uint(1) }) }));
  WriteFile(folder / "chunks.iwi.cbor", image.EncodeIndefinite());
  ASSERT_NO_FATAL_FAILURE(FailEveryRead("", folder / "chunks.iwi.cbor", memoryFault, false));
}

TEST(Fault, ShortTransfersAndInterruptions)
{
  Folder folder;
  for (const Scenario & scenario : Scenarios())
  {
    ASSERT_STATUS(scenario.write(folder / scenario.name, nullptr), IWF_OK);
    const std::string expected = Load(folder / scenario.name);
    fs::remove_all(folder / scenario.name);
    shortTransfers = true;
    iwf_error error{};
    EXPECT_STATUS(scenario.write(folder / scenario.name, &error), IWF_OK) << error.message;
    EXPECT_EQ(Load(folder / scenario.name), expected);
    shortTransfers = false;
    EXPECT_EQ(Load(folder / scenario.name), expected);
  }
}
