/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command.h"

#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct comparison
{
  cli_object   objects[2];
  double       tolerance;
  bool         quiet;
  bool         differs;
  bool         failed;
  cli_progress progress;
} comparison;

/* Notes a difference. True when its line is to be printed, which begins with the key. */
static bool
begin_difference(comparison * c, const char * prefix, const char * key)
{
  c->differs = true;
  if (!c->quiet)
  {
    cli_progress_end(&c->progress);
    (void)printf("%s%s: ", prefix, key);
  }
  return !c->quiet;
}

static void
compare_words(comparison * c, const char * prefix, const char * key, const char * a, const char * b)
{
  if (strcmp(a, b) != 0 && begin_difference(c, prefix, key))
  {
    (void)printf("%s != %s\n", a, b);
  }
}

static void
compare_counts(comparison * c, const char * prefix, const char * key, uint64_t a, uint64_t b)
{
  if (a != b && begin_difference(c, prefix, key))
  {
    (void)printf("%" PRIu64 " != %" PRIu64 "\n", a, b);
  }
}

static void
compare_texts(comparison * c, const char * prefix, const char * key, iwf_text a, iwf_text b)
{
  if ((a.length != b.length || (a.length > 0 && memcmp(a.data, b.data, a.length) != 0)) &&
      begin_difference(c, prefix, key))
  {
    cli_print_text(stdout, a.data, a.length);
    (void)fputs(" != ", stdout);
    cli_print_text(stdout, b.data, b.length);
    (void)putchar('\n');
  }
}

static void
compare_reals(comparison * c, const char * key, const double * a, const double * b, uint32_t count)
{
  for (uint32_t i = 0; i < count; ++i)
  {
    if (!(fabs(a[i] - b[i]) <= c->tolerance))
    {
      if (begin_difference(c, "", key))
      {
        for (uint32_t j = 0; j < 2 * count; ++j)
        {
          (void)fputs(j == 0 ? "" : j == count ? " != " : " ", stdout);
          cli_print_real(stdout, j < count ? a[j] : b[j - count]);
        }
        (void)putchar('\n');
      }
      return;
    }
  }
}

static void
compare_sizes(comparison * c, const uint64_t * a, const uint64_t * b, uint32_t count)
{
  if (memcmp(a, b, count * sizeof(*a)) != 0 && begin_difference(c, "", "size"))
  {
    for (uint32_t j = 0; j < 2 * count; ++j)
    {
      (void)printf("%s%" PRIu64, j == 0 ? "" : j == count ? " != " : " x ", j < count ? a[j] : b[j - count]);
    }
    (void)putchar('\n');
  }
}

static bool
equal_values(const iwf_value * a, const iwf_value * b);

static const iwf_value *
find_member(const iwf_value * map, const iwf_member * like)
{
  for (uint64_t i = 0; i < map->count; ++i)
  {
    const iwf_member * member = &map->of.members[i];
    if (member->key_length == like->key_length && memcmp(member->key, like->key, like->key_length) == 0)
    {
      return &member->value;
    }
  }
  return NULL;
}

static bool
equal_maps(const iwf_value * a, const iwf_value * b)
{
  for (uint64_t i = 0; i < a->count; ++i)
  {
    const iwf_value * other = find_member(b, &a->of.members[i]);
    if (other == NULL || !equal_values(&a->of.members[i].value, other))
    {
      return false;
    }
  }
  return true;
}

static bool
equal_arrays(const iwf_value * a, const iwf_value * b)
{
  for (uint64_t i = 0; i < a->count; ++i)
  {
    if (!equal_values(&a->of.items[i], &b->of.items[i]))
    {
      return false;
    }
  }
  return true;
}

