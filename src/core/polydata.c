/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "polydata.h"

#include "checked.h"
#include "failure.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where converted cells go. In a first pass, without arrays, they are only counted. */
typedef struct output
{
  uint32_t *            cells;
  uint64_t              elements;
  uint64_t              count; /* cells */
  unsigned char *       cell_data;
  const unsigned char * polydata_cell_data;
  uint64_t              pixel_bytes;
  uint64_t              polydata_cell; /* the one that is being converted */
} output;

static void
emit(output * out, iwf_cell_type type, const uint32_t * ids, uint32_t count)
{
  if (out->cells != NULL)
  {
    uint32_t * cell = out->cells + out->elements;
    cell[0] = (uint32_t)type;
    cell[1] = count;
    memcpy(cell + 2, ids, count * sizeof(uint32_t));
  }
  if (out->cell_data != NULL)
  {
    memcpy(out->cell_data + out->count * out->pixel_bytes,
           out->polydata_cell_data + out->polydata_cell * out->pixel_bytes,
           (size_t)out->pixel_bytes);
  }
  out->elements += 2 + (uint64_t)count;
  ++out->count;
}

/* The triangles of a strip: every other one is turned round so that all face the same side. */
static void
emit_strip(output * out, const uint32_t * ids, uint32_t count)
{
  for (uint32_t i = 0; i + 2 < count; ++i)
  {
    const uint32_t triangle[] = { ids[i], ids[i + 1 + i % 2], ids[i + 2 - i % 2] };
    emit(out, IWF_CELL_TRIANGLE, triangle, 3);
  }
}

static void
emit_record(output * out, int kind, const uint32_t * ids, uint32_t count)
{
  switch (kind)
  {
    case IWF_POLYDATA_VERTICES:
      for (uint32_t i = 0; i < count; ++i)
      {
        emit(out, IWF_CELL_VERTEX, ids + i, 1);
      }
      break;
    case IWF_POLYDATA_LINES:
      emit(out, count == 2 ? IWF_CELL_LINE : IWF_CELL_POLYLINE, ids, count);
      break;
    case IWF_POLYDATA_POLYGONS:
      emit(out, count == 3 ? IWF_CELL_TRIANGLE : count == 4 ? IWF_CELL_QUADRILATERAL : IWF_CELL_POLYGON, ids, count);
      break;
    default:
      emit_strip(out, ids, count);
      break;
  }
  ++out->polydata_cell;
}

static iwf_status
convert_kind(int kind, const uint32_t * records, uint64_t size, output * out, iwf_error * error)
{
  static const char * const keys[] = { "points", "vertices", "lines", "polygons", "triangleStrips" };
  static const uint32_t     smallest[] = { 0, 1, 2, 3, 3 };
  for (uint64_t element = 0; element < size;)
  {
    const uint32_t count = records[element];
    if (count < smallest[kind] || count > size - element - 1)
    {
      return iwf_fail(error,
                      IWF_ERROR_VALUE,
                      IWF_NO_OFFSET,
                      keys[kind],
                      "element %" PRIu64 ": expected a number of points from %" PRIu32 " to %" PRIu64
                      ", found %" PRIu32,
                      element,
                      smallest[kind],
                      size - element - 1,
                      count);
    }
    emit_record(out, kind, records + element + 1, count);
    element += 1 + (uint64_t)count;
  }
  return IWF_OK;
}

typedef struct connectivity
{
  uint32_t * records[IWF_POLYDATA_TRIANGLE_STRIPS + 1];
  uint64_t   sizes[IWF_POLYDATA_TRIANGLE_STRIPS + 1];
} connectivity;

static iwf_status
convert_all(const connectivity * in, output * out, iwf_error * error)
{
  out->elements = 0;
  out->count = 0;
  out->polydata_cell = 0;
  for (int kind = IWF_POLYDATA_VERTICES; kind <= IWF_POLYDATA_TRIANGLE_STRIPS; ++kind)
  {
    IWF_TRY(convert_kind(kind, in->records[kind], in->sizes[kind], out, error));
  }
  return IWF_OK;
}

/* Memory for a whole payload, whose bytes are known to be in the file. */
static iwf_status
load(const iwf_payload * payload, void ** memory, iwf_error * error)
{
  *memory = malloc(payload->bytes > 0 ? (size_t)payload->bytes : 1);
  if (*memory == NULL)
  {
    return iwf_fail_memory(error);
  }
  return iwf_payload_read(payload, 0, *memory, payload->bytes, error);
}

static iwf_status
allocate(uint64_t count, uint64_t size, void ** memory, iwf_error * error)
{
  uint64_t bytes = 0;
  size_t   narrow = 0;
  *memory =
    iwf_multiply(count, size, &bytes) && iwf_narrow_size(bytes, &narrow) ? malloc(narrow > 0 ? narrow : 1) : NULL;
  return *memory != NULL ? IWF_OK : iwf_fail_memory(error);
}

