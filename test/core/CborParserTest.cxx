/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

extern "C"
{
#include "arena.h"
#include "builder.h"
#include "cbor_parser.h"
}

using namespace iwf_test;

namespace
{
struct Parsed
{
  iwf_status  status = IWF_OK;
  iwf_error   error{};
  std::string text; // of the tree
};

Parsed
Parse(const Bytes & bytes, iwf_limits limits)
{
  Parsed                  parsed;
  const std::vector<char> exact(bytes.begin(), bytes.end());
  iwf_source *            source = nullptr;
  iwf_arena               arena;
  iwf_builder             builder;
  iwf_arena_init(&arena, limits.header_memory);
  EXPECT_STATUS(iwf_source_open_memory(&source, exact.data(), exact.size(), nullptr), IWF_OK);
  parsed.status = iwf_builder_init(&builder, &arena, &limits, &parsed.error);
  if (parsed.status == IWF_OK)
  {
    parsed.status = iwf_cbor_parse(source, &limits, &builder, &parsed.error);
  }
  if (parsed.status == IWF_OK)
  {
    parsed.text = DescribeValue(builder.root);
  }
  iwf_builder_free(&builder);
  iwf_arena_free(&arena);
  iwf_source_close(source);
  return parsed;
}

Parsed
Parse(const Bytes & bytes)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  return Parse(bytes, limits);
}

std::string
Repeat(const std::string & part, size_t count)
{
  std::string text;
  for (size_t i = 0; i < count; ++i)
  {
    text += part;
  }
  return text;
}
} // namespace

TEST(CborParser, Values)
{
  // RFC 8949 appendix A, what these formats can hold.
  const struct
  {
    const char * hex;
    const char * text;
  } cases[] = {
    { "00", "0" },
    { "17", "23" },
    { "1818", "24" },
    { "1903e8", "1000" },
    { "1a000f4240", "1000000" },
    { "1b000000e8d4a51000", "1000000000000" },
    { "1bffffffffffffffff", "18446744073709551615" },
    { "1800", "0" },
    { "20", "-1" },
    { "3863", "-100" },
    { "3903e7", "-1000" },
    { "3a00000000", "-1" },
    { "3b7fffffffffffffff", "-9223372036854775808" },
    { "3bffffffffffffffff", "-1.8446744073709552e+19f" },
    { "f90000", "0f" },
    { "f98000", "-0f" },
    { "f93c00", "1f" },
    { "f93e00", "1.5f" },
    { "f97bff", "65504f" },
    { "f90001", "5.9604644775390625e-08f" },
    { "f90400", "6.103515625e-05f" },
    { "f9c400", "-4f" },
    { "f97c00", "inff" },
    { "f97e00", "nanf" },
    { "fa47c35000", "100000f" },
    { "fa7f7fffff", "3.4028234663852886e+38f" },
    { "fb7e37e43c8800759c", "1.0000000000000001e+300f" },
    { "fbc010666666666666", "-4.0999999999999996f" },
    { "f4", "false" },
    { "f5", "true" },
    { "f6", "null" },
    { "f7", "null" },
    { "f0", "null" },
    { "f820", "null" },
    { "f8ff", "null" },
    { "c074323031332d30332d32315432303a30343a30305a", "0(\"2013-03-21T20:04:00Z\")" },
    { "d818456449455446", "24(bytes:5)" },
    { "40", "bytes:0" },
    { "4401020304", "bytes:4" },
    { "60", "\"\"" },
    { "6449455446", "\"IETF\"" },
    { "62c3bc", "\"\xc3\xbc\"" },
    { "64f0908591", "\"\xf0\x90\x85\x91\"" },
    { "780149", "\"I\"" },
    { "7b000000000000000149", "\"I\"" },
    { "80", "[]" },
    { "8301820203820405", "[1,[2,3],[4,5]]" },
    { "9b0000000000000001f6", "[null]" },
    { "a0", "{}" },
    { "a26161016162820203", "{a:1,b:[2,3]}" },
    { "5f42010243030405ff", "bytes:5" },
    { "5fff", "bytes:0" },
    { "5f40ff", "bytes:0" },
    { "7f657374726561646d696e67ff", "\"streaming\"" },
    { "7fff", "\"\"" },
    { "9fff", "[]" },
    { "9f018202039f0405ffff", "[1,[2,3],[4,5]]" },
    { "bfff", "{}" },
    { "bf61610161629f0203ffff", "{a:1,b:[2,3]}" },
    { "d9d9f7a0", "{}" },
    { "d90103a0", "{}" },
    { "d9d9f7d90103d85640", "86(bytes:0)" },
    { "d856d9d9f740", "86(bytes:0)" },
    { "dbffffffffffffffff00", "4294967294(0)" },
    { "a17f61616162ff01", "{ab:1}" }, // a key in chunks
    { "a2010202a0", "{}" },           // keys that are not text are nobody's here
    { "a2804061610a", "{a:10}" },
    { "a1d8406161f6", "{a:null}" },
    { "00ff", "0" }, // bytes after the item
  };
  for (const auto & c : cases)
  {
    const Parsed parsed = Parse(Hex(c.hex));
    EXPECT_STATUS(parsed.status, IWF_OK) << c.hex << ": " << parsed.error.message;
    EXPECT_EQ(parsed.text, c.text) << c.hex;
    // Every strict prefix of the item itself asks for more.
    const size_t length = Hex(c.hex).size() - (std::string(c.hex) == "00ff" ? 1 : 0);
    for (size_t cut = 0; cut < length; ++cut)
    {
      const Parsed prefix = Parse(Hex(c.hex).substr(0, cut));
      EXPECT_STATUS(prefix.status, IWF_ERROR_TRUNCATED) << c.hex << " cut at " << cut;
      EXPECT_LE(prefix.error.offset, cut) << c.hex;
    }
  }
}

