/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "object.h"

#include <math.h>
#include <unistd.h>

/* What can be read can be written, in each form, and then reads as the same. */

static char root[64];
static int  has_root;

static void
remove_all(void)
{
  char command[256];
  (void)snprintf(command, sizeof(command), "rm -rf '%s'", root);
  FUZZ_CHECK(system(command) == 0);
}

static int
same_text(iwf_text a, iwf_text b)
{
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* Values, as either form keeps them: JSON tells floats from integers, but not NaN. */
static int
same_value(const iwf_value * a, const iwf_value * b)
{
  if (a == NULL || b == NULL)
  {
    return (a == NULL || a->count == 0) && (b == NULL || b->count == 0);
  }
  if (a->kind != b->kind)
  {
    return 0;
  }
  switch (a->kind)
  {
    case IWF_NULL:
      return 1;
    case IWF_BOOL:
      return a->of.boolean == b->of.boolean;
    case IWF_UNSIGNED:
      return a->of.unsigned_value == b->of.unsigned_value;
    case IWF_NEGATIVE:
      return a->of.negative_value == b->of.negative_value;
    case IWF_FLOAT:
      return memcmp(&a->of.float_value, &b->of.float_value, sizeof(double)) == 0 ||
             (isnan(a->of.float_value) && isnan(b->of.float_value));
    case IWF_TEXT:
      return a->count == b->count && (a->count == 0 || memcmp(a->of.text, b->of.text, (size_t)a->count) == 0);
    case IWF_BYTES:
      return 0;
    case IWF_ARRAY:
      for (uint64_t i = 0; a->count == b->count && i < a->count; ++i)
      {
        if (!same_value(&a->of.items[i], &b->of.items[i]))
        {
          return 0;
        }
      }
      return a->count == b->count;
    case IWF_MAP:
      for (uint64_t i = 0; a->count == b->count && i < a->count; ++i)
      {
        const iwf_member * left = &a->of.members[i];
        const iwf_member * right = &b->of.members[i];
        if (left->key_length != right->key_length || memcmp(left->key, right->key, left->key_length) != 0 ||
            !same_value(&left->value, &right->value))
        {
          return 0;
        }
      }
      return a->count == b->count;
  }
  return 0;
}

static void
check_same_information(iwf_reader * a, iwf_reader * b)
{
  if (iwf_reader_image(a) != NULL)
  {
    const iwf_image_info * x = iwf_reader_image(a);
    const iwf_image_info * y = iwf_reader_image(b);
    FUZZ_CHECK(x->dimension == y->dimension && x->component_type == y->component_type &&
               x->pixel_type == y->pixel_type && x->components == y->components);
    for (uint32_t i = 0; i < x->dimension; ++i)
    {
      FUZZ_CHECK(x->origin[i] == y->origin[i] && x->spacing[i] == y->spacing[i] && x->size[i] == y->size[i]);
    }
    for (uint32_t i = 0; i < x->dimension * x->dimension; ++i)
    {
      FUZZ_CHECK(x->direction[i] == y->direction[i]);
    }
    FUZZ_CHECK(same_value(x->metadata, y->metadata));
  }
  if (iwf_reader_mesh(a) != NULL)
  {
    const iwf_mesh_info * x = iwf_reader_mesh(a);
    const iwf_mesh_info * y = iwf_reader_mesh(b);
    FUZZ_CHECK(x->dimension == y->dimension && x->number_of_points == y->number_of_points &&
               x->number_of_point_pixels == y->number_of_point_pixels && x->number_of_cells == y->number_of_cells &&
               x->number_of_cell_pixels == y->number_of_cell_pixels && x->cell_buffer_size == y->cell_buffer_size &&
               x->point_component_type == y->point_component_type && x->cell_component_type == y->cell_component_type &&
               x->point_pixel_components == y->point_pixel_components &&
               x->cell_pixel_components == y->cell_pixel_components);
    FUZZ_CHECK(same_value(x->metadata, y->metadata));
  }
  size_t                     count = 0;
  size_t                     same_count = 0;
  const iwf_transform_info * x = iwf_reader_transforms(a, &count);
  const iwf_transform_info * y = iwf_reader_transforms(b, &same_count);
  FUZZ_CHECK(count == same_count);
  for (size_t i = 0; i < count; ++i)
  {
    FUZZ_CHECK(same_text(x[i].parameterization, y[i].parameterization) && same_text(x[i].name, y[i].name) &&
               same_text(x[i].input_space_name, y[i].input_space_name) &&
               same_text(x[i].output_space_name, y[i].output_space_name) &&
               x[i].number_of_parameters == y[i].number_of_parameters && same_value(x[i].metadata, y[i].metadata));
  }
}

static iwf_status
write_object(iwf_reader * from, const char * path, iwf_error * error)
{
  size_t                     count = 0;
  const iwf_transform_info * transforms = iwf_reader_transforms(from, &count);
  iwf_writer *               writer = NULL;
  iwf_status                 status = IWF_OK;
  switch (iwf_reader_family(from))
  {
    case IWF_FAMILY_IMAGE:
      status = iwf_writer_open_image(&writer, path, iwf_reader_image(from), NULL, error);
      break;
    case IWF_FAMILY_MESH:
      status = iwf_writer_open_mesh(&writer, path, iwf_reader_mesh(from), NULL, error);
      break;
    case IWF_FAMILY_TRANSFORM:
      status = iwf_writer_open_transforms(&writer, path, transforms, count, NULL, error);
      break;
  }
  const int first = iwf_reader_family(from) == IWF_FAMILY_IMAGE ? IWF_IMAGE_DATA : 0;
  for (size_t record = 0; record < fuzz_records(from); ++record)
  {
    for (int payload = first; payload < fuzz_payloads(from) && status == IWF_OK; ++payload)
    {
      uint64_t        bytes = 0;
      unsigned char * buffer = fuzz_read(from, record, payload, &bytes);
      FUZZ_CHECK(buffer != NULL);
      status = iwf_writer_write(writer, record, payload, 0, bytes, buffer, error);
      free(buffer);
    }
  }
  if (status == IWF_OK)
  {
    status = iwf_writer_commit(writer, error);
  }
  iwf_writer_close(writer);
  return status;
}

static int
is_readable(iwf_reader * reader)
{
  for (size_t record = 0; record < fuzz_records(reader); ++record)
  {
    for (int payload = 0; payload < fuzz_payloads(reader); ++payload)
    {
      uint64_t        bytes = 0;
      unsigned char * buffer = fuzz_read(reader, record, payload, &bytes);
      free(buffer);
      if (buffer == NULL)
      {
        return 0;
      }
    }
  }
  return 1;
}

static void
check_same_payloads(iwf_reader * a, iwf_reader * b)
{
  for (size_t record = 0; record < fuzz_records(a); ++record)
  {
    for (int payload = 0; payload < fuzz_payloads(a); ++payload)
    {
      uint64_t        bytes = 0;
      uint64_t        same_bytes = 0;
      unsigned char * left = fuzz_read(a, record, payload, &bytes);
      unsigned char * right = fuzz_read(b, record, payload, &same_bytes);
      FUZZ_CHECK(left != NULL && right != NULL && bytes == same_bytes);
      if (payload != IWF_IMAGE_DIRECTION || iwf_reader_family(a) != IWF_FAMILY_IMAGE)
      {
        FUZZ_CHECK(memcmp(left, right, (size_t)bytes) == 0);
      }
      free(left);
      free(right);
    }
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t * data, size_t size)
{
  static const char * const suffixes[] = { ".iwi", ".iwm", ".iwt" };
  static const char * const forms[] = { "", ".cbor", ".cbor.zst" };
  if (!has_root)
  {
    /* Files in memory, where the system has a place for them. */
    (void)snprintf(root, sizeof(root), "%s/iwf-fuzz-trip-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    FUZZ_CHECK(mkdtemp(root) != NULL);
    (void)atexit(remove_all);
    has_root = 1;
  }
  for (int family = IWF_FAMILY_IMAGE; family <= IWF_FAMILY_TRANSFORM; ++family)
  {
    iwf_reader * reader = fuzz_open(data, size, (iwf_family)family);
    if (reader != NULL && fuzz_records(reader) <= 20 && is_readable(reader))
    {
      for (int form = 0; form < 3; ++form)
      {
        char         path[128];
        iwf_error    error = { .status = IWF_OK };
        iwf_reader * again = NULL;
        (void)snprintf(path, sizeof(path), "%s/x%s%s", root, suffixes[family], forms[form]);
        const iwf_status status = write_object(reader, path, &error);
        if (status != IWF_OK)
        {
          /* JSON has no NaN; metadata may nest too deep or hold bytes. */
          FUZZ_CHECK(strcmp(error.key, "metadata") == 0);
          continue;
        }
        FUZZ_CHECK(iwf_reader_open(&again, path, NULL, &error) == IWF_OK);
        check_same_information(reader, again);
        check_same_payloads(reader, again);
        iwf_reader_close(again);
      }
    }
    iwf_reader_close(reader);
  }
  return 0;
}
