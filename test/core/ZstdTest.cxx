/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <zstd.h>

#include <algorithm>

using namespace iwf_test;

namespace
{
Bytes
Compress(const Bytes & content, int level = 3)
{
  Bytes bytes(ZSTD_compressBound(content.size()), '\0');
  bytes.resize(ZSTD_compress(bytes.data(), bytes.size(), content.data(), content.size(), level));
  return bytes;
}

struct FrameOptions
{
  bool contentSize = false;
  bool checksum = false;
  int  windowLog = 0;
};

Bytes
Stream(const Bytes & content, const FrameOptions & options)
{
  ZSTD_CCtx * encoder = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(encoder, ZSTD_c_checksumFlag, options.checksum);
  ZSTD_CCtx_setParameter(encoder, ZSTD_c_contentSizeFlag, options.contentSize);
  if (options.windowLog != 0)
  {
    ZSTD_CCtx_setParameter(encoder, ZSTD_c_windowLog, options.windowLog);
  }
  if (options.contentSize)
  {
    ZSTD_CCtx_setPledgedSrcSize(encoder, content.size());
  }
  Bytes          bytes(ZSTD_compressBound(content.size()) + 1000, '\0');
  ZSTD_inBuffer  in{ content.data(), content.size(), 0 };
  ZSTD_outBuffer out{ bytes.data(), bytes.size(), 0 };
  EXPECT_EQ(ZSTD_compressStream2(encoder, &out, &in, ZSTD_e_continue),
            ZSTD_compressStream2(encoder, &out, &in, ZSTD_e_continue));
  EXPECT_EQ(ZSTD_compressStream2(encoder, &out, &in, ZSTD_e_end), 0u);
  ZSTD_freeCCtx(encoder);
  bytes.resize(out.pos);
  return bytes;
}

Bytes
Skippable(const Bytes & content)
{
  return Raw<uint32_t>({ 0x184D2A53u, static_cast<uint32_t>(content.size()) }) + content;
}

/** A frame of `count` blocks that repeat one byte 128 Ki times. */
Bytes
Bomb(size_t count, bool contentKnown)
{
  Bytes bytes = Hex("28b52ffd") + (contentKnown ? Hex("c038") + Raw<uint64_t>({ count * 131072 }) : Hex("0038"));
  for (size_t i = 0; i < count; ++i)
  {
    const uint32_t head = (i + 1 == count) | 1u << 1 | 131072u << 3;
    bytes += Raw<uint32_t>({ head }).substr(0, 3) + '\0';
  }
  return bytes;
}

/** The small image with larger, hardly compressible pixels. */
Map
NoisyImage(uint64_t width, uint64_t height)
{
  Bytes    pixels;
  uint32_t state = 1;
  for (uint64_t i = 0; i < width * height; ++i)
  {
    state = state * 1664525u + 1013904223u;
    pixels += static_cast<char>(state >> 24);
  }
  return SmallImage().Set("size", Sizes({ width, height })).Set("data", Tag(64, Blob(pixels)));
}

iwf_status
Open(const Bytes & bytes, Reader & reader, const iwf_limits * limits = nullptr)
{
  return reader.OpenMemory(bytes, IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR_ZSTD, limits);
}

iwf_status
ReadIt(const Bytes & bytes, iwf_error * error = nullptr)
{
  return ReadObject(bytes, IWF_FAMILY_IMAGE, error, IWF_CONTAINER_CBOR_ZSTD);
}

void
ExpectSame(const Bytes & zst, const Bytes & cbor, const char * what)
{
  Reader plain;
  Reader compressed;
  ASSERT_STATUS(plain.OpenMemory(cbor), IWF_OK) << plain.error.message;
  ASSERT_STATUS(Open(zst, compressed), IWF_OK) << what << ": " << compressed.error.message;
  EXPECT_EQ(Describe(plain), Describe(compressed)) << what;
  EXPECT_EQ(Describe(plain), Describe(compressed)) << what << ", once more";
}
} // namespace