/* Integers that are written as 1 here and as 1.0 there are the same, as JSON makes no difference. */
static bool
equal_values(const iwf_value * a, const iwf_value * b)
{
  if (a->kind != b->kind)
  {
    const iwf_value * real = a->kind == IWF_FLOAT ? a : b;
    const iwf_value * whole = a->kind == IWF_FLOAT ? b : a;
    return real->kind == IWF_FLOAT &&
           ((whole->kind == IWF_UNSIGNED && (double)whole->of.unsigned_value == real->of.float_value) ||
            (whole->kind == IWF_NEGATIVE && (double)whole->of.negative_value == real->of.float_value));
  }
  switch (a->kind)
  {
    case IWF_NULL:
      return true;
    case IWF_BOOL:
      return (a->of.boolean != 0) == (b->of.boolean != 0);
    case IWF_UNSIGNED:
      return a->of.unsigned_value == b->of.unsigned_value;
    case IWF_NEGATIVE:
      return a->of.negative_value == b->of.negative_value;
    case IWF_FLOAT:
      return a->of.float_value == b->of.float_value || (isnan(a->of.float_value) && isnan(b->of.float_value));
    case IWF_TEXT:
      return a->count == b->count && memcmp(a->of.text, b->of.text, (size_t)a->count) == 0;
    case IWF_BYTES:
      return a->count == b->count;
    case IWF_ARRAY:
      return a->count == b->count && equal_arrays(a, b);
    case IWF_MAP:
      return a->count == b->count && equal_maps(a, b);
  }
  return false;
}

/* Prints one difference of the metadata; `a` or `b` is NULL where only the other has the key. */
static void
print_member(comparison * c, const char * prefix, const iwf_member * member, const iwf_value * a, const iwf_value * b)
{
  if (!begin_difference(c, prefix, "metadata"))
  {
    return;
  }
  cli_print_text(stdout, member->key, member->key_length);
  if (a == NULL || b == NULL)
  {
    (void)printf(" is in %s only\n", c->objects[a == NULL ? 1 : 0].path);
    return;
  }
  (void)fputs(": ", stdout);
  cli_print_value(stdout, a);
  (void)fputs(" != ", stdout);
  cli_print_value(stdout, b);
  (void)putchar('\n');
}

static void
compare_metadata(comparison * c, const char * prefix, const iwf_value * a, const iwf_value * b)
{
  static const iwf_value none = { .kind = IWF_MAP };
  a = a != NULL ? a : &none;
  b = b != NULL ? b : &none;
  for (uint64_t i = 0; i < a->count; ++i)
  {
    const iwf_member * member = &a->of.members[i];
    const iwf_value *  other = find_member(b, member);
    if (other == NULL || !equal_values(&member->value, other))
    {
      print_member(c, prefix, member, &member->value, other);
    }
  }
  for (uint64_t i = 0; i < b->count; ++i)
  {
    if (find_member(a, &b->of.members[i]) == NULL)
    {
      print_member(c, prefix, &b->of.members[i], NULL, &b->of.members[i].value);
    }
  }
}

/* Only index.json carries the names of images and meshes: elsewhere they are the default, which tells nothing. */
static bool
have_names(const comparison * c)
{
  return c->objects[0].container == IWF_CONTAINER_DIRECTORY && c->objects[1].container == IWF_CONTAINER_DIRECTORY;
}

static void
compare_images(comparison * c, const iwf_image_info * a, const iwf_image_info * b)
{
  compare_counts(c, "", "dimension", a->dimension, b->dimension);
  compare_words(c, "", "componentType", iwf_component_name(a->component_type), iwf_component_name(b->component_type));
  compare_words(c, "", "pixelType", iwf_pixel_name(a->pixel_type), iwf_pixel_name(b->pixel_type));
  compare_counts(c, "", "components", a->components, b->components);
  if (a->dimension == b->dimension)
  {
    compare_sizes(c, a->size, b->size, a->dimension);
    compare_reals(c, "spacing", a->spacing, b->spacing, a->dimension);
    compare_reals(c, "origin", a->origin, b->origin, a->dimension);
    compare_reals(c, "direction", a->direction, b->direction, a->dimension * a->dimension);
  }
  if (have_names(c))
  {
    compare_texts(c, "", "name", a->name, b->name);
  }
  compare_metadata(c, "", a->metadata, b->metadata);
}