TEST(CborParser, NotWellFormed)
{
  // RFC 8949 appendix F and what else a decoder may fall for; with the offset that the message has to name.
  const struct
  {
    const char * hex;
    uint64_t     offset;
  } cases[] = {
    // reserved additional information
    { "1c", 0 },
    { "1d", 0 },
    { "1e", 0 },
    { "3c", 0 },
    { "3e", 0 },
    { "5c", 0 },
    { "5d", 0 },
    { "5e", 0 },
    { "7c", 0 },
    { "7d", 0 },
    { "7e", 0 },
    { "9c", 0 },
    { "9d", 0 },
    { "9e", 0 },
    { "bc", 0 },
    { "bd", 0 },
    { "be", 0 },
    { "dc", 0 },
    { "dd", 0 },
    { "de", 0 },
    { "fc", 0 },
    { "fd", 0 },
    { "fe", 0 },
    // reserved two-byte simple values
    { "f800", 0 },
    { "f801", 0 },
    { "f818", 0 },
    { "f81f", 0 },
    // indefinite where there is none
    { "1f", 0 },
    { "3f", 0 },
    { "df00", 0 },
    // chunks that are not strings of the same kind, or not definite
    { "5f00ff", 1 },
    { "5f21ff", 1 },
    { "5f6100ff", 1 },
    { "5f80ff", 1 },
    { "5fa0ff", 1 },
    { "5fc000ff", 1 },
    { "5fe0ff", 1 },
    { "7f4100ff", 1 },
    { "5f5f4100ffff", 1 },
    { "7f7f6100ffff", 1 },
    { "5f5c00ff", 1 },
    // break where there is none
    { "ff", 0 },
    { "81ff", 1 },
    { "8200ff", 2 },
    { "a1ffff", 1 },
    { "a16161ff", 3 },
    { "a261610061ff00", 4 },
    { "9f81ff", 2 },
    { "9f829f819f9fffffffff", 9 },
    { "bf6161ff", 3 },
    { "c0ff", 1 },
    { "9fc0ff", 2 },
    { "9fd9d9f7ff", 4 }, // also behind a tag that says nothing
    { "bf6161d90103ff", 6 },
    { "bfd9d9f7ff", 4 },
    // text that is not UTF-8
    { "61ff", 0 },
    { "62c328", 0 },
    { "63eda080", 0 },
    { "64f4908080", 0 },
    { "62c080", 0 },
    { "a161ff00", 1 },
  };
  for (const auto & c : cases)
  {
    const Parsed parsed = Parse(Hex(c.hex));
    EXPECT_STATUS(parsed.status, IWF_ERROR_SYNTAX) << c.hex;
    EXPECT_EQ(parsed.error.status, parsed.status);
    EXPECT_EQ(parsed.error.offset, c.offset) << c.hex;
    EXPECT_CONTAINS(parsed.error.message, "at byte " + std::to_string(c.offset) + ": expected ");
    EXPECT_CONTAINS(parsed.error.message, "found");
  }
}