TEST(Zstd, EveryKindOfFrame)
{
  for (const Bytes & cbor :
       { SmallImage().Encode(), NoisyImage(700, 500).Encode(), SmallImage().Encode() + std::string(300000, 'x') })
  {
    ExpectSame(Compress(cbor), cbor, "one-shot");
    ExpectSame(Compress(cbor, 19), cbor, "level 19");
    ExpectSame(Compress(cbor, -5), cbor, "fast");
    ExpectSame(Stream(cbor, {}), cbor, "without content size");
    ExpectSame(Stream(cbor, { true, true }), cbor, "content size and checksum");
    ExpectSame(Stream(cbor, { false, true }), cbor, "checksum only");
    ExpectSame(Stream(cbor, { false, false, 10 }), cbor, "smallest window");
    for (size_t cut : { size_t{ 0 }, size_t{ 1 }, size_t{ 100 }, cbor.size() - 1, cbor.size() })
    {
      ExpectSame(Compress(cbor.substr(0, cut)) + Compress(cbor.substr(cut)), cbor, "two frames");
      ExpectSame(Stream(cbor.substr(0, cut), {}) + Compress(cbor.substr(cut)), cbor, "two frames, one of unknown size");
    }
    ExpectSame(Skippable("") + Compress(cbor) + Skippable("abc"), cbor, "skippable frames");
    ExpectSame(Compress(cbor.substr(0, 50)) + Skippable(std::string(300000, 's')) + Compress(cbor.substr(50)),
               cbor,
               "skippable between");
  }
}

TEST(Zstd, EveryTruncation)
{
  const Bytes cbor = NoisyImage(40, 30).Encode();
  for (const Bytes & zst : { Compress(cbor),
                             Stream(cbor, {}),
                             Stream(cbor, { true, true }),
                             Compress(cbor.substr(0, 99)) + Compress(cbor.substr(99)) })
  {
    ASSERT_STATUS(ReadIt(zst), IWF_OK);
    for (size_t cut = 0; cut < zst.size(); ++cut)
    {
      iwf_error error{};
      EXPECT_STATUS(ReadIt(zst.substr(0, cut), &error), IWF_ERROR_TRUNCATED)
        << cut << " of " << zst.size() << error.message;
    }
  }
  // What is compressed may itself be cut.
  for (size_t cut = 0; cut < cbor.size(); cut += 7)
  {
    EXPECT_STATUS(ReadIt(Compress(cbor.substr(0, cut))), IWF_ERROR_TRUNCATED) << cut;
    EXPECT_STATUS(ReadIt(Stream(cbor.substr(0, cut), {})), IWF_ERROR_TRUNCATED) << cut;
  }
}

TEST(Zstd, NotZstd)
{
  iwf_error error{};
  EXPECT_STATUS(ReadIt(SmallImage().Encode(), &error), IWF_ERROR_SYNTAX);
  EXPECT_STREQ(error.message, "at byte 0: expected a zstd frame (28 b5 2f fd), found a7 69 69 6d");
  EXPECT_STATUS(ReadIt(Compress(SmallImage().Encode()) + "trailing", &error), IWF_ERROR_SYNTAX);
  EXPECT_STATUS(ReadIt(Compress(SmallImage().Encode()) + "tra", &error), IWF_ERROR_TRUNCATED);
  EXPECT_STATUS(ReadIt("", &error), IWF_ERROR_TRUNCATED);
  EXPECT_STATUS(ReadIt(Skippable("abc"), &error), IWF_ERROR_TRUNCATED); // no content at all
  EXPECT_STATUS(ReadIt(Skippable("abc").substr(0, 10), &error), IWF_ERROR_TRUNCATED);
  // A reserved block type, and a block of more than 128 KiB.
  EXPECT_STATUS(ReadIt(Hex("28b52ffd0038070000"), &error), IWF_ERROR_SYNTAX);
  EXPECT_CONTAINS(error.message, "expected a zstd block, found 0x000007");
  EXPECT_STATUS(ReadIt(Hex("28b52ffd0038090010") + std::string(131073, 'x'), &error), IWF_ERROR_SYNTAX);
  // A dictionary that nobody has.
  EXPECT_STATUS(ReadIt(Hex("28b52ffd0138ff09000061"), &error), IWF_ERROR_SYNTAX) << error.message;
  // The frame header's reserved bit.
  EXPECT_STATUS(ReadIt(Hex("28b52ffd083809000061"), &error), IWF_ERROR_SYNTAX) << error.message;
}

