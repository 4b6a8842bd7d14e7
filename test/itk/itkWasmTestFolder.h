/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmTestFolder_h
#define itkWasmTestFolder_h

#include "itksys/Directory.hxx"
#include "itksys/SystemTools.hxx"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

/** Tests that need files: a fresh folder for each test, removed with all that is in it. */
class WasmFolderTest : public testing::Test
{
protected:
  void
  SetUp() override
  {
    const testing::TestInfo * info = testing::UnitTest::GetInstance()->current_test_info();
    std::string               name = std::string("iwf-") + info->test_suite_name() + "-" + info->name();
    std::replace(name.begin(), name.end(), '/', '-');
    m_Folder = testing::TempDir() + name;
    itksys::SystemTools::RemoveADirectory(m_Folder);
    ASSERT_TRUE(itksys::SystemTools::MakeDirectory(m_Folder));
  }

  void
  TearDown() override
  {
    itksys::SystemTools::RemoveADirectory(m_Folder);
  }

  std::string
  Path(const std::string & name) const
  {
    return m_Folder + "/" + name;
  }

  static std::string
  ReadBytes(const std::string & path)
  {
    std::ifstream file(path.c_str(), std::ios::binary);
    EXPECT_TRUE(file.good()) << path;
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }

  static void
  WriteBytes(const std::string & path, const std::string & bytes)
  {
    itksys::SystemTools::MakeDirectory(itksys::SystemTools::GetFilenamePath(path));
    std::ofstream file(path.c_str(), std::ios::binary | std::ios::trunc);
    file << bytes;
    ASSERT_TRUE(file.good()) << path;
  }

  /** Every file below the test's folder with its bytes: what is there must be there, and nothing else. */
  std::map<std::string, std::string>
  Contents(const std::string & below = "") const
  {
    std::map<std::string, std::string> result;
    itksys::Directory                  directory;
    EXPECT_TRUE(directory.Load(m_Folder + "/" + below));
    for (unsigned long i = 0; i < directory.GetNumberOfFiles(); ++i)
    {
      const std::string name = directory.GetFile(i);
      if (name == "." || name == "..")
      {
        continue;
      }
      const std::string path = below.empty() ? name : below + "/" + name;
      if (itksys::SystemTools::FileIsDirectory(this->Path(path)))
      {
        result[path + "/"] = "";
        const auto inner = this->Contents(path);
        result.insert(inner.begin(), inner.end());
      }
      else
      {
        result[path] = ReadBytes(this->Path(path));
      }
    }
    return result;
  }

  std::string m_Folder;
};

/** Expects an itk::ExceptionObject whose description has every one of the given parts. */
#define EXPECT_ITK_ERROR(statement, ...)                                                                       \
  do                                                                                                           \
  {                                                                                                            \
    std::string description;                                                                                   \
    try                                                                                                        \
    {                                                                                                          \
      statement;                                                                                               \
    }                                                                                                          \
    catch (const itk::ExceptionObject & exception)                                                             \
    {                                                                                                          \
      description = exception.GetDescription();                                                                \
    }                                                                                                          \
    EXPECT_FALSE(description.empty()) << "no itk::ExceptionObject from " #statement;                           \
    for (const std::string part : std::vector<std::string>{ __VA_ARGS__ })                                     \
    {                                                                                                          \
      EXPECT_NE(description.find(part), std::string::npos) << "\"" << part << "\" is not in: " << description; \
    }                                                                                                          \
  } while (false)

#endif
