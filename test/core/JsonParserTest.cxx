/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

extern "C"
{
#include "arena.h"
#include "builder.h"
#include "json_parser.h"
}

using namespace iwf_test;

namespace
{
struct Parsed
{
  iwf_status  status = IWF_OK;
  iwf_error   error{};
  std::string text;
};

Parsed
Parse(const std::string & json, uint32_t depth = 32, uint64_t memory = 1 << 20)
{
  Parsed                  parsed;
  const std::vector<char> exact(json.begin(), json.end());
  iwf_limits              limits;
  iwf_arena               arena;
  iwf_builder             builder;
  iwf_limits_init(&limits);
  limits.depth = depth;
  iwf_arena_init(&arena, memory);
  parsed.status = iwf_builder_init(&builder, &arena, &limits, &parsed.error);
  if (parsed.status == IWF_OK)
  {
    parsed.status = iwf_json_parse(exact.data(), exact.size(), &builder, &parsed.error);
  }
  if (parsed.status == IWF_OK)
  {
    parsed.text = DescribeValue(builder.root);
  }
  iwf_builder_free(&builder);
  iwf_arena_free(&arena);
  return parsed;
}
} // namespace

TEST(JsonParser, Values)
{
  const std::pair<std::string, std::string> cases[] = {
    { "0", "0" },
    { "18446744073709551615", "18446744073709551615" },
    { "18446744073709551616", "1.8446744073709552e+19f" },
    { "-9223372036854775808", "-9223372036854775808" },
    { "-9223372036854775809", "-9.2233720368547758e+18f" },
    { "-1", "-1" },
    { "-0", "0" },
    { "1.0", "1f" },
    { "-0.0", "-0f" },
    { "1e2", "100f" },
    { "0.1", "0.10000000000000001f" },
    { "5e-324", "4.9406564584124654e-324f" },
    { "1e-400", "0f" },
    { "1.7976931348623157e308", "1.7976931348623157e+308f" },
    { "0.30000000000000004", "0.30000000000000004f" },
    { "123456789012345678901234567890e-20", "1234567890.1234567f" },
    { "2.2250738585072011e-308", "2.2250738585072009e-308f" },
    { "null", "null" },
    { "true", "true" },
    { "false", "false" },
    { "\"\"", "\"\"" },
    { "\"a\\u00fc\\n\\ud83d\\ude00\"", "\"a\xc3\xbc\n\xf0\x9f\x98\x80\"" },
    { "\"\\u0000\"", std::string("\"\0\"", 3) },
    { "[]", "[]" },
    { "{}", "{}" },
    { " [ 1 , 2 ] ", "[1,2]" },
    { "{\"a\":{\"b\":[null]},\"c\":\"d\"}", "{a:{b:[null]},c:\"d\"}" },
    { "\xef\xbb\xbf{\"a\":1}", "{a:1}" },
    { "\t\n\r {}\n", "{}" },
  };
  for (const auto & c : cases)
  {
    const Parsed parsed = Parse(c.first);
    EXPECT_STATUS(parsed.status, IWF_OK) << c.first << ": " << parsed.error.message;
    EXPECT_EQ(parsed.text, c.second) << c.first;
  }
}

TEST(JsonParser, Prefixes)
{
  const std::string text = "\xef\xbb\xbf{\"a\":[1,-2.5e1,true,null,\"\\u00fc\xc3\xbc\"],\"b\":{}}";
  EXPECT_STATUS(Parse(text).status, IWF_OK);
  for (size_t cut = 0; cut < text.size(); ++cut)
  {
    const Parsed parsed = Parse(text.substr(0, cut));
    EXPECT_TRUE(parsed.status == IWF_ERROR_TRUNCATED || parsed.status == IWF_ERROR_SYNTAX) << cut;
    EXPECT_LE(parsed.error.offset, cut);
    EXPECT_CONTAINS(parsed.error.message, "expected JSON");
  }
}