TEST(Zstd, ChecksumError)
{
  const Bytes cbor = NoisyImage(40, 30).Encode();
  Bytes       zst = Stream(cbor, { true, true });
  iwf_error   error{};
  zst.back() = static_cast<char>(zst.back() ^ 1);
  EXPECT_STATUS(ReadIt(zst, &error), IWF_ERROR_SYNTAX);
  EXPECT_CONTAINS(error.message, "checksum");
  zst.back() = static_cast<char>(zst.back() ^ 1);
  // Any changed byte of the content is found.
  for (size_t i = 20; i < zst.size(); i += 13)
  {
    Bytes damaged = zst;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_NE(ReadIt(damaged, &error), IWF_OK) << i;
  }
}

TEST(Zstd, ContentSizeThatLies)
{
  const Bytes cbor = SmallImage().Encode();
  Bytes       zst = Stream(cbor, { true, false });
  iwf_error   error{};
  // Single segment, content size of one or two bytes at byte 5.
  ASSERT_EQ(static_cast<unsigned char>(zst[4]) & 0x20u, 0x20u);
  for (const int change : { -3, -1, 1, 3 })
  {
    Bytes damaged = zst;
    damaged[5] = static_cast<char>(damaged[5] + change);
    EXPECT_NE(ReadIt(damaged, &error), IWF_OK) << change;
  }
  // 2^62 bytes in a frame of one block.
  const Bytes huge = Hex("28b52ffdc038") + Raw<uint64_t>({ uint64_t{ 1 } << 62 }) + Hex("010000");
  EXPECT_STATUS(ReadIt(huge, &error), IWF_ERROR_LENGTH);
  EXPECT_CONTAINS(error.message,
                  "expected the 4611686018427387904 bytes that the zstd frame promises, found blocks of at most 0");
}

TEST(Zstd, Window)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  limits.zstd_window_log = 20;
  const Bytes cbor = SmallImage().Encode();
  Reader      reader;
  EXPECT_STATUS(Open(Stream(cbor, { false, false, 19 }), reader, &limits), IWF_OK) << reader.error.message;
  EXPECT_STATUS(Open(Stream(cbor, { false, false, 20 }), reader, &limits), IWF_OK) << reader.error.message;
  EXPECT_STATUS(Open(Stream(cbor, { false, false, 21 }), reader, &limits), IWF_ERROR_LIMIT);
  EXPECT_STREQ(reader.error.message,
               "at byte 0: the zstd frame needs a window of 2097152 bytes, more than the limit zstd_window_log = 20");
  // The limits of the default, and beyond what zstd itself takes for one.
  EXPECT_STATUS(Open(Stream(cbor, { false, false, 27 }), reader), IWF_OK) << reader.error.message;
  EXPECT_STATUS(Open(Stream(cbor, { false, false, 28 }), reader), IWF_ERROR_LIMIT);
  limits.zstd_window_log = 28;
  EXPECT_STATUS(Open(Stream(cbor, { false, false, 28 }), reader, &limits), IWF_OK) << reader.error.message;
  limits.zstd_window_log = 63;
  EXPECT_STATUS(Open(Stream(cbor, { false, false, 28 }), reader, &limits), IWF_OK) << reader.error.message;
}

