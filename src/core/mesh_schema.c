/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "schema.h"

#include "checked.h"
#include "failure.h"
#include "iwf/mesh.h"
#include "names.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#define PLACE(member) .place = offsetof(iwf_mesh_info, member)

enum
{
  DIMENSION,
  POINT_COMPONENT_TYPE,
  POINT_PIXEL_TYPE,
  POINT_PIXEL_COMPONENT_TYPE,
  POINT_PIXEL_COMPONENTS,
  CELL_COMPONENT_TYPE,
  CELL_PIXEL_TYPE,
  CELL_PIXEL_COMPONENT_TYPE,
  CELL_PIXEL_COMPONENTS
};

static const iwf_field mesh_type_fields[] = {
  [DIMENSION] = { .key = "dimension", .type = IWF_FIELD_UINT32, PLACE(dimension) },
  [POINT_COMPONENT_TYPE] = { .key = "pointComponentType",
                             .type = IWF_FIELD_COMPONENT_TYPE,
                             PLACE(point_component_type) },
  [POINT_PIXEL_TYPE] = { .key = "pointPixelType", .type = IWF_FIELD_PIXEL_TYPE, PLACE(point_pixel_type) },
  [POINT_PIXEL_COMPONENT_TYPE] = { .key = "pointPixelComponentType",
                                   .type = IWF_FIELD_COMPONENT_TYPE,
                                   PLACE(point_pixel_component_type) },
  [POINT_PIXEL_COMPONENTS] = { .key = "pointPixelComponents", .type = IWF_FIELD_UINT32, PLACE(point_pixel_components) },
  [CELL_COMPONENT_TYPE] = { .key = "cellComponentType", .type = IWF_FIELD_COMPONENT_TYPE, PLACE(cell_component_type) },
  [CELL_PIXEL_TYPE] = { .key = "cellPixelType", .type = IWF_FIELD_PIXEL_TYPE, PLACE(cell_pixel_type) },
  [CELL_PIXEL_COMPONENT_TYPE] = { .key = "cellPixelComponentType",
                                  .type = IWF_FIELD_COMPONENT_TYPE,
                                  PLACE(cell_pixel_component_type) },
  [CELL_PIXEL_COMPONENTS] = { .key = "cellPixelComponents", .type = IWF_FIELD_UINT32, PLACE(cell_pixel_components) },
};

static const unsigned char mesh_type_cbor_order[] = { DIMENSION,
                                                      POINT_COMPONENT_TYPE,
                                                      POINT_PIXEL_TYPE,
                                                      POINT_PIXEL_COMPONENT_TYPE,
                                                      POINT_PIXEL_COMPONENTS,
                                                      CELL_COMPONENT_TYPE,
                                                      CELL_PIXEL_TYPE,
                                                      CELL_PIXEL_COMPONENT_TYPE,
                                                      CELL_PIXEL_COMPONENTS,
                                                      IWF_ORDER_END };

static const unsigned char mesh_type_json_order[] = { DIMENSION,
                                                      POINT_COMPONENT_TYPE,
                                                      POINT_PIXEL_COMPONENT_TYPE,
                                                      POINT_PIXEL_TYPE,
                                                      POINT_PIXEL_COMPONENTS,
                                                      CELL_COMPONENT_TYPE,
                                                      CELL_PIXEL_COMPONENT_TYPE,
                                                      CELL_PIXEL_TYPE,
                                                      CELL_PIXEL_COMPONENTS,
                                                      IWF_ORDER_END };

static const iwf_record mesh_type = { .fields = mesh_type_fields,
                                      .count = sizeof(mesh_type_fields) / sizeof(iwf_field),
                                      .cbor_order = mesh_type_cbor_order,
                                      .json_order = mesh_type_json_order };

enum
{
  MESH_TYPE,
  NAME,
  NUMBER_OF_POINTS,
  NUMBER_OF_POINT_PIXELS,
  NUMBER_OF_CELLS,
  NUMBER_OF_CELL_PIXELS,
  CELL_BUFFER_SIZE,
  POINTS,
  CELLS,
  POINT_DATA,
  CELL_DATA,
  METADATA
};