/* The type of data that is not there says nothing. */
static void
compare_data_types(comparison *       c,
                   const char * const keys[3],
                   uint64_t           count,
                   iwf_component_type a_type,
                   iwf_component_type b_type,
                   iwf_pixel_type     a_pixel,
                   iwf_pixel_type     b_pixel,
                   uint32_t           a_components,
                   uint32_t           b_components)
{
  if (count > 0)
  {
    compare_words(c, "", keys[0], iwf_component_name(a_type), iwf_component_name(b_type));
    compare_words(c, "", keys[1], iwf_pixel_name(a_pixel), iwf_pixel_name(b_pixel));
    compare_counts(c, "", keys[2], a_components, b_components);
  }
}

static void
compare_meshes(comparison * c, const iwf_mesh_info * a, const iwf_mesh_info * b)
{
  static const char * const point_keys[] = { "pointPixelComponentType", "pointPixelType", "pointPixelComponents" };
  static const char * const cell_keys[] = { "cellPixelComponentType", "cellPixelType", "cellPixelComponents" };
  compare_counts(c, "", "dimension", a->dimension, b->dimension);
  compare_counts(c, "", "numberOfPoints", a->number_of_points, b->number_of_points);
  compare_counts(c, "", "numberOfPointPixels", a->number_of_point_pixels, b->number_of_point_pixels);
  compare_counts(c, "", "numberOfCells", a->number_of_cells, b->number_of_cells);
  compare_counts(c, "", "numberOfCellPixels", a->number_of_cell_pixels, b->number_of_cell_pixels);
  compare_counts(c, "", "cellBufferSize", a->cell_buffer_size, b->cell_buffer_size);
  if (a->number_of_points > 0 && b->number_of_points > 0)
  {
    compare_words(c,
                  "",
                  "pointComponentType",
                  iwf_component_name(a->point_component_type),
                  iwf_component_name(b->point_component_type));
  }
  if (a->number_of_cells > 0 && b->number_of_cells > 0)
  {
    compare_words(c,
                  "",
                  "cellComponentType",
                  iwf_component_name(a->cell_component_type),
                  iwf_component_name(b->cell_component_type));
  }
  compare_data_types(c,
                     point_keys,
                     a->number_of_point_pixels < b->number_of_point_pixels ? a->number_of_point_pixels
                                                                           : b->number_of_point_pixels,
                     a->point_pixel_component_type,
                     b->point_pixel_component_type,
                     a->point_pixel_type,
                     b->point_pixel_type,
                     a->point_pixel_components,
                     b->point_pixel_components);
  compare_data_types(c,
                     cell_keys,
                     a->number_of_cell_pixels < b->number_of_cell_pixels ? a->number_of_cell_pixels
                                                                         : b->number_of_cell_pixels,
                     a->cell_pixel_component_type,
                     b->cell_pixel_component_type,
                     a->cell_pixel_type,
                     b->cell_pixel_type,
                     a->cell_pixel_components,
                     b->cell_pixel_components);
  if (have_names(c))
  {
    compare_texts(c, "", "name", a->name, b->name);
  }
  compare_metadata(c, "", a->metadata, b->metadata);
}