TEST(CborParser, DeclaredSizesAreNotBelieved)
{
  const struct
  {
    const char * hex;
    iwf_status   status;
  } cases[] = {
    { "5bfffffffffffffffe", IWF_ERROR_TRUNCATED },
    { "5bffffffffffffffff", IWF_ERROR_TRUNCATED },
    { "5b7fffffffffffffff", IWF_ERROR_TRUNCATED },
    { "7bffffffffffffffff", IWF_ERROR_TRUNCATED },
    { "7a10000000", IWF_ERROR_TRUNCATED },
    { "9a10000000", IWF_ERROR_TRUNCATED },
    { "9bffffffffffffffff", IWF_ERROR_TRUNCATED },
    { "9b4000000000000000", IWF_ERROR_TRUNCATED },
    { "bbffffffffffffffff", IWF_ERROR_TRUNCATED },
    { "bb8000000000000000", IWF_ERROR_TRUNCATED },
    { "ba10000000", IWF_ERROR_TRUNCATED },
    { "5f5bfffffffffffffff0ff", IWF_ERROR_TRUNCATED },
    { "7f7bfffffffffffffff0ff", IWF_ERROR_TRUNCATED },
    { "a26161", IWF_ERROR_TRUNCATED },
  };
  for (const auto & c : cases)
  {
    EXPECT_STATUS(Parse(Hex(c.hex)).status, c.status) << c.hex;
  }
}

TEST(CborParser, DuplicateKeys)
{
  const Parsed parsed = Parse(Hex("a3616101616202616103"));
  EXPECT_STATUS(parsed.status, IWF_ERROR_DUPLICATE);
  EXPECT_STREQ(parsed.error.message, "at byte 9: expected each key once, found \"a\" twice in one map");
  EXPECT_EQ(parsed.error.offset, 9u);
  EXPECT_STATUS(Parse(Hex("bf616101616202616103ff")).status, IWF_ERROR_DUPLICATE);
  EXPECT_STATUS(Parse(Hex("a26161017f6161ff02")).status, IWF_ERROR_DUPLICATE);
  EXPECT_EQ(Parse(Hex("a2616101626161a1616102")).text, "{a:1,aa:{a:2}}");
  EXPECT_EQ(Parse(Hex("a26001610002")).text, std::string("{:1,\0:2}", 8)); // "" and "\0" are two keys
}

TEST(CborParser, Depth)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  limits.depth = 5;
  EXPECT_STATUS(Parse(Repeat("\x81", 4) + Hex("00"), limits).status, IWF_OK);
  EXPECT_STATUS(Parse(Repeat("\x81", 5) + Hex("00"), limits).status, IWF_OK);
  const Parsed parsed = Parse(Repeat("\x81", 6) + Hex("00"), limits);
  EXPECT_STATUS(parsed.status, IWF_ERROR_LIMIT);
  EXPECT_STREQ(parsed.error.message, "at byte 5: maps and arrays are nested deeper than the limit depth = 5");
  for (const char * part : { "\x81", "\x9f", "\xa1\x60", "\xbf\x60", "\xc1\x81" })
  {
    EXPECT_STATUS(Parse(Repeat(part, 100000)).status, IWF_ERROR_LIMIT);
  }
  // Tags nest without limit, but say nothing in the end.
  EXPECT_EQ(Parse(Repeat("\xc1", 100000) + "\x05").text, "1(5)");
  limits.depth = 0;
  EXPECT_EQ(Parse("\x05", limits).text, "5");
  EXPECT_STATUS(Parse("\x80", limits).status, IWF_ERROR_LIMIT);
}

