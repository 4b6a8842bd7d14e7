/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

/* Writes a mesh of two triangles and a line, and walks over the cells of what is in the file: mesh FOLDER */

#include <iwf/iwf.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Each cell is a record in one buffer: type, number of points, the points' ids. */
static const uint32_t cells[] = {
  IWF_CELL_TRIANGLE, 3, 0, 1, 2, IWF_CELL_TRIANGLE, 3, 0, 2, 3, IWF_CELL_LINE, 2, 1, 3
};
static const float   points[4][3] = { { 0, 0, 0 }, { 1, 0, 0 }, { 1, 1, 0 }, { 0, 1, 0 } };
static const uint8_t labels[] = { 10, 20, 30 }; /* one for each cell */

static iwf_status
write_mesh(const char * path, iwf_error * error)
{
  iwf_mesh_info info;
  iwf_mesh_info_init(&info);
  info.dimension = 3;
  info.point_component_type = IWF_FLOAT32;
  info.number_of_points = 4;
  info.cell_component_type = IWF_UINT32;
  info.number_of_cells = 3;
  info.cell_buffer_size = sizeof(cells) / sizeof(cells[0]);
  info.cell_pixel_component_type = IWF_UINT8;
  info.cell_pixel_components = 1;
  info.number_of_cell_pixels = 3;

  iwf_writer * writer = NULL;
  iwf_status   status = iwf_writer_open_mesh(&writer, path, &info, NULL, error);
  if (status == IWF_OK)
  {
    status = iwf_writer_write(writer, 0, IWF_MESH_POINTS, 0, sizeof(points), points, error);
  }
  if (status == IWF_OK)
  {
    status = iwf_writer_write(writer, 0, IWF_MESH_CELLS, 0, sizeof(cells), cells, error);
  }
  if (status == IWF_OK)
  {
    status = iwf_writer_write(writer, 0, IWF_MESH_CELL_DATA, 0, sizeof(labels), labels, error);
  }
  if (status == IWF_OK)
  {
    status = iwf_writer_commit(writer, error);
  }
  iwf_writer_close(writer);
  return status;
}

/* Prints the cells and counts the triangles. */
static iwf_status
walk_cells(iwf_reader * reader, int * triangles, iwf_error * error)
{
  const iwf_mesh_info * info = iwf_reader_mesh(reader);
  const uint64_t        bytes = iwf_reader_payload_bytes(reader, 0, IWF_MESH_CELLS);
  if (info->cell_component_type != IWF_UINT32)
  {
    (void)fprintf(stderr, "this example reads ids of 32 bits only\n");
    return IWF_ERROR_UNSUPPORTED;
  }
  uint32_t * buffer = malloc((size_t)bytes);
  if (buffer == NULL)
  {
    return IWF_ERROR_MEMORY;
  }
  iwf_status status = iwf_reader_read(reader, 0, IWF_MESH_CELLS, 0, bytes, buffer, error);
  if (status == IWF_OK)
  {
    status = iwf_mesh_check_cells(info, buffer, error); /* from here on, every record and id can be trusted */
  }
  const uint32_t * record = buffer;
  for (uint64_t cell = 0; status == IWF_OK && cell < info->number_of_cells; ++cell)
  {
    const uint32_t count = record[1];
    printf("cell %" PRIu64 ", type %" PRIu32 ":", cell, record[0]);
    for (uint32_t i = 0; i < count; ++i)
    {
      printf(" %" PRIu32, record[2 + i]);
    }
    printf("\n");
    *triangles += record[0] == IWF_CELL_TRIANGLE;
    record += 2 + count;
  }
  free(buffer);
  return status;
}

int
main(int argc, char ** argv)
{
  char         path[4096];
  iwf_error    error = { .message = "" };
  iwf_reader * reader = NULL;
  int          triangles = 0;
  (void)snprintf(path, sizeof(path), "%s/square.iwm.cbor.zst", argc > 1 ? argv[1] : ".");
  iwf_status status = write_mesh(path, &error);
  if (status == IWF_OK)
  {
    status = iwf_reader_open(&reader, path, NULL, &error);
  }
  if (status == IWF_OK)
  {
    status = walk_cells(reader, &triangles, &error);
  }
  iwf_reader_close(reader);
  if (status != IWF_OK)
  {
    (void)fprintf(stderr, "%s: %s (%s)\n", path, error.message, iwf_status_name(status));
    return EXIT_FAILURE;
  }
  return triangles == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
