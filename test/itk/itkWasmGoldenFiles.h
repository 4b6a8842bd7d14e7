/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmGoldenFiles_h
#define itkWasmGoldenFiles_h

#include "itksys/Directory.hxx"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

/** The golden files of a family: case, such as "affine-2d", to the paths of what each writer made of it. */
inline std::map<std::string, std::vector<std::string>>
GoldenFiles(const std::string & suffix)
{
  std::map<std::string, std::vector<std::string>> files;
  itksys::Directory                               writers;
  EXPECT_TRUE(writers.Load(IWF_TEST_DATA));
  for (unsigned long w = 0; w < writers.GetNumberOfFiles(); ++w)
  {
    const std::string folder = std::string(IWF_TEST_DATA) + "/" + writers.GetFile(w);
    itksys::Directory writer;
    writer.Load(folder);
    for (unsigned long i = 0; i < writer.GetNumberOfFiles(); ++i)
    {
      const std::string name = writer.GetFile(i);
      const auto        end = name.find(suffix);
      if (end != std::string::npos)
      {
        files[name.substr(0, end)].push_back(folder + "/" + name);
      }
    }
  }
  for (auto & entry : files)
  {
    std::sort(entry.second.begin(), entry.second.end());
  }
  return files;
}

#endif
