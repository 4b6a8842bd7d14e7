/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command.h"

#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int
cli_fail(const char * format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  (void)fflush(stdout);
  (void)fputs("iwf: ", stderr);
  (void)vfprintf(stderr, format, arguments);
  (void)fputc('\n', stderr);
  va_end(arguments);
  return CLI_TROUBLE;
}

int
cli_fail_at(const char * path, const iwf_error * error)
{
  return cli_fail("%s: %s", path, error->message);
}

int
cli_next_option(int                   argc,
                char **               argv,
                const cli_command *   command,
                const char *          letters,
                const struct option * options)
{
  opterr = 0;
  const int option = getopt_long(argc, argv, letters, options, NULL);
  if (option == 'h')
  {
    (void)printf("Usage: iwf %s %s", command->name, command->help);
    return CLI_END_OK;
  }
  if (option == '?' || option == ':')
  {
    const char * const name = argv[optind - 1];
    (void)cli_fail(option == ':' ? "%s: option '%s' needs a value (see 'iwf %s --help')"
                                 : "%s: unknown option '%s' (see 'iwf %s --help')",
                   command->name,
                   name,
                   command->name);
    return CLI_END_TROUBLE;
  }
  return option;
}

iwf_status
cli_object_open(cli_object * object, const char * path, iwf_error * error)
{
  *object = (cli_object){ .path = path };
  iwf_limits   limits;
  const char * changes = getenv("IWF_LIMITS");
  iwf_limits_init(&limits);
  iwf_status status = changes != NULL ? iwf_limits_parse(&limits, changes, error) : IWF_OK;
  if (status == IWF_OK)
  {
    status = iwf_reader_open(&object->reader, path, &limits, error);
  }
  if (status != IWF_OK)
  {
    return status;
  }
  (void)iwf_path_format(path, &object->family, &object->container);
  object->image = iwf_reader_image(object->reader);
  object->mesh = iwf_reader_mesh(object->reader);
  object->transforms = iwf_reader_transforms(object->reader, &object->transform_count);
  return IWF_OK;
}

void
cli_object_close(cli_object * object)
{
  iwf_reader_close(object->reader);
  object->reader = NULL;
}

const char *
cli_family_name(iwf_family family)
{
  static const char * const names[] = { "image", "mesh", "transforms" }; /* in the order of iwf_family */
  return names[family];
}

const char *
cli_container_name(iwf_container container)
{
  static const char * const names[] = { "directory", "cbor", "cbor.zst" }; /* in the order of iwf_container */
  return names[container];
}

size_t
cli_object_payload_count(const cli_object * object)
{
  switch (object->family)
  {
    case IWF_FAMILY_IMAGE:
      return 1; /* the direction is part of the information */
    case IWF_FAMILY_MESH:
      return 4;
    case IWF_FAMILY_TRANSFORM:
      break;
  }
  return 2 * object->transform_count;
}

void
cli_object_payload(const cli_object * object, size_t i, cli_payload * payload)
{
  static const char * const mesh_names[] = { "points", "cells", "pointData", "cellData" };
  *payload = (cli_payload){ .number = (int)i };
  switch (object->family)
  {
    case IWF_FAMILY_IMAGE:
      payload->number = IWF_IMAGE_DATA;
      payload->type = object->image->component_type;
      (void)snprintf(payload->name, sizeof(payload->name), "data");
      break;
    case IWF_FAMILY_MESH:
    {
      const iwf_component_type types[] = { object->mesh->point_component_type,
                                           object->mesh->cell_component_type,
                                           object->mesh->point_pixel_component_type,
                                           object->mesh->cell_pixel_component_type };
      payload->type = types[i];
      (void)snprintf(payload->name, sizeof(payload->name), "%s", mesh_names[i]);
      break;
    }
    case IWF_FAMILY_TRANSFORM:
      payload->record = i / 2;
      payload->number = (int)(i % 2);
      payload->type = payload->number == IWF_TRANSFORM_PARAMETERS
                        ? object->transforms[payload->record].parameters_value_type
                        : IWF_FLOAT64;
      (void)snprintf(payload->name,
                     sizeof(payload->name),
                     "[%zu].%s",
                     payload->record,
                     payload->number == IWF_TRANSFORM_PARAMETERS ? "parameters" : "fixedParameters");
      break;
  }
  payload->bytes = iwf_reader_payload_bytes(object->reader, payload->record, payload->number);
}

uint64_t
cli_object_bytes(const cli_object * object)
{
  uint64_t bytes = 0;
  for (size_t i = 0; i < cli_object_payload_count(object); ++i)
  {
    cli_payload payload;
    cli_object_payload(object, i, &payload);
    bytes += payload.bytes;
  }
  return bytes;
}

