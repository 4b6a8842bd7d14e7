/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_MESH_H
#define IWF_MESH_H

/**
 * \file
 * What a header says of a mesh. Point sets are meshes without cells; polydata is read into the mesh form.
 */

#include "iwf/image.h"

IWF_BEGIN_DECLS

/** Type code of a cell record; the numbers are those of itk::CommonEnums::CellGeometry. */
typedef enum iwf_cell_type
{
  IWF_CELL_VERTEX = 0,
  IWF_CELL_LINE = 1,
  IWF_CELL_TRIANGLE = 2,
  IWF_CELL_QUADRILATERAL = 3,
  IWF_CELL_POLYGON = 4,
  IWF_CELL_TETRAHEDRON = 5,
  IWF_CELL_HEXAHEDRON = 6,
  IWF_CELL_QUADRATIC_EDGE = 7,
  IWF_CELL_QUADRATIC_TRIANGLE = 8,
  IWF_CELL_POLYLINE = 10
} iwf_cell_type;

/** What a mesh's header says. */
typedef struct iwf_mesh_info
{
  uint32_t           dimension;                  /**< coordinates of a point: 1 … ::IWF_MAX_DIMENSION */
  iwf_component_type point_component_type;       /**< float32 or float64 */
  iwf_component_type point_pixel_component_type; /**< type of one component of the point data */
  iwf_pixel_type     point_pixel_type;           /**< what the components of point data are */
  uint32_t           point_pixel_components;     /**< 0 where there is no point data */
  iwf_component_type cell_component_type;        /**< an integer type: that of the cell buffer's elements */
  iwf_component_type cell_pixel_component_type;  /**< type of one component of the cell data */
  iwf_pixel_type     cell_pixel_type;            /**< what the components of cell data are */
  uint32_t           cell_pixel_components;      /**< 0 where there is no cell data */
  iwf_text           name;                       /**< only index.json carries it; default "Mesh" */
  uint64_t           number_of_points;           /**< 0 is an empty mesh */
  /** Pixels of point data. Commonly 0 or number_of_points, but ITK's meshes may have more or fewer: its OBJ reader takes
   * the normals of corners for point data. */
  uint64_t number_of_point_pixels;
  uint64_t number_of_cells;       /**< 0 is a point set */
  uint64_t number_of_cell_pixels; /**< pixels of cell data; as above */
  /** Elements of the cell buffer: records "type, number of ids, ids…", one after the other. */
  uint64_t          cell_buffer_size;
  const iwf_value * metadata; /**< a map, or NULL for none */
} iwf_mesh_info;

/** Payloads of a mesh, for iwf_reader_read() and iwf_writer_write(), in the order of the file. */
typedef enum iwf_mesh_payload
{
  IWF_MESH_POINTS,     /**< number_of_points x dimension of point_component_type */
  IWF_MESH_CELLS,      /**< cell_buffer_size of cell_component_type */
  IWF_MESH_POINT_DATA, /**< number_of_point_pixels x point_pixel_components of point_pixel_component_type */
  IWF_MESH_CELL_DATA   /**< number_of_cell_pixels x cell_pixel_components of cell_pixel_component_type */
} iwf_mesh_payload;

/** Fills \a info with the format's defaults: an empty 2-D mesh of float32 points and uint32 cells without data. */
IWF_API void
iwf_mesh_info_init(iwf_mesh_info * info);

/**
 * Checks a cell buffer in memory: records tile it exactly, their number is number_of_cells, every type code is an
 * ::iwf_cell_type with a fitting number of points, every id is below number_of_points.
 * \param cells cell_buffer_size elements of cell_component_type, host byte order
 * \return ::IWF_ERROR_VALUE with the record and element in the message.
 */
IWF_API IWF_MUST_USE iwf_status
iwf_mesh_check_cells(const iwf_mesh_info * info, const void * cells, iwf_error * error);

IWF_END_DECLS

#endif