TEST(CborParser, HeaderBytes)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  // 2 + 10 for the text, then a byte string whose content does not count.
  const Bytes    bytes = Array({ Text("0123456789"), Blob(std::string(1000, 'x')) });
  const uint64_t exact = 1 + 1 + 10 + 3;
  limits.header_bytes = exact;
  EXPECT_STATUS(Parse(bytes, limits).status, IWF_OK);
  limits.header_bytes = exact + 1;
  EXPECT_STATUS(Parse(bytes, limits).status, IWF_OK);
  limits.header_bytes = exact - 1;
  const Parsed parsed = Parse(bytes, limits);
  EXPECT_STATUS(parsed.status, IWF_ERROR_LIMIT);
  EXPECT_CONTAINS(parsed.error.message, "the header is longer than the limit header_bytes = 14");
  // Chunk heads are header, too.
  limits.header_bytes = 1000;
  EXPECT_STATUS(Parse("\x5f" + Repeat(Blob("a"), 2000) + "\xff", limits).status, IWF_ERROR_LIMIT);
  EXPECT_STATUS(Parse("\x5f" + Repeat(Blob("a"), 998) + "\xff", limits).status, IWF_OK);
}

TEST(CborParser, HeaderMemory)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  limits.header_memory = 100000;
  for (const Bytes & bytes :
       { "\x9a" + Raw<uint32_t>({ 10000 }, true) + Repeat("\x00", 10000) + std::string(10000, '\0'),
         "\x9f" + std::string(10000, '\0') + "\xff",
         Text(std::string(200000, 'a')),
         "\x7f" + Repeat(Text("aaaaaaaaaaaaaaaaaaaa"), 10000) + "\xff",
         "\x5f" + Repeat(Blob("a"), 20000) + "\xff" })
  {
    const Parsed parsed = Parse(bytes, limits);
    EXPECT_STATUS(parsed.status, IWF_ERROR_LIMIT);
    EXPECT_CONTAINS(parsed.error.message, "header_memory = 100000");
  }
  // A budget without end is not a budget of nothing.
  limits.header_memory = UINT64_MAX;
  limits.header_bytes = UINT64_MAX;
  EXPECT_EQ(Parse(Hex("8201820203"), limits).text, "[1,[2,3]]");
  limits.header_memory = 0;
  EXPECT_STATUS(Parse(Hex("8101"), limits).status, IWF_ERROR_LIMIT);
}

TEST(CborParser, LargeHeadersAcrossTheWindow)
{
  // Items at every position around the end of the parser's window of 8 KiB.
  for (size_t pad = 8150; pad < 8200; ++pad)
  {
    const Bytes bytes =
      Array({ Text(std::string(pad, 'a')), Uint(0x0102030405060708), Text("bcd"), Blob("xyz"), Float64(1.5) });
    const Parsed parsed = Parse(bytes);
    ASSERT_STATUS(parsed.status, IWF_OK) << pad;
    EXPECT_EQ(parsed.text.substr(pad + 3), ",72623859790382856,\"bcd\",bytes:3,1.5f]") << pad;
  }
  const Parsed payload =
    Parse(Array({ Blob(std::string(100000, 'x')), Uint(5), Blob(std::string(8192, 'y')), Text("end") }));
  EXPECT_EQ(payload.text, "[bytes:100000,5,bytes:8192,\"end\"]");
}