static const iwf_field mesh_fields[] = {
  [MESH_TYPE] = { .key = "meshType", .alias = "pointSetType", .type = IWF_FIELD_RECORD, .record = &mesh_type },
  [NAME] = { .key = "name", .type = IWF_FIELD_TEXT, PLACE(name) },
  [NUMBER_OF_POINTS] = { .key = "numberOfPoints",
                         .type = IWF_FIELD_UINT64,
                         PLACE(number_of_points),
                         .flags = IWF_FIELD_REQUIRED },
  [NUMBER_OF_POINT_PIXELS] = { .key = "numberOfPointPixels", .type = IWF_FIELD_UINT64, PLACE(number_of_point_pixels) },
  [NUMBER_OF_CELLS] = { .key = "numberOfCells", .type = IWF_FIELD_UINT64, PLACE(number_of_cells) },
  [NUMBER_OF_CELL_PIXELS] = { .key = "numberOfCellPixels", .type = IWF_FIELD_UINT64, PLACE(number_of_cell_pixels) },
  [CELL_BUFFER_SIZE] = { .key = "cellBufferSize", .type = IWF_FIELD_UINT64, PLACE(cell_buffer_size) },
  [POINTS] = { .key = "points",
               .type = IWF_FIELD_PAYLOAD,
               .place = IWF_MESH_POINTS,
               .flags = IWF_FIELD_REQUIRED,
               .raw_name = "points.raw" },
  [CELLS] = { .key = "cells",
              .type = IWF_FIELD_PAYLOAD,
              .place = IWF_MESH_CELLS,
              .flags = IWF_FIELD_REQUIRED,
              .raw_name = "cells.raw" },
  [POINT_DATA] = { .key = "pointData",
                   .type = IWF_FIELD_PAYLOAD,
                   .place = IWF_MESH_POINT_DATA,
                   .flags = IWF_FIELD_REQUIRED,
                   .raw_name = "point-data.raw",
                   .raw_alias = "pointData.raw" },
  [CELL_DATA] = { .key = "cellData",
                  .type = IWF_FIELD_PAYLOAD,
                  .place = IWF_MESH_CELL_DATA,
                  .flags = IWF_FIELD_REQUIRED,
                  .raw_name = "cell-data.raw",
                  .raw_alias = "cellData.raw" },
  [METADATA] = { .key = "metadata",
                 .type = IWF_FIELD_METADATA,
                 PLACE(metadata),
                 .flags = IWF_FIELD_OMIT_EMPTY_IN_CBOR },
};

static const unsigned char cbor_order[] = { MESH_TYPE,
                                            NUMBER_OF_POINTS,
                                            NUMBER_OF_POINT_PIXELS,
                                            NUMBER_OF_CELLS,
                                            NUMBER_OF_CELL_PIXELS,
                                            CELL_BUFFER_SIZE,
                                            POINTS,
                                            CELLS,
                                            POINT_DATA,
                                            CELL_DATA,
                                            METADATA,
                                            IWF_ORDER_END };

static const unsigned char json_order[] = { MESH_TYPE,
                                            NAME,
                                            NUMBER_OF_POINTS,
                                            POINTS,
                                            NUMBER_OF_POINT_PIXELS,
                                            POINT_DATA,
                                            NUMBER_OF_CELLS,
                                            CELLS,
                                            CELL_BUFFER_SIZE,
                                            NUMBER_OF_CELL_PIXELS,
                                            CELL_DATA,
                                            METADATA,
                                            IWF_ORDER_END };

void
iwf_mesh_info_init(iwf_mesh_info * info)
{
  memset(info, 0, sizeof(*info));
  info->dimension = 2;
  info->point_component_type = IWF_FLOAT32;
  info->point_pixel_component_type = IWF_FLOAT32;
  info->point_pixel_type = IWF_PIXEL_SCALAR;
  info->cell_component_type = IWF_UINT32;
  info->cell_pixel_component_type = IWF_FLOAT32;
  info->cell_pixel_type = IWF_PIXEL_SCALAR;
  info->name = (iwf_text){ "Mesh", 4 };
}

