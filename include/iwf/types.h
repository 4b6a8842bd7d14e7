/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_TYPES_H
#define IWF_TYPES_H

/**
 * \file
 * The formats' names for component and pixel types, and for the families and containers that a path's suffix names.
 */

#include "iwf/status.h"

IWF_BEGIN_DECLS

/** Type of one number of a payload. In files, payloads are little-endian; in memory they have the host's order. */
typedef enum iwf_component_type
{
  IWF_INT8,
  IWF_UINT8,
  IWF_INT16,
  IWF_UINT16,
  IWF_INT32,
  IWF_UINT32,
  IWF_INT64,
  IWF_UINT64,
  IWF_FLOAT32,
  IWF_FLOAT64
} iwf_component_type;

/** Number of values of ::iwf_component_type. */
#define IWF_COMPONENT_TYPE_COUNT 10

/** Meaning of the components of one pixel; the order is that of itk::IOPixelEnum. */
typedef enum iwf_pixel_type
{
  IWF_PIXEL_UNKNOWN,
  IWF_PIXEL_SCALAR,
  IWF_PIXEL_RGB,
  IWF_PIXEL_RGBA,
  IWF_PIXEL_OFFSET,
  IWF_PIXEL_VECTOR,
  IWF_PIXEL_POINT,
  IWF_PIXEL_COVARIANT_VECTOR,
  IWF_PIXEL_SYMMETRIC_SECOND_RANK_TENSOR,
  IWF_PIXEL_DIFFUSION_TENSOR_3D,
  IWF_PIXEL_COMPLEX,
  IWF_PIXEL_FIXED_ARRAY,
  IWF_PIXEL_ARRAY,
  IWF_PIXEL_MATRIX,
  IWF_PIXEL_VARIABLE_LENGTH_VECTOR,
  IWF_PIXEL_VARIABLE_SIZE_MATRIX
} iwf_pixel_type;

/** Number of values of ::iwf_pixel_type. */
#define IWF_PIXEL_TYPE_COUNT 16

/** What an object is. */
typedef enum iwf_family
{
  IWF_FAMILY_IMAGE,    /**< .iwi */
  IWF_FAMILY_MESH,     /**< .iwm: meshes, point sets and polydata */
  IWF_FAMILY_TRANSFORM /**< .iwt: a list of transforms */
} iwf_family;

/** How an object is stored. */
typedef enum iwf_container
{
  IWF_CONTAINER_DIRECTORY, /**< index.json and raw files */
  IWF_CONTAINER_CBOR,      /**< one CBOR item, suffix .cbor */
  IWF_CONTAINER_CBOR_ZSTD  /**< that, compressed, suffix .cbor.zst */
} iwf_container;

/** Size of one component in bytes: 1, 2, 4 or 8. */
IWF_API size_t
iwf_component_size(iwf_component_type type);

/** The formats' name, such as "float32". Never NULL. */
IWF_API const char *
iwf_component_name(iwf_component_type type);

/** The formats' name, such as "VariableLengthVector". Never NULL. */
IWF_API const char *
iwf_pixel_name(iwf_pixel_type type);

/**
 * Finds family and container by the suffix of \a path, the longest first: ".iwi.cbor.zst", ".iwi.cbor", ".iwi" and so
 * on, in any case, as ITK compares extensions; trailing slashes after a directory's name are allowed.
 * \return 1 when the suffix is one of the formats' own; 0 (and nothing filled) otherwise.
 */
IWF_API int
iwf_path_format(const char * path, iwf_family * family, iwf_container * container);

IWF_END_DECLS

#endif
