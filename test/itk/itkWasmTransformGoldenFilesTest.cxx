/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmGoldenFiles.h"
#include "itkWasmTransformTestUtilities.h"

// The golden files of other writers, through ITK's reader: all writers' files of a case are the same transforms, and
// they are the same again when they have been written by us. What exactly a case holds is tested with the core and in
// Python.
TEST_F(WasmTransformTest, GoldenFilesAreTheSameFromEachWriter)
{
  const auto expectSame = [](const List<double> & expected, const List<double> & actual) {
    ASSERT_EQ(expected.size(), actual.size());
    auto other = actual.begin();
    for (const auto & transform : expected)
    {
      ExpectSameTransform(*transform, **other++);
    }
  };
  const auto cases = GoldenFiles(".iwt");
  EXPECT_GE(cases.size(), 20u);
  for (const auto & entry : cases)
  {
    const auto expected = ReadFlat<double>(entry.second.front());
    for (const std::string & path : entry.second)
    {
      SCOPED_TRACE(entry.second.front() + " and " + path);
      expectSame(expected, ReadFlat<double>(path));
    }
    std::vector<const itk::Object *> transforms;
    const auto                       readers = Read<double>(entry.second.front());
    for (const auto & transform : readers)
    {
      transforms.push_back(transform);
    }
    for (const std::string & path : this->Forms())
    {
      SCOPED_TRACE(entry.second.front() + " and " + path);
      Write<double>(transforms, path);
      expectSame(expected, ReadFlat<double>(path));
    }
  }
}
