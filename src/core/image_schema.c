/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "schema.h"

#include "checked.h"
#include "failure.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

enum
{
  DIMENSION,
  COMPONENT_TYPE,
  PIXEL_TYPE,
  COMPONENTS
};

static const iwf_field image_type_fields[] = {
  [DIMENSION] = { .key = "dimension", .type = IWF_FIELD_UINT32, .place = offsetof(iwf_image_info, dimension) },
  [COMPONENT_TYPE] = { .key = "componentType",
                       .type = IWF_FIELD_COMPONENT_TYPE,
                       .place = offsetof(iwf_image_info, component_type) },
  [PIXEL_TYPE] = { .key = "pixelType", .type = IWF_FIELD_PIXEL_TYPE, .place = offsetof(iwf_image_info, pixel_type) },
  [COMPONENTS] = { .key = "components", .type = IWF_FIELD_UINT32, .place = offsetof(iwf_image_info, components) },
};

static const unsigned char image_type_order[] = { DIMENSION, COMPONENT_TYPE, PIXEL_TYPE, COMPONENTS, IWF_ORDER_END };

static const iwf_record image_type = { .fields = image_type_fields,
                                       .count = sizeof(image_type_fields) / sizeof(iwf_field),
                                       .cbor_order = image_type_order,
                                       .json_order = image_type_order };

enum
{
  IMAGE_TYPE,
  NAME,
  ORIGIN,
  SPACING,
  DIRECTION,
  SIZE,
  BUFFERED_REGION,
  DATA,
  METADATA
};

static const iwf_field image_fields[] = {
  [IMAGE_TYPE] = { .key = "imageType", .type = IWF_FIELD_RECORD, .record = &image_type },
  [NAME] = { .key = "name", .type = IWF_FIELD_TEXT, .place = offsetof(iwf_image_info, name) },
  [ORIGIN] = { .key = "origin", .type = IWF_FIELD_REALS, .place = offsetof(iwf_image_info, origin) },
  [SPACING] = { .key = "spacing", .type = IWF_FIELD_REALS, .place = offsetof(iwf_image_info, spacing) },
  [DIRECTION] = { .key = "direction",
                  .type = IWF_FIELD_PAYLOAD,
                  .place = IWF_IMAGE_DIRECTION,
                  .raw_name = "direction.raw" },
  [SIZE] = { .key = "size",
             .type = IWF_FIELD_SIZES,
             .place = offsetof(iwf_image_info, size),
             .flags = IWF_FIELD_REQUIRED },
  [BUFFERED_REGION] = { .key = "bufferedRegion", .type = IWF_FIELD_REGION },
  [DATA] = { .key = "data",
             .type = IWF_FIELD_PAYLOAD,
             .place = IWF_IMAGE_DATA,
             .flags = IWF_FIELD_REQUIRED,
             .raw_name = "data.raw" },
  [METADATA] = { .key = "metadata", .type = IWF_FIELD_METADATA, .place = offsetof(iwf_image_info, metadata) },
};

static const unsigned char json_order[] = { IMAGE_TYPE,      NAME, ORIGIN,   SPACING,      DIRECTION, SIZE,
                                            BUFFERED_REGION, DATA, METADATA, IWF_ORDER_END };

/* Other readers reject any key but these seven. */
static const unsigned char cbor_order[] = {
  IMAGE_TYPE, ORIGIN, SPACING, DIRECTION, SIZE, METADATA, DATA, IWF_ORDER_END
};

void
iwf_image_info_init(iwf_image_info * info)
{
  memset(info, 0, sizeof(*info));
  info->dimension = 2;
  info->component_type = IWF_FLOAT32;
  info->pixel_type = IWF_PIXEL_SCALAR;
  info->components = 1;
  info->name = (iwf_text){ "Image", 5 };
  for (uint32_t axis = 0; axis < IWF_MAX_DIMENSION; ++axis)
  {
    info->spacing[axis] = 1.0;
  }
}

void
iwf_image_info_set_dimension(iwf_image_info * info, uint32_t dimension)
{
  info->dimension = dimension;
  memset(info->direction, 0, sizeof(info->direction));
  for (uint32_t axis = 0; axis < IWF_MAX_DIMENSION; ++axis)
  {
    info->origin[axis] = 0.0;
    info->spacing[axis] = 1.0;
    if (axis < dimension && dimension <= IWF_MAX_DIMENSION)
    {
      info->direction[axis * dimension + axis] = 1.0;
    }
  }
}

static void
init(void * info)
{
  iwf_image_info_init(info);
}

static iwf_status
describe(const void * image_info, iwf_payload * payloads, iwf_error * error)
{
  const iwf_image_info * info = image_info;
  if (info->dimension < 1 || info->dimension > IWF_MAX_DIMENSION)
  {
    return iwf_fail(error,
                    info->dimension < 1 ? IWF_ERROR_VALUE : IWF_ERROR_LIMIT,
                    IWF_NO_OFFSET,
                    "imageType.dimension",
                    "expected 1 to %d, found %" PRIu32,
                    IWF_MAX_DIMENSION,
                    info->dimension);
  }
  if (info->components < 1)
  {
    return iwf_fail(error, IWF_ERROR_VALUE, IWF_NO_OFFSET, "imageType.components", "expected at least 1, found 0");
  }
  /* Others would take the components of one pixel for those of another. */
  const uint32_t colors = info->pixel_type == IWF_PIXEL_RGB ? 3 : info->pixel_type == IWF_PIXEL_RGBA ? 4 : 0;
  if (colors != 0 && info->components != colors)
  {
    return iwf_fail(error,
                    IWF_ERROR_VALUE,
                    IWF_NO_OFFSET,
                    "imageType.components",
                    "expected %" PRIu32 " for the pixel type %s, found %" PRIu32,
                    colors,
                    iwf_pixel_name(info->pixel_type),
                    info->components);
  }
  uint64_t pixels = 1;
  for (uint32_t axis = 0; axis < info->dimension; ++axis)
  {
    IWF_TRY(iwf_check_finite("origin", info->origin[axis], error));
    IWF_TRY(iwf_check_finite("spacing", info->spacing[axis], error));
    if (info->size[axis] == 0)
    {
      return iwf_fail(
        error, IWF_ERROR_VALUE, IWF_NO_OFFSET, "size", "expected at least 1 pixel along each axis, found 0");
    }
    if (!iwf_multiply(pixels, info->size[axis], &pixels))
    {
      return iwf_fail(error, IWF_ERROR_VALUE, IWF_NO_OFFSET, "size", "expected less than 2^64 pixels");
    }
  }
  const uint64_t cosines = (uint64_t)info->dimension * info->dimension;
  IWF_TRY(iwf_payload_expect(&payloads[IWF_IMAGE_DIRECTION], "direction", IWF_FLOAT64, cosines, 1, error));
  payloads[IWF_IMAGE_DIRECTION].fixed_type = true;
  return iwf_payload_expect(&payloads[IWF_IMAGE_DATA], "size", info->component_type, pixels, info->components, error);
}

const iwf_schema iwf_image_schema = {
  .family = IWF_FAMILY_IMAGE,
  .name = "image",
  .root = { .fields = image_fields,
            .count = sizeof(image_fields) / sizeof(iwf_field),
            .cbor_order = cbor_order,
            .json_order = json_order },
  .info_size = sizeof(iwf_image_info),
  .dimension = offsetof(iwf_image_info, dimension),
  .size = offsetof(iwf_image_info, size),
  .payload_count = 2,
  .init = init,
  .describe = describe,
};