/* The fewest digits that give the same number back. JSON has no other than finite numbers. */
void
cli_print_real(FILE * stream, double value)
{
  if (!isfinite(value))
  {
    (void)fputs(isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"", stream);
    return;
  }
  char text[32];
  for (int digits = 15; digits <= 17; ++digits)
  {
    (void)snprintf(text, sizeof(text), "%.*g", digits, value);
    if (strtod(text, NULL) == value)
    {
      break;
    }
  }
  (void)fputs(text, stream);
}

/* Length of the UTF-8 sequence at `text` that is safe to print; 0 if there is none. */
static size_t
printable_length(const unsigned char * text, size_t length)
{
  const size_t          size = text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : text[0] < 0xf5 ? 4 : 0;
  static uint32_t const smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
  if (size == 0 || size > length)
  {
    return 0;
  }
  uint32_t code = text[0] & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; ++i)
  {
    if ((text[i] & 0xc0) != 0x80)
    {
      return 0;
    }
    code = code << 6 | (text[i] & 0x3f);
  }
  const bool valid = code >= smallest[size] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? size : 0;
}

void
cli_print_text(FILE * stream, const char * text, size_t length)
{
  const unsigned char * bytes = (const unsigned char *)text;
  (void)fputc('"', stream);
  for (size_t i = 0; i < length;)
  {
    const unsigned char byte = bytes[i];
    size_t              size = 1;
    if (byte == '"' || byte == '\\')
    {
      (void)fprintf(stream, "\\%c", byte);
    }
    else if (byte == '\n' || byte == '\t')
    {
      (void)fputs(byte == '\n' ? "\\n" : "\\t", stream);
    }
    else if (byte < 0x20 || byte == 0x7f)
    {
      (void)fprintf(stream, "\\u%04x", byte);
    }
    else if (byte < 0x7f)
    {
      (void)fputc(byte, stream);
    }
    else if ((size = printable_length(bytes + i, length - i)) == 0)
    {
      size = 1;
      (void)fputs("\\ufffd", stream);
    }
    else if (byte == 0xc2 && bytes[i + 1] < 0xa0) /* control characters of 8 bits */
    {
      (void)fprintf(stream, "\\u%04x", bytes[i + 1]);
    }
    else
    {
      (void)fwrite(bytes + i, 1, size, stream);
    }
    i += size;
  }
  (void)fputc('"', stream);
}

void
cli_print_value(FILE * stream, const iwf_value * value)
{
  switch (value->kind)
  {
    case IWF_NULL:
      (void)fputs("null", stream);
      break;
    case IWF_BOOL:
      (void)fputs(value->of.boolean ? "true" : "false", stream);
      break;
    case IWF_UNSIGNED:
      (void)fprintf(stream, "%" PRIu64, value->of.unsigned_value);
      break;
    case IWF_NEGATIVE:
      (void)fprintf(stream, "%" PRId64, value->of.negative_value);
      break;
    case IWF_FLOAT:
      cli_print_real(stream, value->of.float_value);
      break;
    case IWF_TEXT:
      cli_print_text(stream, value->of.text, (size_t)value->count);
      break;
    case IWF_BYTES:
      (void)fprintf(stream, "\"%" PRIu64 " bytes\"", value->count);
      break;
    case IWF_ARRAY:
      (void)fputc('[', stream);
      for (uint64_t i = 0; i < value->count; ++i)
      {
        (void)fputs(i > 0 ? ", " : "", stream);
        cli_print_value(stream, &value->of.items[i]);
      }
      (void)fputc(']', stream);
      break;
    case IWF_MAP:
      (void)fputc('{', stream);
      for (uint64_t i = 0; i < value->count; ++i)
      {
        (void)fputs(i > 0 ? ", " : "", stream);
        cli_print_text(stream, value->of.members[i].key, value->of.members[i].key_length);
        (void)fputs(": ", stream);
        cli_print_value(stream, &value->of.members[i].value);
      }
      (void)fputc('}', stream);
      break;
  }
}

static double
now(void)
{
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void
cli_progress_begin(cli_progress * progress, const char * what, uint64_t total)
{
  *progress = (cli_progress){ .what = what, .total = total, .begun = now(), .enabled = isatty(STDERR_FILENO) != 0 };
}

void
cli_progress_add(cli_progress * progress, uint64_t bytes)
{
  progress->done += bytes;
  const double time = progress->enabled ? now() : 0.0;
  if (!progress->enabled || time - progress->begun < 0.5 || time - progress->shown < 0.1)
  {
    return;
  }
  progress->shown = time;
  (void)fprintf(stderr,
                "\r%s: %3.0f %%, %.0f MB/s\033[K",
                progress->what,
                100.0 * (double)progress->done / (double)progress->total,
                1e-6 * (double)progress->done / (time - progress->begun));
}

void
cli_progress_end(cli_progress * progress)
{
  if (progress->shown > 0.0)
  {
    (void)fputs("\r\033[K", stderr);
    progress->shown = 0.0;
  }
}