static void
init(void * info)
{
  iwf_mesh_info_init(info);
}

static iwf_status
check_cells(const iwf_mesh_info * info, iwf_error * error)
{
  if (info->cell_buffer_size > 0 && iwf_component_is_float(info->cell_component_type))
  {
    return iwf_fail(error,
                    IWF_ERROR_VALUE,
                    IWF_NO_OFFSET,
                    "meshType.cellComponentType",
                    "expected an integer type, found %s",
                    iwf_component_name(info->cell_component_type));
  }
  /* A record is a type, a count, and ids. */
  if (info->number_of_cells > info->cell_buffer_size / 2 || (info->number_of_cells == 0 && info->cell_buffer_size > 0))
  {
    return iwf_fail(error,
                    IWF_ERROR_VALUE,
                    IWF_NO_OFFSET,
                    "cellBufferSize",
                    "expected the elements of %" PRIu64 " cells, found %" PRIu64,
                    info->number_of_cells,
                    info->cell_buffer_size);
  }
  return IWF_OK;
}

static iwf_status
describe(const void * mesh_info, iwf_payload * payloads, iwf_error * error)
{
  const iwf_mesh_info * info = mesh_info;
  if (info->dimension < 1 || info->dimension > IWF_MAX_DIMENSION)
  {
    return iwf_fail(error,
                    info->dimension < 1 ? IWF_ERROR_VALUE : IWF_ERROR_LIMIT,
                    IWF_NO_OFFSET,
                    "meshType.dimension",
                    "expected 1 to %d, found %" PRIu32,
                    IWF_MAX_DIMENSION,
                    info->dimension);
  }
  if (info->number_of_points > 0 && !iwf_component_is_float(info->point_component_type))
  {
    return iwf_fail(error,
                    IWF_ERROR_VALUE,
                    IWF_NO_OFFSET,
                    "meshType.pointComponentType",
                    "expected float32 or float64, found %s",
                    iwf_component_name(info->point_component_type));
  }
  IWF_TRY(check_cells(info, error));
  IWF_TRY(iwf_payload_expect(&payloads[IWF_MESH_POINTS],
                             "numberOfPoints",
                             info->point_component_type,
                             info->number_of_points,
                             info->dimension,
                             error));
  IWF_TRY(iwf_payload_expect(
    &payloads[IWF_MESH_CELLS], "cellBufferSize", info->cell_component_type, info->cell_buffer_size, 1, error));
  IWF_TRY(iwf_payload_expect(&payloads[IWF_MESH_POINT_DATA],
                             "numberOfPointPixels",
                             info->point_pixel_component_type,
                             info->number_of_point_pixels,
                             info->point_pixel_components,
                             error));
  IWF_TRY(iwf_payload_expect(&payloads[IWF_MESH_CELL_DATA],
                             "numberOfCellPixels",
                             info->cell_pixel_component_type,
                             info->number_of_cell_pixels,
                             info->cell_pixel_components,
                             error));
  /* Other writers size the cell data by the point counts: where that is too much, the right values come first. */
  payloads[IWF_MESH_CELL_DATA].tolerated_bytes =
    payloads[IWF_MESH_POINT_DATA].count * iwf_component_size(info->cell_pixel_component_type);
  return IWF_OK;
}

const iwf_schema iwf_mesh_schema = {
  .family = IWF_FAMILY_MESH,
  .name = "mesh",
  .root = { .fields = mesh_fields,
            .count = sizeof(mesh_fields) / sizeof(iwf_field),
            .cbor_order = cbor_order,
            .json_order = json_order },
  .info_size = sizeof(iwf_mesh_info),
  .dimension = offsetof(iwf_mesh_info, dimension),
  .payload_count = 4,
  .init = init,
  .describe = describe,
};
