/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

/* Writes an image, reads its header, and then only a region of its pixels: image FOLDER */

#include <iwf/iwf.h>

#include <stdio.h>
#include <stdlib.h>

static int
fail(const char * path, const iwf_error * error)
{
  (void)fprintf(stderr, "%s: %s (%s)\n", path, error->message, iwf_status_name(error->status));
  return EXIT_FAILURE;
}

/* A volume of 64 x 48 x 32 pixels, each the sum of its indices, written one slice after the other. */
static iwf_status
write_volume(const char * path, iwf_error * error)
{
  iwf_image_info info;
  iwf_image_info_init(&info);
  iwf_image_info_set_dimension(&info, 3);
  info.component_type = IWF_UINT16;
  info.size[0] = 64;
  info.size[1] = 48;
  info.size[2] = 32;
  info.spacing[2] = 2.5;

  const iwf_member note = { "note", 4, { .kind = IWF_TEXT, .tag = IWF_NO_TAG, .count = 11, .of.text = "from C code" } };
  const iwf_value  metadata = { .kind = IWF_MAP, .tag = IWF_NO_TAG, .count = 1, .of.members = &note };
  info.metadata = &metadata;

  iwf_writer * writer = NULL;
  iwf_status   status = iwf_writer_open_image(&writer, path, &info, NULL, error);
  iwf_region   slice = { { 0, 0, 0 }, { 64, 48, 1 } };
  while (status == IWF_OK && slice.index[2] < 32)
  {
    uint16_t pixels[48][64];
    for (uint64_t y = 0; y < 48; ++y)
    {
      for (uint64_t x = 0; x < 64; ++x)
      {
        pixels[y][x] = (uint16_t)(x + y + slice.index[2]);
      }
    }
    status = iwf_writer_write_region(writer, &slice, pixels, error);
    ++slice.index[2];
  }
  if (status == IWF_OK)
  {
    status = iwf_writer_commit(writer, error); /* until here, `path` is as it was before */
  }
  iwf_writer_close(writer);
  return status;
}

/* Reads a column of pixels out of the volume's middle. */
static iwf_status
read_column(const char * path, uint16_t column[32], iwf_error * error)
{
  iwf_reader * reader = NULL;
  iwf_status   status = iwf_reader_open(&reader, path, NULL, error);
  if (status != IWF_OK)
  {
    return status;
  }
  const iwf_image_info * info = iwf_reader_image(reader);
  const iwf_value *      note = iwf_value_get(info->metadata, "note");
  printf("%s: %u-D, %s, spacing %g %g %g",
         path,
         info->dimension,
         iwf_component_name(info->component_type),
         info->spacing[0],
         info->spacing[1],
         info->spacing[2]);
  if (note != NULL && note->kind == IWF_TEXT)
  {
    printf(", note \"%.*s\"", (int)note->count, note->of.text);
  }
  printf("\n");

  const iwf_region region = { { 32, 24, 0 }, { 1, 1, 32 } };
  uint64_t         bytes = 0;
  status = iwf_image_region_bytes(info, &region, &bytes, error);
  if (status == IWF_OK && bytes == 32 * sizeof(uint16_t))
  {
    status = iwf_reader_read_region(reader, &region, column, error);
  }
  iwf_reader_close(reader);
  return status;
}

int
main(int argc, char ** argv)
{
  char      path[4096];
  iwf_error error = { .message = "" };
  (void)snprintf(path, sizeof(path), "%s/volume.iwi.cbor", argc > 1 ? argv[1] : ".");
  if (write_volume(path, &error) != IWF_OK)
  {
    return fail(path, &error);
  }
  uint16_t column[32] = { 0 };
  if (read_column(path, column, &error) != IWF_OK)
  {
    return fail(path, &error);
  }
  for (int z = 0; z < 32; ++z)
  {
    if (column[z] != 32 + 24 + z)
    {
      (void)fprintf(stderr, "slice %d: expected %d, found %d\n", z, 32 + 24 + z, column[z]);
      return EXIT_FAILURE;
    }
  }
  printf("the column at (32, 24): %d … %d\n", column[0], column[31]);
  return EXIT_SUCCESS;
}