static void
compare_transforms(comparison * c)
{
  compare_counts(c, "", "numberOfTransforms", c->objects[0].transform_count, c->objects[1].transform_count);
  for (size_t i = 0; i < c->objects[0].transform_count && i < c->objects[1].transform_count; ++i)
  {
    const iwf_transform_info * a = &c->objects[0].transforms[i];
    const iwf_transform_info * b = &c->objects[1].transforms[i];
    char                       prefix[32];
    (void)snprintf(prefix, sizeof(prefix), "[%zu].", i);
    compare_texts(c, prefix, "transformParameterization", a->parameterization, b->parameterization);
    compare_words(c,
                  prefix,
                  "parametersValueType",
                  iwf_component_name(a->parameters_value_type),
                  iwf_component_name(b->parameters_value_type));
    compare_counts(c, prefix, "inputDimension", a->input_dimension, b->input_dimension);
    compare_counts(c, prefix, "outputDimension", a->output_dimension, b->output_dimension);
    compare_counts(c, prefix, "numberOfFixedParameters", a->number_of_fixed_parameters, b->number_of_fixed_parameters);
    compare_counts(c, prefix, "numberOfParameters", a->number_of_parameters, b->number_of_parameters);
    compare_texts(c, prefix, "name", a->name, b->name);
    compare_texts(c, prefix, "inputSpaceName", a->input_space_name, b->input_space_name);
    compare_texts(c, prefix, "outputSpaceName", a->output_space_name, b->output_space_name);
    compare_metadata(c, prefix, a->metadata, b->metadata);
  }
}

/* Values of two arrays that differ. */
typedef struct difference
{
  uint64_t    count;
  uint64_t    place;    /* element of the largest difference, the first one of several */
  long double distance; /* largest; infinite where one of the two is not a number */
  long double values[2];
} difference;

static long double
load(iwf_component_type type, const unsigned char * element)
{
#define LOAD(name, c_type)                    \
  case name:                                  \
  {                                           \
    c_type number;                            \
    memcpy(&number, element, sizeof(number)); \
    return (long double)number;               \
  }
  switch (type)
  {
    LOAD(IWF_INT8, int8_t)
    LOAD(IWF_UINT8, uint8_t)
    LOAD(IWF_INT16, int16_t)
    LOAD(IWF_UINT16, uint16_t)
    LOAD(IWF_INT32, int32_t)
    LOAD(IWF_UINT32, uint32_t)
    LOAD(IWF_INT64, int64_t)
    LOAD(IWF_UINT64, uint64_t)
    LOAD(IWF_FLOAT32, float)
    LOAD(IWF_FLOAT64, double)
  }
#undef LOAD
  return 0.0L;
}

static void
compare_chunk(difference *             found,
              uint64_t                 first,
              uint64_t                 count,
              const iwf_component_type types[2],
              unsigned char * const    buffers[2],
              double                   tolerance)
{
  const size_t sizes[2] = { iwf_component_size(types[0]), iwf_component_size(types[1]) };
  if (types[0] == types[1] && memcmp(buffers[0], buffers[1], (size_t)count * sizes[0]) == 0)
  {
    return;
  }
  for (uint64_t i = 0; i < count; ++i)
  {
    const long double a = load(types[0], buffers[0] + i * sizes[0]);
    const long double b = load(types[1], buffers[1] + i * sizes[1]);
    if (a == b || (isnan(a) && isnan(b)))
    {
      continue;
    }
    long double distance = fabsl(a - b);
    distance = isnan(distance) ? (long double)INFINITY : distance;
    if (distance <= (long double)tolerance)
    {
      continue;
    }
    if (found->count++ == 0 || distance > found->distance)
    {
      found->place = first + i;
      found->distance = distance;
      found->values[0] = a;
      found->values[1] = b;
    }
  }
}

static void
print_long(long double value)
{
  char text[64];
  for (int digits = 9; digits <= 21; digits += 3) /* enough for float, double, and integers of 64 bits */
  {
    (void)snprintf(text, sizeof(text), "%.*Lg", digits, value);
    if (strtold(text, NULL) == value)
    {
      break;
    }
  }
  (void)fputs(text, stdout);
}