/* One pixel of cell data becomes one for each cell of a strip: a small file must not ask for any amount of memory. */
static iwf_status
check_growth(const connectivity *  in,
             const output *        out,
             const iwf_mesh_info * mesh,
             const iwf_limits *    limits,
             iwf_error *           error)
{
  const uint64_t cell_bytes =
    out->elements * sizeof(uint32_t); /* no overflow: at most 5 times the elements in memory */
  const bool has_data = mesh->number_of_cell_pixels > 0 && mesh->cell_pixel_components > 0;
  uint64_t   present = has_data ? mesh->number_of_cell_pixels * out->pixel_bytes : 0;
  uint64_t   wanted = 0;
  for (int kind = IWF_POLYDATA_VERTICES; kind <= IWF_POLYDATA_TRIANGLE_STRIPS; ++kind)
  {
    present += in->sizes[kind] * sizeof(uint32_t);
  }
  if (!iwf_multiply(out->count, has_data ? out->pixel_bytes : 0, &wanted) || !iwf_add(wanted, cell_bytes, &wanted) ||
      (wanted / 8 > present && wanted - present * 8 > limits->header_memory))
  {
    return iwf_fail(error,
                    IWF_ERROR_LIMIT,
                    IWF_NO_OFFSET,
                    "polyDataType",
                    "%" PRIu64 " cells in %" PRIu64 " bytes of polydata become a mesh of more bytes than 8 times that "
                    "and the limit header_memory = %" PRIu64,
                    out->count,
                    present,
                    limits->header_memory);
  }
  return IWF_OK;
}

static iwf_status
convert(const connectivity * in,
        const void *         cell_data,
        const iwf_limits *   limits,
        iwf_mesh_info *      mesh,
        void *               memory[2],
        iwf_error *          error)
{
  output out = { .pixel_bytes =
                   mesh->cell_pixel_components * (uint64_t)iwf_component_size(mesh->cell_pixel_component_type) };
  IWF_TRY(convert_all(in, &out, error));
  if (mesh->number_of_cell_pixels > 0 && mesh->cell_pixel_components > 0 &&
      mesh->number_of_cell_pixels != out.polydata_cell)
  {
    return iwf_fail(error,
                    IWF_ERROR_VALUE,
                    IWF_NO_OFFSET,
                    "numberOfCellPixels",
                    "expected 0 or %" PRIu64 ", one for each cell, found %" PRIu64,
                    out.polydata_cell,
                    mesh->number_of_cell_pixels);
  }
  IWF_TRY(check_growth(in, &out, mesh, limits, error));
  IWF_TRY(allocate(out.elements, sizeof(uint32_t), &memory[0], error));
  out.cells = memory[0];
  if (cell_data != NULL)
  {
    IWF_TRY(allocate(out.count, out.pixel_bytes, &memory[1], error));
    out.cell_data = memory[1];
    out.polydata_cell_data = cell_data;
    mesh->number_of_cell_pixels = out.count;
  }
  IWF_TRY(convert_all(in, &out, error));
  mesh->number_of_cells = out.count;
  mesh->cell_buffer_size = out.elements;
  mesh->cell_component_type = IWF_UINT32;
  return IWF_OK;
}

iwf_status
iwf_polydata_to_mesh(const iwf_polydata_info * polydata,
                     const iwf_payload *       payloads,
                     const iwf_limits *        limits,
                     iwf_mesh_info *           mesh,
                     void *                    memory[2],
                     iwf_error *               error)
{
  *mesh = polydata->mesh;
  connectivity in = { { NULL }, { 0 } };
  void *       cell_data = NULL;
  iwf_status   status = IWF_OK;
  for (int kind = IWF_POLYDATA_VERTICES; kind <= IWF_POLYDATA_TRIANGLE_STRIPS && status == IWF_OK; ++kind)
  {
    void * records = NULL;
    status = load(&payloads[kind], &records, error);
    in.records[kind] = records;
    in.sizes[kind] = payloads[kind].count;
  }
  if (status == IWF_OK && payloads[IWF_POLYDATA_CELL_DATA].count > 0)
  {
    status = load(&payloads[IWF_POLYDATA_CELL_DATA], &cell_data, error);
  }
  if (status == IWF_OK)
  {
    status = convert(&in, cell_data, limits, mesh, memory, error);
  }
  for (int kind = IWF_POLYDATA_VERTICES; kind <= IWF_POLYDATA_TRIANGLE_STRIPS; ++kind)
  {
    free(in.records[kind]);
  }
  free(cell_data);
  return status;
}
