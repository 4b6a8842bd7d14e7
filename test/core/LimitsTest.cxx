/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <cstring>

using namespace iwf_test;

/* What each limit does is tested where it applies: CborParser, JsonParser, Path, TransformRead, Zstd, MeshRead. */

TEST(Limits, Defaults)
{
  iwf_limits limits;
  iwf_limits_init(&limits);
  EXPECT_EQ(limits.header_bytes, uint64_t{ 16 } << 20);
  EXPECT_EQ(limits.header_memory, uint64_t{ 32 } << 20);
  EXPECT_EQ(limits.depth, 32u);
  EXPECT_EQ(limits.transforms, 65536u);
  EXPECT_EQ(limits.zstd_window_log, 27u);
  EXPECT_EQ(limits.zstd_expanded_bytes, uint64_t{ 1 } << 30);
  EXPECT_EQ(limits.zstd_expansion_ratio, 4096u);
}

TEST(Limits, Parsed)
{
  iwf_limits limits{}; // padding, too: compared as bytes
  iwf_error  error{};
  iwf_limits_init(&limits);
  ASSERT_STATUS(iwf_limits_parse(&limits, "", &error), IWF_OK);
  EXPECT_EQ(limits.depth, 32u);
  ASSERT_STATUS(iwf_limits_parse(&limits,
                                 "depth=64,header_bytes=1,header_memory=18446744073709551615,transforms=4294967295,"
                                 "zstd_window_log=31,zstd_expanded_bytes=0,zstd_expansion_ratio=7",
                                 &error),
                IWF_OK)
    << error.message;
  EXPECT_EQ(limits.depth, 64u);
  EXPECT_EQ(limits.header_bytes, 1u);
  EXPECT_EQ(limits.header_memory, UINT64_MAX);
  EXPECT_EQ(limits.transforms, UINT32_MAX);
  EXPECT_EQ(limits.zstd_window_log, 31u);
  EXPECT_EQ(limits.zstd_expanded_bytes, 0u);
  EXPECT_EQ(limits.zstd_expansion_ratio, 7u);
  for (const char * text : { "depth",
                             "depth=",
                             "depth=x",
                             "depth=-1",
                             "depth=1,",
                             ",",
                             "depth=1,,",
                             "depth=4294967296",
                             "Depth=1",
                             "header_bytes=18446744073709551616",
                             "depth= 1",
                             "depth=1 ",
                             "depth=1;transforms=2",
                             "x=1",
                             "=1",
                             "depth=1,x=2" })
  {
    iwf_limits before;
    std::memcpy(&before, &limits, sizeof(limits));
    EXPECT_STATUS(iwf_limits_parse(&limits, text, &error), IWF_ERROR_ARGUMENT) << text;
    EXPECT_CONTAINS(error.message, "expected limits such as");
    EXPECT_EQ(std::memcmp(&before, &limits, sizeof(limits)), 0) << text;
  }
}