/* Says which pixel, point or element this is. */
static void
print_place(const cli_object * object, const cli_payload * payload, uint64_t element)
{
  if (object->image != NULL)
  {
    uint64_t pixel = element / object->image->components;
    (void)fputs("index", stdout);
    for (uint32_t axis = 0; axis < object->image->dimension; ++axis)
    {
      (void)printf(" %" PRIu64, pixel % object->image->size[axis]);
      pixel /= object->image->size[axis];
    }
    if (object->image->components > 1)
    {
      (void)printf(", component %" PRIu64, element % object->image->components);
    }
    return;
  }
  uint32_t     per_owner = 1;
  const char * owner = "element";
  if (object->mesh != NULL && payload->number != IWF_MESH_CELLS)
  {
    const uint32_t components[] = {
      object->mesh->dimension, 1, object->mesh->point_pixel_components, object->mesh->cell_pixel_components
    };
    per_owner = components[payload->number];
    owner = payload->number == IWF_MESH_CELL_DATA ? "cell" : "point";
  }
  (void)printf("%s %" PRIu64, owner, element / per_owner);
  if (per_owner > 1)
  {
    (void)printf(", %s %" PRIu64, payload->number == IWF_MESH_POINTS ? "coordinate" : "component", element % per_owner);
  }
}

static void
compare_payload(comparison * c, size_t number, unsigned char * const buffers[2])
{
  cli_payload payloads[2];
  for (int i = 0; i < 2; ++i)
  {
    cli_object_payload(&c->objects[i], number, &payloads[i]);
  }
  const iwf_component_type types[2] = { payloads[0].type, payloads[1].type };
  const uint64_t           sizes[2] = { iwf_component_size(types[0]), iwf_component_size(types[1]) };
  const uint64_t           count = payloads[0].bytes / sizes[0];
  if (count != payloads[1].bytes / sizes[1])
  {
    if (begin_difference(c, "", payloads[0].name))
    {
      (void)printf("%" PRIu64 " != %" PRIu64 " elements\n", count, payloads[1].bytes / sizes[1]);
    }
    return;
  }
  difference     found = { .count = 0 };
  const uint64_t most = CLI_CHUNK_BYTES / 8;
  for (uint64_t first = 0; first < count; first += most)
  {
    const uint64_t here = count - first < most ? count - first : most;
    for (int i = 0; i < 2; ++i)
    {
      iwf_error error;
      if (iwf_reader_read(c->objects[i].reader,
                          payloads[i].record,
                          payloads[i].number,
                          first * sizes[i],
                          here * sizes[i],
                          buffers[i],
                          &error) != IWF_OK)
      {
        cli_progress_end(&c->progress);
        (void)cli_fail_at(c->objects[i].path, &error);
        c->failed = true;
        return;
      }
    }
    compare_chunk(&found, first, here, types, buffers, c->tolerance);
    cli_progress_add(&c->progress, here * sizes[0]);
    if (c->quiet && found.count > 0)
    {
      break; /* the answer is known */
    }
  }
  if (found.count > 0 && begin_difference(c, "", payloads[0].name))
  {
    (void)printf("%" PRIu64 " of %" PRIu64 " values differ, most by ", found.count, count);
    print_long(found.distance);
    (void)fputs(" at ", stdout);
    print_place(&c->objects[0], &payloads[0], found.place);
    (void)fputs(": ", stdout);
    print_long(found.values[0]);
    (void)fputs(" != ", stdout);
    print_long(found.values[1]);
    (void)putchar('\n');
  }
}

/* Whether element n of one object is element n of the other. */
static bool
have_same_shape(const comparison * c)
{
  const iwf_image_info * a = c->objects[0].image;
  const iwf_image_info * b = c->objects[1].image;
  if (a != NULL)
  {
    return a->dimension == b->dimension && a->components == b->components &&
           memcmp(a->size, b->size, a->dimension * sizeof(a->size[0])) == 0;
  }
  return c->objects[0].mesh == NULL || c->objects[0].mesh->dimension == c->objects[1].mesh->dimension;
}

