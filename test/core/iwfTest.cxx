/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwfTest.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace iwf_test
{
Bytes
Head(unsigned major, uint64_t argument, int width)
{
  if (width == 0)
  {
    width = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument < 0x100000000 ? 4 : 8;
  }
  const unsigned additional = width == 0   ? static_cast<unsigned>(argument)
                              : width == 1 ? 24u
                              : width == 2 ? 25u
                              : width == 4 ? 26u
                                           : 27u;
  Bytes          bytes(1, static_cast<char>(major << 5 | additional));
  for (int i = width - 1; i >= 0; --i)
  {
    bytes += static_cast<char>(argument >> (8 * i));
  }
  return bytes;
}

Bytes
Uint(uint64_t value, int width)
{
  return Head(0, value, width);
}

Bytes
Negative(uint64_t minusOneMinusValue, int width)
{
  return Head(1, minusOneMinusValue, width);
}

Bytes
Float64(double value)
{
  return "\xfb" + Raw<double>({ value }, true);
}

Bytes
Float32(float value)
{
  return "\xfa" + Raw<float>({ value }, true);
}

Bytes
Float16(uint16_t bits)
{
  return "\xf9" + Raw<uint16_t>({ bits }, true);
}

Bytes
Text(const std::string & text)
{
  return Head(3, text.size()) + text;
}

Bytes
Blob(const Bytes & bytes)
{
  return Head(2, bytes.size()) + bytes;
}

Bytes
Tag(uint64_t tag, const Bytes & item)
{
  return Head(6, tag) + item;
}

Bytes
Array(const std::vector<Bytes> & items)
{
  Bytes bytes = Head(4, items.size());
  for (const Bytes & item : items)
  {
    bytes += item;
  }
  return bytes;
}

Bytes
Reals(const std::vector<double> & values)
{
  std::vector<Bytes> items(values.size());
  std::transform(values.begin(), values.end(), items.begin(), Float64);
  return Array(items);
}

Bytes
Sizes(const std::vector<uint64_t> & values)
{
  std::vector<Bytes> items;
  for (const uint64_t value : values)
  {
    items.push_back(Uint(value, 8));
  }
  return Array(items);
}

Map &
Map::Set(const std::string & key, const Bytes & value)
{
  for (auto & member : members)
  {
    if (member.first == key)
    {
      member.second = value;
      return *this;
    }
  }
  members.emplace_back(key, value);
  return *this;
}

Map &
Map::Remove(const std::string & key)
{
  members.erase(std::remove_if(members.begin(), members.end(), [&](const auto & m) { return m.first == key; }),
                members.end());
  return *this;
}

Bytes
Map::Encode() const
{
  Bytes bytes = Head(5, members.size());
  for (const auto & member : members)
  {
    bytes += Text(member.first) + member.second;
  }
  return bytes;
}

Bytes
Map::EncodeIndefinite() const
{
  return "\xbf" + Encode().substr(Head(5, members.size()).size()) + "\xff";
}

Bytes
Hex(const std::string & digits)
{
  Bytes bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2)
  {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

Map
SmallImageType()
{
  return { { "dimension", Uint(2, 4) },
           { "componentType", Text("uint8") },
           { "pixelType", Text("Scalar") },
           { "components", Uint(1, 4) } };
}

Map
SmallImage()
{
  return { { "imageType", SmallImageType().Encode() },
           { "origin", Reals({ 1.5, -2.0 }) },
           { "spacing", Reals({ 0.5, 2.0 }) },
           { "direction", Tag(86, Blob(Raw<double>({ 0.6, 0.8, -0.8, 0.6 }))) },
           { "size", Sizes({ 3, 2 }) },
           { "metadata", Map().Encode() },
           { "data", Tag(64, Blob(Raw<uint8_t>({ 0, 1, 2, 3, 4, 5 }))) } };
}

Map
SmallMeshType()
{
  return { { "dimension", Uint(3, 4) },
           { "pointComponentType", Text("float32") },
           { "pointPixelType", Text("Scalar") },
           { "pointPixelComponentType", Text("uint8") },
           { "pointPixelComponents", Uint(1, 4) },
           { "cellComponentType", Text("uint32") },
           { "cellPixelType", Text("Scalar") },
           { "cellPixelComponentType", Text("float32") },
           { "cellPixelComponents", Uint(1, 4) } };
}

Map
SmallMesh()
{
  return { { "meshType", SmallMeshType().Encode() },
           { "numberOfPoints", Uint(3, 8) },
           { "numberOfPointPixels", Uint(3, 8) },
           { "numberOfCells", Uint(1, 8) },
           { "numberOfCellPixels", Uint(1, 8) },
           { "cellBufferSize", Uint(5, 8) },
           { "points", Tag(85, Blob(Raw<float>({ 0, 0, 0, 1, 0, 0, 0, 1, 0 }))) },
           { "cells", Tag(70, Blob(Raw<uint32_t>({ 2, 3, 0, 1, 2 }))) },
           { "pointData", Tag(64, Blob(Raw<uint8_t>({ 7, 8, 9 }))) },
           { "cellData", Tag(85, Blob(Raw<float>({ 2.5F }))) } };
}

Map
SmallTransform()
{
  const Map type{ { "transformParameterization", Text("Translation") },
                  { "parametersValueType", Text("float64") },
                  { "inputDimension", Uint(2, 4) },
                  { "outputDimension", Uint(2, 4) } };
  return { { "transformType", type.Encode() },       { "numberOfFixedParameters", Uint(0, 8) },
           { "numberOfParameters", Uint(2, 8) },     { "name", Text("Transform") },
           { "inputSpaceName", Text("") },           { "outputSpaceName", Text("") },
           { "fixedParameters", Tag(86, Blob("")) }, { "parameters", Tag(86, Blob(Raw<double>({ 1.25, -3.5 }))) } };
}

iwf_status
Reader::Open(const std::string & path, const iwf_limits * limits)
{
  iwf_reader_close(handle);
  return iwf_reader_open(&handle, path.c_str(), limits, &error);
}

iwf_status
Reader::OpenMemory(const Bytes & bytes, iwf_family family, iwf_container container, const iwf_limits * limits)
{
  iwf_reader_close(handle);
  memory.assign(bytes.begin(), bytes.end());
  memory.shrink_to_fit();
  return iwf_reader_open_memory(&handle, memory.data(), memory.size(), family, container, limits, &error);
}

iwf_status
Reader::Read(int payload, Bytes & bytes, size_t record)
{
  bytes.assign(iwf_reader_payload_bytes(handle, record, payload), '\xee');
  return iwf_reader_read(handle, record, payload, 0, bytes.size(), bytes.data(), &error);
}

namespace
{
size_t
RecordCount(const iwf_reader * reader)
{
  size_t count = 1;
  if (iwf_reader_family(reader) == IWF_FAMILY_TRANSFORM)
  {
    (void)iwf_reader_transforms(reader, &count);
  }
  return count;
}

int
PayloadCount(const iwf_reader * reader)
{
  return iwf_reader_family(reader) == IWF_FAMILY_MESH ? 4 : 2;
}

std::string
ToHex(const Bytes & bytes)
{
  static const char digits[] = "0123456789abcdef";
  std::string       hex;
  for (const char byte : bytes)
  {
    hex += digits[static_cast<unsigned char>(byte) >> 4];
    hex += digits[static_cast<unsigned char>(byte) & 15];
  }
  return hex;
}
} // namespace

iwf_status
Reader::ReadAll()
{
  Bytes bytes;
  for (size_t record = 0; record < RecordCount(handle); ++record)
  {
    for (int payload = 0; payload < PayloadCount(handle); ++payload)
    {
      const iwf_status status = Read(payload, bytes, record);
      if (status != IWF_OK)
      {
        return status;
      }
    }
  }
  const iwf_mesh_info * mesh = iwf_reader_mesh(handle);
  if (mesh != nullptr)
  {
    const iwf_status status = Read(IWF_MESH_CELLS, bytes);
    return status == IWF_OK ? iwf_mesh_check_cells(mesh, bytes.data(), &error) : status;
  }
  return IWF_OK;
}

iwf_status
ReadObject(const Bytes & bytes, iwf_family family, iwf_error * error, iwf_container container)
{
  Reader     reader;
  iwf_status status = reader.OpenMemory(bytes, family, container);
  if (status == IWF_OK)
  {
    status = reader.ReadAll();
  }
  if (error != nullptr)
  {
    *error = reader.error;
  }
  return status;
}

std::string
DescribeValue(const iwf_value & value)
{
  std::ostringstream text;
  text.precision(17);
  if (value.tag != IWF_NO_TAG)
  {
    text << value.tag << "(";
  }
  switch (value.kind)
  {
    case IWF_NULL:
      text << "null";
      break;
    case IWF_BOOL:
      text << (value.of.boolean ? "true" : "false");
      break;
    case IWF_UNSIGNED:
      text << value.of.unsigned_value;
      break;
    case IWF_NEGATIVE:
      text << value.of.negative_value;
      break;
    case IWF_FLOAT:
      text << value.of.float_value << "f";
      break;
    case IWF_TEXT:
      text << '"' << std::string(value.of.text, value.count) << '"';
      break;
    case IWF_BYTES:
      text << "bytes:" << value.count;
      break;
    case IWF_ARRAY:
      text << "[";
      for (uint64_t i = 0; i < value.count; ++i)
      {
        text << (i > 0 ? "," : "") << DescribeValue(value.of.items[i]);
      }
      text << "]";
      break;
    case IWF_MAP:
      text << "{";
      for (uint64_t i = 0; i < value.count; ++i)
      {
        const iwf_member & member = value.of.members[i];
        text << (i > 0 ? "," : "") << std::string(member.key, member.key_length) << ":" << DescribeValue(member.value);
      }
      text << "}";
      break;
  }
  text << (value.tag != IWF_NO_TAG ? ")" : "");
  return text.str();
}

namespace
{
std::string
DescribeText(const iwf_text & text)
{
  return text.data != nullptr ? "'" + std::string(text.data, text.length) + "'" : "default";
}

void
DescribeMetadata(std::ostream & text, const iwf_value * metadata)
{
  text << " metadata " << (metadata != nullptr ? DescribeValue(*metadata) : "{}");
}
} // namespace

std::string
Describe(Reader & reader)
{
  std::ostringstream text;
  text.precision(17);
  if (const iwf_image_info * image = iwf_reader_image(reader.handle))
  {
    text << "image " << iwf_component_name(image->component_type) << " " << iwf_pixel_name(image->pixel_type) << " "
         << image->components << " name " << DescribeText(image->name);
    for (uint32_t i = 0; i < image->dimension; ++i)
    {
      text << " " << image->size[i] << "@" << image->origin[i] << "*" << image->spacing[i];
    }
    for (uint32_t i = 0; i < image->dimension * image->dimension; ++i)
    {
      text << " " << image->direction[i];
    }
    DescribeMetadata(text, image->metadata);
  }
  if (const iwf_mesh_info * mesh = iwf_reader_mesh(reader.handle))
  {
    text << "mesh " << mesh->dimension << " " << iwf_component_name(mesh->point_component_type) << " point "
         << iwf_component_name(mesh->point_pixel_component_type) << " " << iwf_pixel_name(mesh->point_pixel_type) << " "
         << mesh->point_pixel_components << " cell " << iwf_component_name(mesh->cell_component_type) << " "
         << iwf_component_name(mesh->cell_pixel_component_type) << " " << iwf_pixel_name(mesh->cell_pixel_type) << " "
         << mesh->cell_pixel_components << " name " << DescribeText(mesh->name) << " counts " << mesh->number_of_points
         << " " << mesh->number_of_point_pixels << " " << mesh->number_of_cells << " " << mesh->number_of_cell_pixels
         << " " << mesh->cell_buffer_size;
    DescribeMetadata(text, mesh->metadata);
  }
  size_t                     count = 0;
  const iwf_transform_info * transforms = iwf_reader_transforms(reader.handle, &count);
  for (size_t i = 0; i < count; ++i)
  {
    const iwf_transform_info & t = transforms[i];
    text << "transform " << DescribeText(t.parameterization) << " " << iwf_component_name(t.parameters_value_type)
         << " " << t.input_dimension << "->" << t.output_dimension << " " << t.number_of_fixed_parameters << "+"
         << t.number_of_parameters << " " << DescribeText(t.name) << " " << DescribeText(t.input_space_name) << " "
         << DescribeText(t.output_space_name);
    DescribeMetadata(text, t.metadata);
  }
  for (size_t record = 0; record < RecordCount(reader.handle); ++record)
  {
    for (int payload = 0; payload < PayloadCount(reader.handle); ++payload)
    {
      Bytes bytes;
      if (reader.Read(payload, bytes, record) != IWF_OK)
      {
        return std::string("failed: ") + reader.error.message;
      }
      text << "\n" << record << "." << payload << " " << ToHex(bytes);
    }
  }
  return text.str();
}

Folder::Folder()
{
  const char * given = std::getenv("TMPDIR");
  const char * base =
    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; // thousands of writes: memory if there is any
  path = std::string(given != nullptr ? given : base) + "/iwf-test-XXXXXX";
  if (mkdtemp(path.data()) == nullptr)
  {
    std::abort();
  }
}

Folder::~Folder()
{
  std::error_code ignored;
  std::filesystem::permissions(path, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(path, ignored);
}

std::vector<std::string>
Folder::List(const std::string & below) const
{
  std::vector<std::string> names;
  for (const auto & entry : std::filesystem::directory_iterator(path + "/" + below))
  {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Bytes
ReadFile(const std::string & path)
{
  std::ifstream      file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void
WriteFile(const std::string & path, const Bytes & bytes)
{
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream file(path, std::ios::binary);
  file << bytes;
}

std::string
DataFolder()
{
  return IWF_TEST_DATA;
}

Image::Image(std::vector<uint64_t> size, iwf_component_type type, uint32_t components)
{
  iwf_image_info_init(&info);
  info.dimension = static_cast<uint32_t>(size.size());
  info.component_type = type;
  info.components = components;
  info.pixel_type = components == 1 ? IWF_PIXEL_SCALAR : IWF_PIXEL_VECTOR;
  uint64_t bytes = iwf_component_size(type) * components;
  for (uint32_t i = 0; i < info.dimension; ++i)
  {
    info.size[i] = size[i];
    info.origin[i] = i + 0.5;
    info.direction[i * info.dimension + i] = 1.0;
    bytes *= size[i];
  }
  pixels.resize(bytes);
  for (size_t i = 0; i < pixels.size(); ++i)
  {
    pixels[i] = static_cast<unsigned char>(i * 7 + i / 251);
  }
}

iwf_status
Image::Write(const std::string & path, iwf_error * error, const iwf_write_options * options) const
{
  iwf_writer * writer = nullptr;
  iwf_status   status = iwf_writer_open_image(&writer, path.c_str(), &info, options, error);
  if (status == IWF_OK)
  {
    status = iwf_writer_write(writer, 0, IWF_IMAGE_DATA, 0, pixels.size(), pixels.data(), error);
  }
  if (status == IWF_OK)
  {
    status = iwf_writer_commit(writer, error);
  }
  iwf_writer_close(writer);
  return status;
}

Mesh::Mesh()
  : points{ 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 1 }
  , cells{ 2, 3, 0, 1, 2, 1, 2, 0, 3 }
  , pointData{ 1, 2, 3, 4 }
  , cellData{ 0.5F, 1.5F }
{
  iwf_mesh_info_init(&info);
  info.dimension = 3;
  info.point_component_type = IWF_FLOAT32;
  info.point_pixel_component_type = IWF_UINT8;
  info.point_pixel_components = 1;
  info.cell_component_type = IWF_UINT64;
  info.cell_pixel_component_type = IWF_FLOAT32;
  info.cell_pixel_components = 1;
  info.number_of_points = 4;
  info.number_of_point_pixels = 4;
  info.number_of_cells = 2;
  info.number_of_cell_pixels = 2;
  info.cell_buffer_size = cells.size();
}

iwf_status
Mesh::Write(const std::string & path, iwf_error * error) const
{
  iwf_writer * writer = nullptr;
  iwf_status   status = iwf_writer_open_mesh(&writer, path.c_str(), &info, nullptr, error);
  const struct
  {
    const void * data;
    size_t       bytes;
  } payloads[] = { { points.data(), points.size() * sizeof(float) },
                   { cells.data(), cells.size() * sizeof(uint64_t) },
                   { pointData.data(), pointData.size() },
                   { cellData.data(), cellData.size() * sizeof(float) } };
  for (int i = 0; i < 4 && status == IWF_OK; ++i)
  {
    status = iwf_writer_write(writer, 0, i, 0, payloads[i].bytes, payloads[i].data, error);
  }
  if (status == IWF_OK)
  {
    status = iwf_writer_commit(writer, error);
  }
  iwf_writer_close(writer);
  return status;
}

Transforms::Transforms(size_t count)
  : infos(count)
  , fixed{ 1, 2 }
  , parameters{ 1, 0, 0, 1, -0.5, 8 }
{
  for (iwf_transform_info & info : infos)
  {
    iwf_transform_info_init(&info);
    info.parameterization = { "Affine", 6 };
    info.input_dimension = 2;
    info.output_dimension = 2;
    info.number_of_fixed_parameters = fixed.size();
    info.number_of_parameters = parameters.size();
  }
}

iwf_status
Transforms::Write(const std::string & path, iwf_error * error) const
{
  iwf_writer * writer = nullptr;
  iwf_status   status = iwf_writer_open_transforms(&writer, path.c_str(), infos.data(), infos.size(), nullptr, error);
  for (size_t i = 0; i < infos.size() && status == IWF_OK; ++i)
  {
    status = iwf_writer_write(writer,
                              i,
                              IWF_TRANSFORM_FIXED_PARAMETERS,
                              0,
                              infos[i].number_of_fixed_parameters * sizeof(double),
                              fixed.data(),
                              error);
    if (status == IWF_OK)
    {
      status = iwf_writer_write(writer,
                                i,
                                IWF_TRANSFORM_PARAMETERS,
                                0,
                                infos[i].number_of_parameters * sizeof(double),
                                parameters.data(),
                                error);
    }
  }
  if (status == IWF_OK)
  {
    status = iwf_writer_commit(writer, error);
  }
  iwf_writer_close(writer);
  return status;
}

::testing::AssertionResult
HasStatus(const char * statusText, const char *, iwf_status status, iwf_status expected)
{
  if (status == expected)
  {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << statusText << "\n  is       " << iwf_status_name(status) << "\n  expected "
                                       << iwf_status_name(expected);
}
} // namespace iwf_test
