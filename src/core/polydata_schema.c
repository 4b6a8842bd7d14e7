/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "polydata.h"

#include "failure.h"
#include "schema.h"

#include <stddef.h>
#include <string.h>

#define PLACE(member) .place = offsetof(iwf_polydata_info, member)

static const iwf_field polydata_type_fields[] = {
  { .key = "pointPixelComponentType", .type = IWF_FIELD_COMPONENT_TYPE, PLACE(mesh.point_pixel_component_type) },
  { .key = "pointPixelType", .type = IWF_FIELD_PIXEL_TYPE, PLACE(mesh.point_pixel_type) },
  { .key = "pointPixelComponents", .type = IWF_FIELD_UINT32, PLACE(mesh.point_pixel_components) },
  { .key = "cellPixelComponentType", .type = IWF_FIELD_COMPONENT_TYPE, PLACE(mesh.cell_pixel_component_type) },
  { .key = "cellPixelType", .type = IWF_FIELD_PIXEL_TYPE, PLACE(mesh.cell_pixel_type) },
  { .key = "cellPixelComponents", .type = IWF_FIELD_UINT32, PLACE(mesh.cell_pixel_components) },
};

/* Nobody writes this form to files: the records have no order of writing. */
static const iwf_record polydata_type = { .fields = polydata_type_fields,
                                          .count = sizeof(polydata_type_fields) / sizeof(iwf_field) };

#define COUNT(name, member)                              \
  {                                                      \
    .key = name, .type = IWF_FIELD_UINT64, PLACE(member) \
  }
#define PAYLOAD(name, number, raw)                                                                        \
  {                                                                                                       \
    .key = name, .type = IWF_FIELD_PAYLOAD, .place = number, .flags = IWF_FIELD_REQUIRED, .raw_name = raw \
  }

static const iwf_field polydata_fields[] = {
  { .key = "polyDataType", .type = IWF_FIELD_RECORD, .record = &polydata_type },
  { .key = "name", .type = IWF_FIELD_TEXT, PLACE(mesh.name) },
  { .key = "numberOfPoints", .type = IWF_FIELD_UINT64, PLACE(mesh.number_of_points), .flags = IWF_FIELD_REQUIRED },
  PAYLOAD("points", IWF_POLYDATA_POINTS, "points.raw"),
  COUNT("verticesBufferSize", vertices_buffer_size),
  PAYLOAD("vertices", IWF_POLYDATA_VERTICES, "vertices.raw"),
  COUNT("linesBufferSize", lines_buffer_size),
  PAYLOAD("lines", IWF_POLYDATA_LINES, "lines.raw"),
  COUNT("polygonsBufferSize", polygons_buffer_size),
  PAYLOAD("polygons", IWF_POLYDATA_POLYGONS, "polygons.raw"),
  COUNT("triangleStripsBufferSize", triangle_strips_buffer_size),
  PAYLOAD("triangleStrips", IWF_POLYDATA_TRIANGLE_STRIPS, "triangle-strips.raw"),
  COUNT("numberOfPointPixels", mesh.number_of_point_pixels),
  PAYLOAD("pointData", IWF_POLYDATA_POINT_DATA, "point-data.raw"),
  COUNT("numberOfCellPixels", mesh.number_of_cell_pixels),
  PAYLOAD("cellData", IWF_POLYDATA_CELL_DATA, "cell-data.raw"),
  { .key = "metadata", .type = IWF_FIELD_METADATA, PLACE(mesh.metadata) },
};

static void
init(void * info)
{
  iwf_polydata_info * polydata = info;
  memset(polydata, 0, sizeof(*polydata));
  iwf_mesh_info_init(&polydata->mesh);
  polydata->mesh.dimension = 3;
}

static iwf_status
describe(const void * info, iwf_payload * payloads, iwf_error * error)
{
  const iwf_polydata_info * p = info;
  const iwf_mesh_info *     mesh = &p->mesh;
  const struct
  {
    int                payload;
    const char *       key;
    iwf_component_type type;
    uint64_t           count;
    uint64_t           per_count;
  } arrays[] = {
    { IWF_POLYDATA_POINTS, "numberOfPoints", IWF_FLOAT32, mesh->number_of_points, 3 },
    { IWF_POLYDATA_VERTICES, "verticesBufferSize", IWF_UINT32, p->vertices_buffer_size, 1 },
    { IWF_POLYDATA_LINES, "linesBufferSize", IWF_UINT32, p->lines_buffer_size, 1 },
    { IWF_POLYDATA_POLYGONS, "polygonsBufferSize", IWF_UINT32, p->polygons_buffer_size, 1 },
    { IWF_POLYDATA_TRIANGLE_STRIPS, "triangleStripsBufferSize", IWF_UINT32, p->triangle_strips_buffer_size, 1 },
    { IWF_POLYDATA_POINT_DATA,
      "numberOfPointPixels",
      mesh->point_pixel_component_type,
      mesh->number_of_point_pixels,
      mesh->point_pixel_components },
    { IWF_POLYDATA_CELL_DATA,
      "numberOfCellPixels",
      mesh->cell_pixel_component_type,
      mesh->number_of_cell_pixels,
      mesh->cell_pixel_components },
  };
  for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); ++i)
  {
    IWF_TRY(iwf_payload_expect(
      &payloads[arrays[i].payload], arrays[i].key, arrays[i].type, arrays[i].count, arrays[i].per_count, error));
  }
  for (int i = IWF_POLYDATA_VERTICES; i <= IWF_POLYDATA_TRIANGLE_STRIPS; ++i)
  {
    payloads[i].fixed_type = true; /* int32 is seen as well */
  }
  return IWF_OK;
}

const iwf_schema iwf_polydata_schema = {
  .family = IWF_FAMILY_MESH,
  .name = "polydata",
  .root = { .fields = polydata_fields, .count = sizeof(polydata_fields) / sizeof(iwf_field) },
  .info_size = sizeof(iwf_polydata_info),
  .dimension = offsetof(iwf_polydata_info, mesh.dimension),
  .payload_count = IWF_POLYDATA_PAYLOADS,
  .init = init,
  .describe = describe,
};