static void
compare(comparison * c, unsigned char * const buffers[2])
{
  if (c->objects[0].family != c->objects[1].family)
  {
    compare_words(c, "", "object", cli_family_name(c->objects[0].family), cli_family_name(c->objects[1].family));
    return;
  }
  switch (c->objects[0].family)
  {
    case IWF_FAMILY_IMAGE:
      compare_images(c, c->objects[0].image, c->objects[1].image);
      break;
    case IWF_FAMILY_MESH:
      compare_meshes(c, c->objects[0].mesh, c->objects[1].mesh);
      break;
    case IWF_FAMILY_TRANSFORM:
      compare_transforms(c);
      break;
  }
  if (!have_same_shape(c))
  {
    return;
  }
  const size_t counts[2] = { cli_object_payload_count(&c->objects[0]), cli_object_payload_count(&c->objects[1]) };
  for (size_t i = 0; i < counts[0] && i < counts[1] && !c->failed && !(c->quiet && c->differs); ++i)
  {
    compare_payload(c, i, buffers);
  }
}

static int
run_comparison(comparison * c, char * const paths[2])
{
  unsigned char * buffers[2] = { malloc(CLI_CHUNK_BYTES), malloc(CLI_CHUNK_BYTES) };
  c->failed = buffers[0] == NULL || buffers[1] == NULL;
  if (c->failed)
  {
    (void)cli_fail("diff: no memory");
  }
  for (int i = 0; i < 2 && !c->failed; ++i)
  {
    iwf_error error;
    if (cli_object_open(&c->objects[i], paths[i], &error) != IWF_OK)
    {
      (void)cli_fail_at(paths[i], &error);
      c->failed = true;
    }
  }
  if (!c->failed)
  {
    cli_progress_begin(&c->progress, "diff", cli_object_bytes(&c->objects[0]));
    compare(c, buffers);
    cli_progress_end(&c->progress);
  }
  for (int i = 0; i < 2; ++i)
  {
    cli_object_close(&c->objects[i]);
    free(buffers[i]);
  }
  return c->failed ? CLI_TROUBLE : c->differs ? CLI_FOUND : CLI_OK;
}

static int
run(int argc, char ** argv)
{
  static const struct option options[] = { CLI_HELP_OPTION,
                                           { "quiet", no_argument, NULL, 'q' },
                                           { "tolerance", required_argument, NULL, 't' },
                                           { NULL, 0, NULL, 0 } };
  comparison                 c = { .tolerance = 0.0 };
  for (int option = 0; (option = cli_next_option(argc, argv, &cli_diff, ":hqt:", options)) != -1;)
  {
    char * end = NULL;
    switch (option)
    {
      case 'q':
        c.quiet = true;
        break;
      case 't':
        c.tolerance = strtod(optarg, &end);
        if (end == optarg || *end != '\0' || !(c.tolerance >= 0.0))
        {
          return cli_fail("diff: expected a tolerance of 0 or more, found '%s'", optarg);
        }
        break;
      default:
        return option == CLI_END_OK ? CLI_OK : CLI_TROUBLE;
    }
  }
  if (argc - optind != 2)
  {
    return cli_fail("diff: expected two objects (see 'iwf diff --help')");
  }
  return run_comparison(&c, argv + optind);
}

const cli_command cli_diff = {
  .name = "diff",
  .summary = "tell where two objects differ",
  .help =
    "[--tolerance X] [--quiet] A B\n"
    "\n"
    "Compares two objects, in whatever containers: types, geometry, metadata and all values. Prints one line for each\n"
    "key that differs; for arrays, how many values differ and where the difference is largest. What is the same\n"
    "prints nothing.\n"
    "\n"
    "  -t, --tolerance X  numbers of geometry and arrays that differ by X or less are the same; default 0\n"
    "  -q, --quiet        print nothing: the exit code tells\n"
    "  -h, --help         this help\n"
    "\n"
    "Exit codes: 0 when there is no difference, 1 when there is one, 2 when an object cannot be read.\n",
  .run = run
};
