/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_POLYDATA_H
#define IWF_POLYDATA_H

/* Polydata: points with vertices, lines, polygons and triangle strips apart. Read into the mesh form. */

#include "iwf/mesh.h"
#include "payload.h"

enum
{
  IWF_POLYDATA_POINTS,
  IWF_POLYDATA_VERTICES, /* the four kinds of cells, in the order of cell data */
  IWF_POLYDATA_LINES,
  IWF_POLYDATA_POLYGONS,
  IWF_POLYDATA_TRIANGLE_STRIPS,
  IWF_POLYDATA_POINT_DATA,
  IWF_POLYDATA_CELL_DATA,
  IWF_POLYDATA_PAYLOADS
};

typedef struct iwf_polydata_info
{
  iwf_mesh_info mesh; /* what both forms share; the cell counts are filled by the conversion */
  /* Elements of the uint32 records "number of ids, ids…", without type codes. */
  uint64_t vertices_buffer_size;
  uint64_t lines_buffer_size;
  uint64_t polygons_buffer_size;
  uint64_t triangle_strips_buffer_size;
} iwf_polydata_info;

/*
 * Converts to `mesh`. Its cells, and its cell data if there is any (a strip becomes several triangles), are new arrays,
 * `memory[0]` and `memory[1]`, to be freed by the caller also after a failure. Points and point data stay what they are.
 * The new arrays may have 8 times the bytes of the polydata's, and `limits->header_memory` more.
 */
iwf_status
iwf_polydata_to_mesh(const iwf_polydata_info * polydata,
                     const iwf_payload *       payloads,
                     const iwf_limits *        limits,
                     iwf_mesh_info *           mesh,
                     void *                    memory[2],
                     iwf_error *               error);

#endif
