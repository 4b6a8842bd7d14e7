/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_TRANSFORM_H
#define IWF_TRANSFORM_H

/**
 * \file
 * What a header says of one transform of a transform list. A leading Composite entry has no arrays of its own; the
 * entries after it are its queue, in ITK's order (the last one is applied first).
 */

#include "iwf/image.h"

IWF_BEGIN_DECLS

/** What a header says of one transform. */
typedef struct iwf_transform_info
{
  /** ITK's class name without "Transform", such as "Euler3D": letters and digits. Beyond the names that the formats
   * list, other readers know none. */
  iwf_text           parameterization;
  iwf_component_type parameters_value_type;      /**< float32 or float64 */
  uint32_t           input_dimension;            /**< coordinates of a point that it takes */
  uint32_t           output_dimension;           /**< coordinates of a point that it gives */
  uint64_t           number_of_fixed_parameters; /**< of a Composite: the sum over its children */
  uint64_t           number_of_parameters;       /**< of a Composite: the sum over its children */
  iwf_text           name;                       /**< itk::Object::GetObjectName(); default "Transform" */
  iwf_text           input_space_name;           /**< of the coordinates that it takes; default "" */
  iwf_text           output_space_name;          /**< of the coordinates that it gives; default "" */
  const iwf_value *  metadata;                   /**< a map, or NULL for none */
} iwf_transform_info;

/** Payloads of a transform, for iwf_reader_read() and iwf_writer_write(), in the order of the file. */
typedef enum iwf_transform_payload
{
  IWF_TRANSFORM_FIXED_PARAMETERS, /**< always float64 */
  IWF_TRANSFORM_PARAMETERS        /**< of parameters_value_type */
} iwf_transform_payload;

/** Fills \a info with the format's defaults: Identity, float64, 3 to 3 dimensions, no parameters. */
IWF_API void
iwf_transform_info_init(iwf_transform_info * info);

/** Tells whether the entry is a Composite, which has no arrays of its own. */
IWF_API int
iwf_transform_is_composite(const iwf_transform_info * info);

IWF_END_DECLS

#endif
