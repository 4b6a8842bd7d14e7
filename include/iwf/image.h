/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_IMAGE_H
#define IWF_IMAGE_H

/**
 * \file
 * What a header says of an image. Axes are in the order x, y, z, …; x runs fastest in the payload, components are
 * interleaved.
 */

#include "iwf/limits.h"
#include "iwf/types.h"
#include "iwf/value.h"

IWF_BEGIN_DECLS

/** Text that need not end with NUL. */
typedef struct iwf_text
{
  const char * data;   /**< UTF-8; NULL stands for the format's default */
  size_t       length; /**< in bytes */
} iwf_text;

/** What an image's header says. */
typedef struct iwf_image_info
{
  uint32_t           dimension;      /**< 1 … ::IWF_MAX_DIMENSION */
  iwf_component_type component_type; /**< type of one component */
  iwf_pixel_type     pixel_type;     /**< what the components of a pixel are */
  uint32_t           components;     /**< components of one pixel, at least 1 */
  iwf_text           name;           /**< only index.json carries it; default "Image" */
  /** Physical coordinates, commonly in millimetres, of the centre of the first stored pixel; finite. */
  double origin[IWF_MAX_DIMENSION];
  /** Distance of pixel centres along each index axis, in the unit of the origin; finite. */
  double spacing[IWF_MAX_DIMENSION];
  /**
   * Direction cosines, dimension x dimension, row by row as in itk::Image::GetDirection():
   * direction[row * dimension + column], column c being the cosines of index axis c. Files hold the transpose (axis by
   * axis); the library converts.
   */
  double            direction[IWF_MAX_DIMENSION * IWF_MAX_DIMENSION];
  uint64_t          size[IWF_MAX_DIMENSION]; /**< pixels along each axis, at least 1 */
  const iwf_value * metadata;                /**< a map, or NULL for none */
} iwf_image_info;

/** A box of pixels. */
typedef struct iwf_region
{
  uint64_t index[IWF_MAX_DIMENSION]; /**< first pixel along each axis, counted from 0 */
  uint64_t size[IWF_MAX_DIMENSION];  /**< pixels along each axis */
} iwf_region;

/** Payloads of an image, for iwf_reader_read() and iwf_writer_write(). */
typedef enum iwf_image_payload
{
  IWF_IMAGE_DIRECTION, /**< handled by the library itself: see iwf_image_info::direction */
  IWF_IMAGE_DATA       /**< the pixels */
} iwf_image_payload;

/**
 * Fills \a info with the format's defaults: 2-D, float32, Scalar, 1 component, zero origin, unit spacing. Size and
 * direction have none before the dimension is known: they are zero.
 */
IWF_API void
iwf_image_info_init(iwf_image_info * info);

/**
 * Sets the dimension, with zero origin, unit spacing and identity as direction.
 * \param dimension 1 … ::IWF_MAX_DIMENSION; what is out of range is left for iwf_writer_open_image() to refuse
 */
IWF_API void
iwf_image_info_set_dimension(iwf_image_info * info, uint32_t dimension);

/**
 * Computes the bytes of a region's pixels.
 * \return ::IWF_ERROR_ARGUMENT when the region is empty or leaves the image, or the product overflows.
 */
IWF_API IWF_MUST_USE iwf_status
iwf_image_region_bytes(const iwf_image_info * info, const iwf_region * region, uint64_t * bytes, iwf_error * error);

IWF_END_DECLS

#endif
