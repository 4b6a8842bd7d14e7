/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <rapidjson/document.h>

#include <cstring>
#include <filesystem>
#include <map>

/* Files of every known writer, with what they must be read as: see test/data/README.md. */

using namespace iwf_test;
using Json = rapidjson::Value;

namespace
{
rapidjson::Document
LoadJson(const std::string & path)
{
  rapidjson::Document document;
  document.Parse<rapidjson::kParseFullPrecisionFlag>(ReadFile(path).c_str());
  EXPECT_FALSE(document.HasParseError()) << path;
  return document;
}

struct Golden
{
  std::string path;
  std::string kind;
  std::string name; // of the case
};

std::vector<Golden>
AllFiles()
{
  std::vector<Golden> files;
  for (const auto & entry : std::filesystem::directory_iterator(DataFolder()))
  {
    const std::string manifest = entry.path().string() + "/manifest.json";
    if (std::filesystem::exists(manifest))
    {
      const rapidjson::Document document = LoadJson(manifest);
      for (const Json & file : document["files"].GetArray())
      {
        files.push_back({ entry.path().string() + "/" + file["file"].GetString(),
                          file["kind"].GetString(),
                          file["case"].GetString() });
      }
    }
  }
  EXPECT_GT(files.size(), 100u);
  return files;
}

const Json &
Expected(const Golden & golden)
{
  static const rapidjson::Document document = LoadJson(DataFolder() + "/expected.json");
  return document[golden.kind.c_str()][golden.name.c_str()];
}

Bytes
HexOf(const Json & array)
{
  return Hex(array["hex"].GetString());
}

std::vector<uint64_t>
Widen(const Bytes & bytes, iwf_component_type type)
{
  std::vector<uint64_t> numbers;
  for (size_t i = 0; i < bytes.size(); i += iwf_component_size(type))
  {
    uint64_t number = 0;
    std::memcpy(&number, bytes.data() + i, iwf_component_size(type));
    numbers.push_back(number);
  }
  return numbers;
}

void
CheckImage(Reader & reader, const Json & expected, bool exactGeometry)
{
  const iwf_image_info * info = iwf_reader_image(reader.handle);
  ASSERT_NE(info, nullptr);
  ASSERT_EQ(info->dimension, expected["dimension"].GetUint());
  EXPECT_STREQ(iwf_component_name(info->component_type), expected["componentType"].GetString());
  EXPECT_STREQ(iwf_pixel_name(info->pixel_type), expected["pixelType"].GetString());
  EXPECT_EQ(info->components, expected["components"].GetUint());
  for (uint32_t i = 0; i < info->dimension; ++i)
  {
    EXPECT_EQ(info->size[i], expected["size"][i].GetUint64());
    EXPECT_EQ(info->origin[i], expected["origin"][i].GetDouble());
    EXPECT_EQ(info->spacing[i], expected["spacing"][i].GetDouble());
  }
  for (uint32_t i = 0; i < info->dimension * info->dimension; ++i)
  {
    EXPECT_NEAR(info->direction[i], expected["direction"][i].GetDouble(), exactGeometry ? 0.0 : 1e-7);
  }
  Bytes pixels;
  ASSERT_STATUS(reader.Read(IWF_IMAGE_DATA, pixels), IWF_OK) << reader.error.message;
  EXPECT_EQ(pixels, HexOf(expected["data"]));
}

void
CheckMeshData(Reader & reader, const Json & expected, int payload, iwf_component_type type)
{
  Bytes bytes;
  ASSERT_STATUS(reader.Read(payload, bytes), IWF_OK) << reader.error.message;
  if (expected.IsNull())
  {
    EXPECT_TRUE(bytes.empty());
    return;
  }
  EXPECT_STREQ(iwf_component_name(type), expected["dtype"].GetString());
  EXPECT_EQ(bytes, HexOf(expected));
}

void
CheckMesh(Reader & reader, const Json & expected)
{
  const iwf_mesh_info * info = iwf_reader_mesh(reader.handle);
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->dimension, expected["dimension"].GetUint());
  EXPECT_EQ(info->number_of_points, expected["numberOfPoints"].GetUint64());
  EXPECT_EQ(info->number_of_cells, expected["numberOfCells"].GetUint64());
  CheckMeshData(reader, expected["points"], IWF_MESH_POINTS, info->point_component_type);
  CheckMeshData(reader, expected["pointData"], IWF_MESH_POINT_DATA, info->point_pixel_component_type);
  CheckMeshData(reader, expected["cellData"], IWF_MESH_CELL_DATA, info->cell_pixel_component_type);
  Bytes cells;
  ASSERT_STATUS(reader.Read(IWF_MESH_CELLS, cells), IWF_OK) << reader.error.message;
  EXPECT_STATUS(iwf_mesh_check_cells(info, cells.data(), &reader.error), IWF_OK) << reader.error.message;
  const Bytes wanted = expected["cells"].IsNull() ? Bytes() : HexOf(expected["cells"]);
  EXPECT_EQ(Widen(cells, info->cell_component_type), Widen(wanted, IWF_UINT64));
}