TEST(JsonParser, NotJson)
{
  const struct
  {
    std::string text;
    iwf_status  status;
  } cases[] = {
    { "", IWF_ERROR_TRUNCATED },
    { "   ", IWF_ERROR_TRUNCATED },
    { "{]", IWF_ERROR_SYNTAX },
    { "{} {}", IWF_ERROR_SYNTAX },
    { "{}x", IWF_ERROR_SYNTAX },
    { "[1,]", IWF_ERROR_SYNTAX },
    { "{\"a\":1,}", IWF_ERROR_SYNTAX },
    { "{a:1}", IWF_ERROR_SYNTAX },
    { "{'a':1}", IWF_ERROR_SYNTAX },
    { "{1:1}", IWF_ERROR_SYNTAX },
    { "[01]", IWF_ERROR_SYNTAX },
    { "[+1]", IWF_ERROR_SYNTAX },
    { "[1.]", IWF_ERROR_SYNTAX },
    { "[.5]", IWF_ERROR_SYNTAX },
    { "[1e]", IWF_ERROR_SYNTAX },
    { "[0x10]", IWF_ERROR_SYNTAX },
    { "[NaN]", IWF_ERROR_SYNTAX },
    { "[Infinity]", IWF_ERROR_SYNTAX },
    { "[-Infinity]", IWF_ERROR_SYNTAX },
    { "[nan]", IWF_ERROR_SYNTAX },
    { "[1e999]", IWF_ERROR_SYNTAX },
    { "[-1e999]", IWF_ERROR_SYNTAX },
    { "[tru]", IWF_ERROR_SYNTAX },
    { "[\"\\x\"]", IWF_ERROR_SYNTAX },
    { "[\"\\u12g4\"]", IWF_ERROR_SYNTAX },
    { "[\"\\ud800\"]", IWF_ERROR_SYNTAX },
    { "[\"\\ud800\\u0041\"]", IWF_ERROR_SYNTAX },
    { "[\"\\udc00\"]", IWF_ERROR_SYNTAX },
    { "[\"a\nb\"]", IWF_ERROR_SYNTAX },
    { std::string("[\"a\0b\"]", 7), IWF_ERROR_SYNTAX },
    { "[\"\xff\"]", IWF_ERROR_SYNTAX },
    { "[\"\xc0\x80\"]", IWF_ERROR_SYNTAX },
    { "[\"\xed\xa0\x80\"]", IWF_ERROR_SYNTAX },
    { "[\"\xf5\x80\x80\x80\"]", IWF_ERROR_SYNTAX },
    { std::string("{}\0", 3), IWF_ERROR_SYNTAX },
    { std::string("{\0}", 3), IWF_ERROR_SYNTAX },
    { std::string("{}\0{}", 5), IWF_ERROR_SYNTAX },
    { "\xfe\xff", IWF_ERROR_SYNTAX },
    { "\xef\xbb", IWF_ERROR_SYNTAX }, // parts of a byte order mark
    { "\xef{}", IWF_ERROR_SYNTAX },
    { "\xbb{}", IWF_ERROR_SYNTAX },
    { "\xbf{}", IWF_ERROR_SYNTAX },
    { "\xef\xbb{}", IWF_ERROR_SYNTAX },
    { "\xef\xbb\xbf\xef\xbb\xbf{}", IWF_ERROR_SYNTAX },
    { "// comment\n{}", IWF_ERROR_SYNTAX },
    { "{\"a\":1,\"a\":2}", IWF_ERROR_DUPLICATE },
    { "{\"a\":1,\"\\u0061\":2}", IWF_ERROR_DUPLICATE },
  };
  for (const auto & c : cases)
  {
    const Parsed parsed = Parse(c.text);
    EXPECT_STATUS(parsed.status, c.status) << c.text << "\n" << parsed.error.message;
    EXPECT_EQ(parsed.error.status, parsed.status) << c.text;
    EXPECT_NE(parsed.error.offset, IWF_NO_OFFSET) << c.text;
    EXPECT_CONTAINS(parsed.error.message, "expected ");
  }
}

TEST(JsonParser, Limits)
{
  EXPECT_STATUS(Parse("[[[1]]]", 3).status, IWF_OK);
  EXPECT_STATUS(Parse("[[[1]]]", 4).status, IWF_OK);
  EXPECT_STATUS(Parse("[[[1]]]", 2).status, IWF_ERROR_LIMIT);
  EXPECT_STATUS(Parse(std::string(100000, '[')).status, IWF_ERROR_LIMIT);
  std::string objects;
  for (int i = 0; i < 100000; ++i)
  {
    objects += "{\"a\":";
  }
  EXPECT_STATUS(Parse(objects).status, IWF_ERROR_LIMIT);
  std::string numbers = "[";
  for (int i = 0; i < 100000; ++i)
  {
    numbers += "0,";
  }
  EXPECT_STATUS(Parse(numbers + "0]").status, IWF_ERROR_LIMIT);
  EXPECT_STATUS(Parse("[\"" + std::string(2 << 20, 'a') + "\"]").status, IWF_ERROR_LIMIT);
}

TEST(JsonParser, LongNumbers)
{
  const std::string digits(100000, '9');
  EXPECT_STATUS(Parse("[" + digits + "]").status, IWF_ERROR_SYNTAX); // too big for a double
  EXPECT_EQ(Parse("[0." + digits + "]").text, "[1f]");
  EXPECT_EQ(Parse("[0." + std::string(400, '0') + "1]").text, "[0f]");
  EXPECT_EQ(Parse("[1e-99999999999999999999]").text, "[0f]");
  EXPECT_STATUS(Parse("[1e99999999999999999999]").status, IWF_ERROR_SYNTAX);
  EXPECT_EQ(Parse("[0.1e-2147483640]").text, "[0f]");
}
