/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

/*
 * Prints the same facts in two ways: as lines for people, or as one line of JSON. The keys are the formats' own; where
 * they are nested in a file ("imageType"), they are not here.
 */
typedef struct printer
{
  bool json;
  bool first; /* no key yet in the map that is open */
} printer;

static void
begin_key(printer * p, const char * key)
{
  if (p->json)
  {
    (void)printf("%s\"%s\": ", p->first ? "" : ", ", key);
  }
  else
  {
    (void)printf("  %-26s", key);
  }
  p->first = false;
}

static void
end_key(const printer * p)
{
  if (!p->json)
  {
    (void)putchar('\n');
  }
}

static void
print_word(printer * p, const char * key, const char * word)
{
  begin_key(p, key);
  (void)printf(p->json ? "\"%s\"" : "%s", word);
  end_key(p);
}

static void
print_count(printer * p, const char * key, uint64_t count)
{
  begin_key(p, key);
  (void)printf("%" PRIu64, count);
  end_key(p);
}

static void
print_name(printer * p, const char * key, iwf_text name)
{
  if (name.data != NULL && name.length > 0)
  {
    begin_key(p, key);
    cli_print_text(stdout, name.data, name.length);
    end_key(p);
  }
}

static void
print_reals(const printer * p, const double * values, uint32_t count)
{
  (void)fputs(p->json ? "[" : "", stdout);
  for (uint32_t i = 0; i < count; ++i)
  {
    (void)fputs(i == 0 ? "" : p->json ? ", " : " ", stdout);
    cli_print_real(stdout, values[i]);
  }
  (void)fputs(p->json ? "]" : "", stdout);
}

static void
print_point(printer * p, const char * key, const double * values, uint32_t count)
{
  begin_key(p, key);
  print_reals(p, values, count);
  end_key(p);
}

static void
print_size(printer * p, const uint64_t * size, uint32_t count)
{
  begin_key(p, "size");
  (void)fputs(p->json ? "[" : "", stdout);
  for (uint32_t i = 0; i < count; ++i)
  {
    (void)printf("%s%" PRIu64, i == 0 ? "" : p->json ? ", " : " x ", size[i]);
  }
  (void)fputs(p->json ? "]" : "", stdout);
  end_key(p);
}

/* Rows of the matrix, as itk::Image::GetDirection(). */
static void
print_direction(printer * p, const iwf_image_info * info)
{
  begin_key(p, "direction");
  (void)fputs(p->json ? "[" : "", stdout);
  for (uint32_t row = 0; row < info->dimension; ++row)
  {
    (void)fputs(row == 0 ? "" : p->json ? ", " : " / ", stdout);
    print_reals(p, info->direction + row * info->dimension, info->dimension);
  }
  (void)fputs(p->json ? "]" : "", stdout);
  end_key(p);
}

static void
print_metadata(printer * p, const iwf_value * metadata)
{
  if (metadata == NULL || metadata->count == 0)
  {
    return;
  }
  if (p->json)
  {
    begin_key(p, "metadata");
    cli_print_value(stdout, metadata);
    return;
  }
  (void)puts("  metadata");
  for (uint64_t i = 0; i < metadata->count; ++i)
  {
    (void)fputs("    ", stdout);
    cli_print_text(stdout, metadata->of.members[i].key, metadata->of.members[i].key_length);
    (void)fputs(": ", stdout);
    cli_print_value(stdout, &metadata->of.members[i].value);
    (void)putchar('\n');
  }
}

static void
print_image(printer * p, const iwf_image_info * info)
{
  print_name(p, "name", info->name);
  print_count(p, "dimension", info->dimension);
  print_word(p, "componentType", iwf_component_name(info->component_type));
  print_word(p, "pixelType", iwf_pixel_name(info->pixel_type));
  print_count(p, "components", info->components);
  print_size(p, info->size, info->dimension);
  print_point(p, "spacing", info->spacing, info->dimension);
  print_point(p, "origin", info->origin, info->dimension);
  print_direction(p, info);
  print_metadata(p, info->metadata);
}