void
CheckTransforms(Reader & reader, const Json & expected)
{
  size_t                     count = 0;
  const iwf_transform_info * infos = iwf_reader_transforms(reader.handle, &count);
  const auto &               transforms = expected["transforms"];
  ASSERT_EQ(count, transforms.Size());
  for (rapidjson::SizeType i = 0; i < transforms.Size(); ++i)
  {
    const Json & e = transforms[i];
    EXPECT_EQ(std::string(infos[i].parameterization.data, infos[i].parameterization.length),
              e["parameterization"].GetString());
    EXPECT_STREQ(iwf_component_name(infos[i].parameters_value_type), e["parametersValueType"].GetString());
    EXPECT_EQ(infos[i].input_dimension, e["inputDimension"].GetUint());
    EXPECT_EQ(infos[i].output_dimension, e["outputDimension"].GetUint());
    if (iwf_transform_is_composite(&infos[i]))
    {
      continue;
    }
    Bytes bytes;
    ASSERT_STATUS(reader.Read(IWF_TRANSFORM_FIXED_PARAMETERS, bytes, i), IWF_OK) << reader.error.message;
    EXPECT_EQ(bytes, HexOf(e["fixedParameters"]));
    ASSERT_STATUS(reader.Read(IWF_TRANSFORM_PARAMETERS, bytes, i), IWF_OK) << reader.error.message;
    EXPECT_EQ(bytes, HexOf(e["parameters"]));
  }
}

bool
EndsWith(const std::string & text, const std::string & end)
{
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}
} // namespace

TEST(GoldenFiles, AreReadAsTheyAreMeant)
{
  for (const Golden & golden : AllFiles())
  {
    SCOPED_TRACE(golden.path);
    Reader reader;
    ASSERT_STATUS(reader.Open(golden.path), IWF_OK) << reader.error.message;
    const Json & expected = Expected(golden);
    if (golden.kind == "image")
    {
      CheckImage(reader, expected, golden.path.find("direction-float32") == std::string::npos);
    }
    else if (golden.kind == "mesh")
    {
      CheckMesh(reader, expected);
    }
    else
    {
      CheckTransforms(reader, expected);
    }
  }
}

TEST(GoldenFiles, EveryStrictPrefixIsTruncated)
{
  for (const Golden & golden : AllFiles())
  {
    iwf_family    family = IWF_FAMILY_IMAGE;
    iwf_container container = IWF_CONTAINER_DIRECTORY;
    ASSERT_TRUE(iwf_path_format(golden.path.c_str(), &family, &container)) << golden.path;
    if (container == IWF_CONTAINER_DIRECTORY)
    {
      continue;
    }
    const Bytes bytes = ReadFile(golden.path);
    for (size_t cut = 0; cut < bytes.size(); ++cut)
    {
      iwf_error error{};
      ASSERT_STATUS(ReadObject(bytes.substr(0, cut), family, &error, container), IWF_ERROR_TRUNCATED)
        << golden.path << " cut at " << cut << " of " << bytes.size() << ": " << error.message;
    }
  }
}

TEST(GoldenFiles, DamagedBytesNeverDoHarm)
{
  // Three values for every byte of one file of each kind and writer; sanitizers watch.
  size_t accepted = 0;
  for (const Golden & golden : AllFiles())
  {
    iwf_family    family = IWF_FAMILY_IMAGE;
    iwf_container container = IWF_CONTAINER_DIRECTORY;
    (void)iwf_path_format(golden.path.c_str(), &family, &container);
    if (container == IWF_CONTAINER_DIRECTORY ||
        !(EndsWith(golden.path, "/oriented-2d.iwi.cbor") || EndsWith(golden.path, "/both-data.iwm.cbor") ||
          EndsWith(golden.path, "/composite.iwt.cbor") || EndsWith(golden.path, ".zst")))
    {
      continue;
    }
    const Bytes bytes = ReadFile(golden.path);
    for (size_t i = 0; i < bytes.size(); ++i)
    {
      for (const unsigned change : { 0x01u, 0x80u, 0xffu })
      {
        Bytes     damaged = bytes;
        iwf_error error{};
        damaged[i] = static_cast<char>(damaged[i] ^ change);
        const iwf_status status = ReadObject(damaged, family, &error, container);
        accepted += status == IWF_OK;
        EXPECT_TRUE(status == IWF_OK || status >= IWF_ERROR_TRUNCATED) << golden.path << " byte " << i;
        EXPECT_TRUE(status == IWF_OK || std::strlen(error.message) > 10) << golden.path << " byte " << i;
      }
    }
  }
  EXPECT_GT(accepted, 0u); // payloads have no checksums
}
