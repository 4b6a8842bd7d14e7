/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef iwfTest_h
#define iwfTest_h

/** \file What the tests of the C core share: CBOR made by hand, folders that vanish, readers that close themselves. */

#include "iwf/iwf.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace iwf_test
{
using Bytes = std::string; // any bytes; concatenates well

/** CBOR items (RFC 8949). `width` forces 1, 2, 4 or 8 bytes of argument; 0 takes the shortest. */
Bytes
Head(unsigned major, uint64_t argument, int width = 0);
Bytes
Uint(uint64_t value, int width = 0);
Bytes
Negative(uint64_t minusOneMinusValue, int width = 0);
Bytes
Float64(double value);
Bytes
Float32(float value);
Bytes
Float16(uint16_t bits);
Bytes
Text(const std::string & text);
Bytes
Blob(const Bytes & bytes);
Bytes
Tag(uint64_t tag, const Bytes & item);
Bytes
Array(const std::vector<Bytes> & items);
Bytes
Reals(const std::vector<double> & values);
Bytes
Sizes(const std::vector<uint64_t> & values);

/** A map whose members can be changed before it is encoded. */
class Map
{
public:
  Map() = default;
  Map(std::initializer_list<std::pair<std::string, Bytes>> members)
    : members(members)
  {}
  /** Replaces or adds. */
  Map &
  Set(const std::string & key, const Bytes & value);
  Map &
  Remove(const std::string & key);
  Bytes
  Encode() const;
  Bytes
  EncodeIndefinite() const;

  std::vector<std::pair<std::string, Bytes>> members;
};

/** Bytes of numbers in little-endian order. */
template <typename T>
Bytes
Raw(const std::vector<T> & numbers, bool bigEndian = false)
{
  Bytes bytes;
  for (const T & number : numbers)
  {
    Bytes one(reinterpret_cast<const char *>(&number), sizeof(T));
    bytes += bigEndian ? Bytes(one.rbegin(), one.rend()) : one;
  }
  return bytes;
}

Bytes
Hex(const std::string & digits);

/** The map of a 3 x 2 image of uint8, pixels 0 to 5, as upstream writes it. */
Map
SmallImage();
/** Its imageType. */
Map
SmallImageType();
/** A mesh of 3 points and one triangle, point data (uint8) and cell data (float32). */
Map
SmallMesh();
Map
SmallMeshType();
/** A 2-D translation of float64. */
Map
SmallTransform();

/** Closes itself. */
class Reader
{
public:
  Reader() = default;
  Reader(const Reader &) = delete;
  Reader &
  operator=(const Reader &) = delete;
  ~Reader()
  {
    iwf_reader_close(handle);
  }
  iwf_status
  Open(const std::string & path, const iwf_limits * limits = nullptr);
  /** Copies the bytes to memory of exactly that size, so that sanitizers see reads beyond. */
  iwf_status
  OpenMemory(const Bytes &      bytes,
             iwf_family         family = IWF_FAMILY_IMAGE,
             iwf_container      container = IWF_CONTAINER_CBOR,
             const iwf_limits * limits = nullptr);
  /** All of a payload. */
  iwf_status
  Read(int payload, Bytes & bytes, size_t record = 0);
  /** Reads every payload; the first failure. */
  iwf_status
  ReadAll();

  iwf_reader *      handle = nullptr;
  iwf_error         error{};
  std::vector<char> memory;
};

/** Opens the bytes and reads every payload. */
iwf_status
ReadObject(const Bytes & bytes,
           iwf_family    family,
           iwf_error *   error = nullptr,
           iwf_container container = IWF_CONTAINER_CBOR);

/** Everything about an open object as text, payload bytes in hex, for comparing. */
std::string
Describe(Reader & reader);
std::string
DescribeValue(const iwf_value & value);

/** A folder of its own for a test; removed with all in it. */
class Folder
{
public:
  Folder();
  ~Folder();
  Folder(const Folder &) = delete;
  Folder &
  operator=(const Folder &) = delete;
  std::string
  operator/(const std::string & name) const
  {
    return path + "/" + name;
  }
  /** Names in the folder, sorted. */
  std::vector<std::string>
  List(const std::string & below = "") const;

  std::string path;
};

Bytes
ReadFile(const std::string & path);
void
WriteFile(const std::string & path, const Bytes & bytes);
std::string
DataFolder();

/** An image of the given size and type with a gradient in it, written to `path`. */
struct Image
{
  explicit Image(std::vector<uint64_t> size = { 3, 2 }, iwf_component_type type = IWF_UINT8, uint32_t components = 1);
  iwf_image_info             info{};
  std::vector<unsigned char> pixels;

  iwf_status
  Write(const std::string & path, iwf_error * error = nullptr, const iwf_write_options * options = nullptr) const;
};

struct Mesh
{
  Mesh();
  iwf_mesh_info         info{};
  std::vector<float>    points;
  std::vector<uint64_t> cells;
  std::vector<uint8_t>  pointData;
  std::vector<float>    cellData;

  iwf_status
  Write(const std::string & path, iwf_error * error = nullptr) const;
};

struct Transforms
{
  explicit Transforms(size_t count = 2);
  std::vector<iwf_transform_info> infos;
  std::vector<double>             fixed;
  std::vector<double>             parameters;

  iwf_status
  Write(const std::string & path, iwf_error * error = nullptr) const;
};

/** Status names in failures instead of numbers. */
::testing::AssertionResult
HasStatus(const char * statusText, const char * expectedText, iwf_status status, iwf_status expected);
} // namespace iwf_test

#define EXPECT_STATUS(call, expected) EXPECT_PRED_FORMAT2(::iwf_test::HasStatus, call, expected)
#define ASSERT_STATUS(call, expected) ASSERT_PRED_FORMAT2(::iwf_test::HasStatus, call, expected)
#define EXPECT_CONTAINS(text, part)   EXPECT_NE(std::string(text).find(part), std::string::npos) << (text)

#endif