static void
print_mesh(printer * p, const iwf_mesh_info * info)
{
  print_name(p, "name", info->name);
  print_count(p, "dimension", info->dimension);
  print_count(p, "numberOfPoints", info->number_of_points);
  print_word(p, "pointComponentType", iwf_component_name(info->point_component_type));
  print_count(p, "numberOfPointPixels", info->number_of_point_pixels);
  if (info->number_of_point_pixels > 0)
  {
    print_word(p, "pointPixelComponentType", iwf_component_name(info->point_pixel_component_type));
    print_word(p, "pointPixelType", iwf_pixel_name(info->point_pixel_type));
    print_count(p, "pointPixelComponents", info->point_pixel_components);
  }
  print_count(p, "numberOfCells", info->number_of_cells);
  if (info->number_of_cells > 0)
  {
    print_word(p, "cellComponentType", iwf_component_name(info->cell_component_type));
    print_count(p, "cellBufferSize", info->cell_buffer_size);
  }
  print_count(p, "numberOfCellPixels", info->number_of_cell_pixels);
  if (info->number_of_cell_pixels > 0)
  {
    print_word(p, "cellPixelComponentType", iwf_component_name(info->cell_pixel_component_type));
    print_word(p, "cellPixelType", iwf_pixel_name(info->cell_pixel_type));
    print_count(p, "cellPixelComponents", info->cell_pixel_components);
  }
  print_metadata(p, info->metadata);
}

static void
print_transform(printer * p, const iwf_transform_info * info)
{
  begin_key(p, "transformParameterization");
  if (p->json)
  {
    cli_print_text(stdout, info->parameterization.data, info->parameterization.length);
  }
  else
  {
    (void)printf("%.*s", (int)info->parameterization.length, info->parameterization.data);
  }
  end_key(p);
  print_word(p, "parametersValueType", iwf_component_name(info->parameters_value_type));
  print_count(p, "inputDimension", info->input_dimension);
  print_count(p, "outputDimension", info->output_dimension);
  print_count(p, "numberOfFixedParameters", info->number_of_fixed_parameters);
  print_count(p, "numberOfParameters", info->number_of_parameters);
  print_name(p, "name", info->name);
  print_name(p, "inputSpaceName", info->input_space_name);
  print_name(p, "outputSpaceName", info->output_space_name);
  print_metadata(p, info->metadata);
}

static void
print_transforms(printer * p, const cli_object * object)
{
  print_count(p, "numberOfTransforms", object->transform_count);
  if (p->json)
  {
    begin_key(p, "transforms");
    (void)putchar('[');
  }
  for (size_t i = 0; i < object->transform_count; ++i)
  {
    p->first = true;
    (void)printf(p->json ? "%s{" : "%s[%zu]\n", p->json && i > 0 ? ", " : "", i);
    print_transform(p, &object->transforms[i]);
    (void)fputs(p->json ? "}" : "", stdout);
  }
  (void)fputs(p->json ? "]" : "", stdout);
}

static void
print_object(const cli_object * object, bool json)
{
  printer p = { .json = json, .first = true };
  if (json)
  {
    (void)putchar('{');
    begin_key(&p, "path");
    cli_print_text(stdout, object->path, strlen(object->path));
    print_word(&p, "object", cli_family_name(object->family));
    print_word(&p, "container", cli_container_name(object->container));
  }
  else
  {
    (void)printf("%s: %s, %s\n", object->path, cli_family_name(object->family), cli_container_name(object->container));
  }
  print_count(&p, "bytes", cli_object_bytes(object));
  switch (object->family)
  {
    case IWF_FAMILY_IMAGE:
      print_image(&p, object->image);
      break;
    case IWF_FAMILY_MESH:
      print_mesh(&p, object->mesh);
      break;
    case IWF_FAMILY_TRANSFORM:
      print_transforms(&p, object);
      break;
  }
  (void)fputs(json ? "}\n" : "", stdout);
}

static int
run(int argc, char ** argv)
{
  static const struct option options[] = { CLI_HELP_OPTION, { "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
  bool                       json = false;
  for (int option = 0; (option = cli_next_option(argc, argv, &cli_info, ":hj", options)) != -1;)
  {
    switch (option)
    {
      case 'j':
        json = true;
        break;
      default:
        return option == CLI_END_OK ? CLI_OK : CLI_TROUBLE;
    }
  }
  if (optind == argc)
  {
    return cli_fail("info: expected an object (see 'iwf info --help')");
  }
  int code = CLI_OK;
  for (int i = optind; i < argc; ++i)
  {
    cli_object object;
    iwf_error  error;
    if (cli_object_open(&object, argv[i], &error) == IWF_OK)
    {
      print_object(&object, json);
    }
    else
    {
      code = cli_fail_at(argv[i], &error);
    }
    cli_object_close(&object);
  }
  return code;
}

const cli_command cli_info = {
  .name = "info",
  .summary = "print what a header says",
  .help = "[--json] OBJECT…\n"
          "\n"
          "Prints what the headers of objects say. Only headers are read: it takes no longer for a large object.\n"
          "\n"
          "  -j, --json  one line of JSON for each object\n"
          "  -h, --help  this help\n",
  .run = run
};
