/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command.h"

#include <getopt.h>
#include <math.h>
#include <stdlib.h>

typedef struct validation
{
  const char * path;
  int          code;
} validation;

/* Prints a problem of the file; where the system failed there is no answer. */
static void
report(validation * v, const iwf_error * error)
{
  if (error->status < 200)
  {
    v->code = cli_fail_at(v->path, error);
    return;
  }
  (void)printf("%s: %s (%s)\n", v->path, error->message, iwf_status_name(error->status));
  v->code = v->code == CLI_OK ? CLI_FOUND : v->code;
}

static void
report_text(validation * v, const char * message)
{
  iwf_error error = { .status = IWF_ERROR_VALUE, .offset = IWF_NO_OFFSET };
  (void)snprintf(error.message, sizeof(error.message), "%s", message);
  report(v, &error);
}

/* Whether the matrix can be inverted, by elimination; it is destroyed. */
static bool
is_regular(double * matrix, uint32_t size)
{
  for (uint32_t column = 0; column < size; ++column)
  {
    uint32_t pivot = column;
    for (uint32_t row = column + 1; row < size; ++row)
    {
      pivot = fabs(matrix[row * size + column]) > fabs(matrix[pivot * size + column]) ? row : pivot;
    }
    if (fabs(matrix[pivot * size + column]) < 1e-12)
    {
      return false;
    }
    for (uint32_t i = 0; i < size; ++i)
    {
      const double swapped = matrix[column * size + i];
      matrix[column * size + i] = matrix[pivot * size + i];
      matrix[pivot * size + i] = swapped;
    }
    for (uint32_t row = column + 1; row < size; ++row)
    {
      const double factor = matrix[row * size + column] / matrix[column * size + column];
      for (uint32_t i = column; i < size; ++i)
      {
        matrix[row * size + i] -= factor * matrix[column * size + i];
      }
    }
  }
  return true;
}

/* What the format allows but no image can have: ITK and others refuse it. */
static void
check_geometry(validation * v, const iwf_image_info * info)
{
  double direction[IWF_MAX_DIMENSION * IWF_MAX_DIMENSION];
  for (uint32_t axis = 0; axis < info->dimension; ++axis)
  {
    if (!(info->spacing[axis] > 0.0))
    {
      report_text(v, "spacing: expected numbers above 0");
      break;
    }
  }
  for (uint32_t i = 0; i < info->dimension * info->dimension; ++i)
  {
    direction[i] = info->direction[i];
  }
  if (!is_regular(direction, info->dimension))
  {
    report_text(v, "direction: expected a matrix that can be inverted");
  }
}

/* Reads all bytes of a payload, which finds what is truncated, unreadable, or fails zstd's checksum. */
static void
check_payload(validation *        v,
              const cli_object *  object,
              const cli_payload * payload,
              void *              buffer,
              cli_progress *      progress)
{
  for (uint64_t first = 0; first < payload->bytes;)
  {
    const uint64_t left = payload->bytes - first;
    const uint64_t bytes = left < CLI_CHUNK_BYTES ? left : CLI_CHUNK_BYTES;
    iwf_error      error;
    if (iwf_reader_read(object->reader, payload->record, payload->number, first, bytes, buffer, &error) != IWF_OK)
    {
      report(v, &error);
      return;
    }
    first += bytes;
    cli_progress_add(progress, bytes);
  }
}

/* Checks the cells, which has to have them in one piece: mapped where that is possible. */
static void
check_cells(validation * v, const cli_object * object)
{
  const uint64_t bytes = iwf_reader_payload_bytes(object->reader, 0, IWF_MESH_CELLS);
  iwf_mapping    mapping = { .data = NULL };
  void *         buffer = NULL;
  iwf_error      error;
  iwf_status     status = iwf_reader_map(object->reader, 0, IWF_MESH_CELLS, &mapping, &error);
  const void *   cells = mapping.data;
  if (status != IWF_OK)
  {
    buffer = malloc((size_t)bytes > 0 ? (size_t)bytes : 1);
    if (buffer == NULL)
    {
      v->code = cli_fail("%s: no memory for the cells", v->path);
      return;
    }
    cells = buffer;
    status = iwf_reader_read(object->reader, 0, IWF_MESH_CELLS, 0, bytes, buffer, &error);
  }
  if (status == IWF_OK)
  {
    status = iwf_mesh_check_cells(object->mesh, cells, &error);
  }
  if (status != IWF_OK)
  {
    report(v, &error);
  }
  iwf_mapping_release(&mapping);
  free(buffer);
}

static void
check_object(validation * v, void * buffer)
{
  cli_object object;
  iwf_error  error;
  if (cli_object_open(&object, v->path, &error) != IWF_OK)
  {
    report(v, &error);
    return;
  }
  if (object.image != NULL)
  {
    check_geometry(v, object.image);
  }
  cli_progress progress;
  cli_progress_begin(&progress, v->path, cli_object_bytes(&object));
  for (size_t i = 0; i < cli_object_payload_count(&object); ++i)
  {
    cli_payload payload;
    cli_object_payload(&object, i, &payload);
    if (object.mesh != NULL && payload.number == IWF_MESH_CELLS)
    {
      check_cells(v, &object);
      cli_progress_add(&progress, payload.bytes);
    }
    else
    {
      check_payload(v, &object, &payload, buffer, &progress);
    }
  }
  cli_progress_end(&progress);
  cli_object_close(&object);
}

static int
run(int argc, char ** argv)
{
  static const struct option options[] = { CLI_HELP_OPTION,
                                           { "verbose", no_argument, NULL, 'v' },
                                           { NULL, 0, NULL, 0 } };
  bool                       verbose = false;
  for (int option = 0; (option = cli_next_option(argc, argv, &cli_validate, ":hv", options)) != -1;)
  {
    switch (option)
    {
      case 'v':
        verbose = true;
        break;
      default:
        return option == CLI_END_OK ? CLI_OK : CLI_TROUBLE;
    }
  }
  if (optind == argc)
  {
    return cli_fail("validate: expected an object (see 'iwf validate --help')");
  }
  void * buffer = malloc(CLI_CHUNK_BYTES);
  if (buffer == NULL)
  {
    return cli_fail("validate: no memory");
  }
  int code = CLI_OK;
  for (int i = optind; i < argc; ++i)
  {
    validation v = { .path = argv[i], .code = CLI_OK };
    check_object(&v, buffer);
    if (verbose && v.code == CLI_OK)
    {
      (void)printf("%s: ok\n", v.path);
    }
    code = v.code > code ? v.code : code;
  }
  free(buffer);
  return code;
}

const cli_command cli_validate = {
  .name = "validate",
  .summary = "check all that is in an object",
  .help =
    "[--verbose] OBJECT…\n"
    "\n"
    "Reads objects to their last byte and prints one line for each problem: which object, where, what was expected\n"
    "and what was found. Checks the header, the length of every array, the cells of a mesh, the geometry of an image.\n"
    "\n"
    "  -v, --verbose  name the objects that are fine, too\n"
    "  -h, --help     this help\n"
    "\n"
    "Exit codes: 0 when all objects are fine, 1 when there is a problem, 2 when an object cannot be read.\n",
  .run = run
};