TEST(Zstd, Bombs)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  for (const bool known : { false, true })
  {
    const Bytes bomb = Bomb(9000, known); // 1.1 GiB from 36 KB
    Reader      reader;
    EXPECT_STATUS(Open(bomb, reader), IWF_ERROR_LIMIT);
    EXPECT_CONTAINS(reader.error.message, "zstd_expanded_bytes = 1073741824 and zstd_expansion_ratio = 4096");
    EXPECT_STATUS(Open(Bomb(1000, known), reader), IWF_ERROR_VALUE)
      << reader.error.message; // its first item is 0, not a map
  }
  // One below, at, and above each limit.
  const Bytes cbor = SmallImage().Set("x", Blob(std::string(100000, 'x'))).Encode();
  const Bytes zst = Compress(cbor);
  const auto  ratio = cbor.size() / zst.size();
  limits.zstd_expansion_ratio = 1;
  Reader reader;
  limits.zstd_expanded_bytes = cbor.size() + 1;
  EXPECT_STATUS(Open(zst, reader, &limits), IWF_OK);
  limits.zstd_expanded_bytes = cbor.size();
  EXPECT_STATUS(Open(zst, reader, &limits), IWF_OK);
  limits.zstd_expanded_bytes = cbor.size() - 1;
  EXPECT_STATUS(Open(zst, reader, &limits), IWF_ERROR_LIMIT);
  limits.zstd_expansion_ratio = ratio + 1;
  EXPECT_STATUS(Open(zst, reader, &limits), IWF_OK);
  limits.zstd_expansion_ratio = ratio;
  EXPECT_STATUS(Open(zst, reader, &limits), cbor.size() > ratio * zst.size() ? IWF_ERROR_LIMIT : IWF_OK);
  limits.zstd_expansion_ratio = UINT64_MAX;
  limits.zstd_expanded_bytes = 0;
  EXPECT_STATUS(Open(zst, reader, &limits), IWF_OK);
}

TEST(Zstd, ReadsInAnyOrder)
{
  const Bytes cbor = NoisyImage(700, 500).Encode();
  const Bytes pixels = cbor.substr(cbor.size() - 700 * 500);
  for (const Bytes & zst : { Compress(cbor), Stream(cbor, {}), Stream(cbor, { true, true }) })
  {
    Reader reader;
    ASSERT_STATUS(Open(zst, reader), IWF_OK) << reader.error.message;
    for (const uint64_t first :
         { uint64_t{ 0 }, uint64_t{ 300000 }, uint64_t{ 349999 }, uint64_t{ 5 }, uint64_t{ 100000 } })
    {
      const uint64_t bytes = std::min<uint64_t>(1000, pixels.size() - first);
      Bytes          read(bytes, '\0');
      ASSERT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DATA, first, bytes, read.data(), &reader.error), IWF_OK)
        << reader.error.message;
      EXPECT_EQ(read, pixels.substr(first, bytes));
    }
    iwf_mapping mapping;
    EXPECT_STATUS(iwf_reader_map(reader.handle, 0, IWF_IMAGE_DATA, &mapping, &reader.error), IWF_ERROR_UNSUPPORTED);
    iwf_mapping_release(&mapping);
  }
}

TEST(Zstd, ArraysInTheWrongOrder)
{
  // Each entry's second array comes first. Beginning again for each of them would decompress 80 GB.
  Map transform = SmallTransform();
  transform.Set("numberOfFixedParameters", Uint(1)).Remove("parameters").Remove("fixedParameters");
  transform.Set("parameters", Blob(Raw<double>({ 1.25, -3.5 }))).Set("fixedParameters", Blob(Raw<double>({ 7 })));
  std::vector<Bytes> entries(4000, transform.Encode());
  entries[0] = Map(transform).Set("x", Blob(std::string(20000000, 'x'))).Encode();
  for (const Bytes & zst : { Compress(Array(entries)), Stream(Array(entries), {}) })
  {
    Reader reader;
    ASSERT_STATUS(reader.OpenMemory(zst, IWF_FAMILY_TRANSFORM, IWF_CONTAINER_CBOR_ZSTD), IWF_OK)
      << reader.error.message;
    for (size_t i = 0; i < entries.size(); ++i)
    {
      Bytes bytes;
      ASSERT_STATUS(reader.Read(IWF_TRANSFORM_FIXED_PARAMETERS, bytes, i), IWF_OK) << reader.error.message;
      ASSERT_EQ(bytes, Raw<double>({ 7 }));
      ASSERT_STATUS(reader.Read(IWF_TRANSFORM_PARAMETERS, bytes, i), IWF_OK) << reader.error.message;
      ASSERT_EQ(bytes, Raw<double>({ 1.25, -3.5 }));
    }
  }
}

