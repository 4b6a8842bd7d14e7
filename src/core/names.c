/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "names.h"

#include <string.h>

/* In the order of iwf_component_type. */
static const struct
{
  const char * name;
  size_t       size;
} component_types[IWF_COMPONENT_TYPE_COUNT] = {
  { "int8", 1 },   { "uint8", 1 }, { "int16", 2 },  { "uint16", 2 },  { "int32", 4 },
  { "uint32", 4 }, { "int64", 8 }, { "uint64", 8 }, { "float32", 4 }, { "float64", 8 },
};

/* In the order of iwf_pixel_type. */
static const char * const pixel_types[IWF_PIXEL_TYPE_COUNT] = {
  "Unknown",
  "Scalar",
  "RGB",
  "RGBA",
  "Offset",
  "Vector",
  "Point",
  "CovariantVector",
  "SymmetricSecondRankTensor",
  "DiffusionTensor3D",
  "Complex",
  "FixedArray",
  "Array",
  "Matrix",
  "VariableLengthVector",
  "VariableSizeMatrix",
};

static bool
equal(const char * name, const char * text, size_t length)
{
  return strlen(name) == length && memcmp(name, text, length) == 0;
}

size_t
iwf_component_size(iwf_component_type type)
{
  return component_types[type].size;
}

const char *
iwf_component_name(iwf_component_type type)
{
  return component_types[type].name;
}

const char *
iwf_pixel_name(iwf_pixel_type type)
{
  return pixel_types[type];
}

bool
iwf_component_from_name(const char * name, size_t length, iwf_component_type * type)
{
  for (int i = 0; i < IWF_COMPONENT_TYPE_COUNT; ++i)
  {
    if (equal(component_types[i].name, name, length))
    {
      *type = (iwf_component_type)i;
      return true;
    }
  }
  return false;
}

bool
iwf_pixel_from_name(const char * name, size_t length, iwf_pixel_type * type)
{
  for (int i = 0; i < IWF_PIXEL_TYPE_COUNT; ++i)
  {
    if (equal(pixel_types[i], name, length))
    {
      *type = (iwf_pixel_type)i;
      return true;
    }
  }
  return false;
}

/* Compares without regard to case, as ITK's own IO classes compare extensions; `suffix` is in lower case. */
static bool
has_suffix(const char * path, size_t length, const char * suffix)
{
  const size_t suffix_length = strlen(suffix);
  if (length < suffix_length)
  {
    return false;
  }
  for (size_t i = 0; i < suffix_length; ++i)
  {
    const char c = path[length - suffix_length + i];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != suffix[i])
    {
      return false;
    }
  }
  return true;
}

int
iwf_path_format(const char * path, iwf_family * family, iwf_container * container)
{
  static const struct
  {
    const char *  suffix;
    iwf_family    family;
    iwf_container container;
  } formats[] = {
    { ".iwi.cbor.zst", IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR_ZSTD },
    { ".iwm.cbor.zst", IWF_FAMILY_MESH, IWF_CONTAINER_CBOR_ZSTD },
    { ".iwt.cbor.zst", IWF_FAMILY_TRANSFORM, IWF_CONTAINER_CBOR_ZSTD },
    { ".iwi.cbor", IWF_FAMILY_IMAGE, IWF_CONTAINER_CBOR },
    { ".iwm.cbor", IWF_FAMILY_MESH, IWF_CONTAINER_CBOR },
    { ".iwt.cbor", IWF_FAMILY_TRANSFORM, IWF_CONTAINER_CBOR },
    { ".iwi", IWF_FAMILY_IMAGE, IWF_CONTAINER_DIRECTORY },
    { ".iwm", IWF_FAMILY_MESH, IWF_CONTAINER_DIRECTORY },
    { ".iwt", IWF_FAMILY_TRANSFORM, IWF_CONTAINER_DIRECTORY },
  };
  size_t length = strlen(path);
  bool   slash = false;
  while (length > 0 && path[length - 1] == '/')
  {
    slash = true;
    --length;
  }
  for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); ++i)
  {
    if (has_suffix(path, length, formats[i].suffix) && (!slash || formats[i].container == IWF_CONTAINER_DIRECTORY))
    {
      *family = formats[i].family;
      *container = formats[i].container;
      return 1;
    }
  }
  return 0;
}
