/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * What our part of reading and writing a mesh costs beside that of the bytes alone. WasmMeshIO hands ITK's buffers to
 * these functions, and checks the cells both times.
 *
 *   iwf_bench_mesh POINTS CELLS FOLDER ROUNDS
 *
 * POINTS and CELLS are files of float32 coordinates and of triangles' records (2, 3, id, id, id) of uint64. Prints the
 * shortest times as JSON.
 */
#define _POSIX_C_SOURCE 200809L
#include "iwf/iwf.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct array
{
  void * data;
  size_t bytes;
} array;

static void
fail(const char * what)
{
  perror(what);
  exit(EXIT_FAILURE);
}

static void
check(iwf_status status, const iwf_error * error)
{
  if (status != IWF_OK)
  {
    fprintf(stderr, "%s: %s\n", iwf_status_name(status), error->message);
    exit(EXIT_FAILURE);
  }
}

static double
now(void)
{
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void
read_bytes(int file, void * buffer, size_t bytes)
{
  for (size_t done = 0; done < bytes;)
  {
    const ssize_t got = read(file, (char *)buffer + done, bytes - done);
    if (got <= 0)
    {
      fail("read");
    }
    done += (size_t)got;
  }
}

static void
write_bytes(int file, const array * content)
{
  for (size_t done = 0; done < content->bytes;)
  {
    const ssize_t put = write(file, (const char *)content->data + done, content->bytes - done);
    if (put <= 0)
    {
      fail("write");
    }
    done += (size_t)put;
  }
}

static array
load(const char * path)
{
  struct stat status;
  const int   file = open(path, O_RDONLY);
  if (file < 0 || fstat(file, &status) != 0)
  {
    fail(path);
  }
  const array loaded = { .data = malloc((size_t)status.st_size), .bytes = (size_t)status.st_size };
  read_bytes(file, loaded.data, loaded.bytes);
  (void)close(file);
  return loaded;
}

static iwf_mesh_info
describe(const array * points, const array * cells)
{
  iwf_mesh_info info;
  iwf_mesh_info_init(&info);
  info.dimension = 3;
  info.cell_component_type = IWF_UINT64;
  info.number_of_points = points->bytes / (3 * sizeof(float));
  info.cell_buffer_size = cells->bytes / sizeof(uint64_t);
  info.number_of_cells = info.cell_buffer_size / 5;
  return info;
}

static void
write_raw(const char * path, const array * points, const array * cells)
{
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0)
  {
    fail(path);
  }
  write_bytes(file, points);
  write_bytes(file, cells);
  (void)close(file);
}

static void
read_raw(const char * path, const array * points, const array * cells)
{
  const int file = open(path, O_RDONLY);
  if (file < 0)
  {
    fail(path);
  }
  void * p = malloc(points->bytes);
  void * c = malloc(cells->bytes);
  read_bytes(file, p, points->bytes);
  read_bytes(file, c, cells->bytes);
  (void)close(file);
  free(p);
  free(c);
}

static void
write_ours(const char * path, const array * points, const array * cells)
{
  const iwf_mesh_info info = describe(points, cells);
  iwf_writer *        writer = NULL;
  iwf_error           error;
  check(iwf_writer_open_mesh(&writer, path, &info, NULL, &error), &error);
  check(iwf_writer_write(writer, 0, IWF_MESH_POINTS, 0, points->bytes, points->data, &error), &error);
  check(iwf_mesh_check_cells(&info, cells->data, &error), &error);
  check(iwf_writer_write(writer, 0, IWF_MESH_CELLS, 0, cells->bytes, cells->data, &error), &error);
  check(iwf_writer_commit(writer, &error), &error);
  iwf_writer_close(writer);
}

static void
read_ours(const char * path, const array * points, const array * cells)
{
  iwf_reader * reader = NULL;
  iwf_error    error;
  check(iwf_reader_open(&reader, path, NULL, &error), &error);
  void * p = malloc(points->bytes);
  void * c = malloc(cells->bytes);
  check(iwf_reader_read(reader, 0, IWF_MESH_POINTS, 0, points->bytes, p, &error), &error);
  check(iwf_reader_read(reader, 0, IWF_MESH_CELLS, 0, cells->bytes, c, &error), &error);
  check(iwf_mesh_check_cells(iwf_reader_mesh(reader), c, &error), &error);
  iwf_reader_close(reader);
  free(p);
  free(c);
}

typedef void (*work)(const char * path, const array * points, const array * cells);

static void
measure(work function, const char * path, const array * points, const array * cells, double * shortest)
{
  const double start = now();
  function(path, points, cells);
  const double seconds = now() - start;
  *shortest = *shortest == 0 || seconds < *shortest ? seconds : *shortest;
}

int
main(int argc, char ** argv)
{
  static const char * const names[] = { "raw", "iwm", "iwm.cbor" };
  double                    writing[3] = { 0 };
  double                    reading[3] = { 0 };
  if (argc != 5)
  {
    fprintf(stderr, "usage: %s POINTS CELLS FOLDER ROUNDS\n", argv[0]);
    return EXIT_FAILURE;
  }
  const array points = load(argv[1]);
  const array cells = load(argv[2]);
  for (long round = strtol(argv[4], NULL, 10); round > 0; --round)
  {
    for (int i = 0; i < 3; ++i)
    {
      char path[4096];
      (void)snprintf(path, sizeof(path), "%s/c-mesh.%s", argv[3], names[i]);
      measure(i == 0 ? write_raw : write_ours, path, &points, &cells, &writing[i]);
      measure(i == 0 ? read_raw : read_ours, path, &points, &cells, &reading[i]);
    }
  }
  for (int i = 0; i < 3; ++i)
  {
    printf("%s\"%s\": {\"write\": %.6f, \"read\": %.6f}", i == 0 ? "{" : ", ", names[i], writing[i], reading[i]);
  }
  printf("}\n");
  return EXIT_SUCCESS;
}