TEST(Zstd, WritesWhatOthersRead)
{
  Folder folder;
  for (const uint64_t side : { uint64_t{ 3 }, uint64_t{ 300 }, uint64_t{ 1500 } })
  {
    Image             image({ side, side });
    iwf_error         error{};
    iwf_write_options options{};
    for (const int level : { 0, 1, 9, -3 })
    {
      options.compression_level = level;
      ASSERT_STATUS(image.Write(folder / "w.iwi.cbor.zst", &error, &options), IWF_OK) << error.message;
      ASSERT_STATUS(image.Write(folder / "w.iwi.cbor", &error), IWF_OK);
      const Bytes zst = ReadFile(folder / "w.iwi.cbor.zst");
      const Bytes cbor = ReadFile(folder / "w.iwi.cbor");
      // One frame, with content size, for readers of the one-shot kind.
      EXPECT_EQ(ZSTD_getFrameContentSize(zst.data(), zst.size()), cbor.size());
      EXPECT_EQ(ZSTD_findFrameCompressedSize(zst.data(), zst.size()), zst.size());
      Bytes content(cbor.size(), '\0');
      EXPECT_EQ(ZSTD_decompress(content.data(), content.size(), zst.data(), zst.size()), cbor.size());
      EXPECT_EQ(content, cbor);
      // The same again.
      ASSERT_STATUS(image.Write(folder / "again.iwi.cbor.zst", &error, &options), IWF_OK);
      EXPECT_EQ(ReadFile(folder / "again.iwi.cbor.zst"), zst);
    }
    options.compression_level = 100;
    EXPECT_STATUS(image.Write(folder / "w.iwi.cbor.zst", &error, &options), IWF_ERROR_ARGUMENT);
    EXPECT_CONTAINS(error.message, "expected a compression level from ");
    EXPECT_EQ(folder.List(), (std::vector<std::string>{ "again.iwi.cbor.zst", "w.iwi.cbor", "w.iwi.cbor.zst" }));
  }
}

TEST(Zstd, LargeArrays)
{
  // Large enough for a second thread to have the buffer's memory ready; at every place in a page, and less than it asked.
  Folder            folder;
  const std::string path = folder / "large.iwi.cbor.zst";
  Image             image({ 1024, 1024, 40 });
  uint32_t          state = 1;
  for (size_t i = 0; i < image.pixels.size(); ++i)
  {
    state = i % 64 == 0 ? state * 1664525u + 1013904223u : state;
    image.pixels[i] = static_cast<unsigned char>(state >> 24);
  }
  ASSERT_STATUS(image.Write(path), IWF_OK);
  const size_t bytes = image.pixels.size();
  for (const size_t shift : { 0, 1, 4095, 2097151 })
  {
    Reader     reader;
    Bytes      buffer(shift + bytes + 1, '\x5a');
    iwf_error  error{};
    const auto check = [&] {
      return std::equal(image.pixels.begin(), image.pixels.end(), buffer.begin() + shift, [](unsigned char a, char b) {
        return a == static_cast<unsigned char>(b);
      });
    };
    ASSERT_STATUS(reader.Open(path), IWF_OK);
    ASSERT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DATA, 0, bytes, &buffer[shift], &error), IWF_OK)
      << error.message;
    EXPECT_TRUE(check());
    EXPECT_EQ(buffer[shift + bytes], '\x5a');
  }
  // Damaged half way: the error comes while the thread is ahead.
  Bytes damaged = ReadFile(path);
  damaged.replace(damaged.size() / 2, 8, 8, '\xff');
  WriteFile(path, damaged);
  Reader    reader;
  Bytes     buffer(bytes, '\0');
  iwf_error error{};
  ASSERT_STATUS(reader.Open(path), IWF_OK);
  EXPECT_STATUS(iwf_reader_read(reader.handle, 0, IWF_IMAGE_DATA, 0, bytes, &buffer[0], &error), IWF_ERROR_SYNTAX);
}
