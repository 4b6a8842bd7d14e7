/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmGoldenFiles.h"
#include "itkWasmMeshTestUtilities.h"

// The golden files of other writers, through ITK's reader: all writers' files of a case are the same mesh, and it is the
// same again when it has been written by us. What exactly a case holds is tested with the core and in Python.
class WasmMeshGoldenFilesTest : public WasmMeshTest
{
protected:
  template <typename TMesh>
  void
  ExpectTheSameFromEachWriter(const std::vector<std::string> & paths)
  {
    const auto expected = Read<TMesh>(paths.front());
    EXPECT_GT(expected->GetNumberOfPoints(), 0u);
    for (size_t i = 1; i < paths.size(); ++i)
    {
      SCOPED_TRACE(paths.front() + " and " + paths[i]);
      ExpectSameMesh<TMesh>(expected, Read<TMesh>(paths[i]));
    }
    for (const std::string & path : this->Forms())
    {
      SCOPED_TRACE(path);
      Write(expected.GetPointer(), path);
      ExpectSameMesh<TMesh>(expected, Read<TMesh>(path));
    }
  }
};

TEST_F(WasmMeshGoldenFilesTest, AreTheSameFromEachWriter)
{
  const auto cases = GoldenFiles(".iwm");
  EXPECT_GE(cases.size(), 25u);
  for (const auto & entry : cases)
  {
    SCOPED_TRACE(entry.first);
#if !IWF_ITK_HAS_POLYLINES
    if (entry.first.find("polyline") != std::string::npos || entry.first.find("mixed") != std::string::npos)
    {
      continue;
    }
#endif
    const auto io = Information(entry.second.front());
    if (io->GetPointDimension() == 2)
    {
      this->ExpectTheSameFromEachWriter<itk::Mesh<double, 2>>(entry.second);
    }
    else if (io->GetNumberOfPointPixelComponents() == 3)
    {
      this->ExpectTheSameFromEachWriter<itk::Mesh<itk::Vector<double, 3>, 3>>(entry.second);
    }
    else
    {
      this->ExpectTheSameFromEachWriter<itk::Mesh<double, 3>>(entry.second);
    }
  }
}
