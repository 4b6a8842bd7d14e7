/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command.h"

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* The signal that asked to stop, 0 if none: what is half written is taken back first. */
static volatile sig_atomic_t stopped_by;

static void
stop(int number)
{
  stopped_by = number;
}

static void
catch_signals(void)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = stop;
  action.sa_flags = (int)SA_RESETHAND | SA_RESTART; /* the second time, it ends at once */
  for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); ++i)
  {
    struct sigaction before;
    if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
    {
      (void)sigaction(signals[i], &action, NULL);
    }
  }
}

static iwf_status
open_writer(iwf_writer **             writer,
            const char *              path,
            const cli_object *        object,
            const iwf_write_options * options,
            iwf_error *               error)
{
  switch (object->family)
  {
    case IWF_FAMILY_IMAGE:
      return iwf_writer_open_image(writer, path, object->image, options, error);
    case IWF_FAMILY_MESH:
      return iwf_writer_open_mesh(writer, path, object->mesh, options, error);
    case IWF_FAMILY_TRANSFORM:
      break;
  }
  return iwf_writer_open_transforms(writer, path, object->transforms, object->transform_count, options, error);
}

/* Copies one array. On failure `*culprit` is the path of the object that the error is about. */
static iwf_status
copy_payload(const cli_object *  object,
             const cli_payload * payload,
             iwf_writer *        writer,
             const char *        target,
             void *              buffer,
             cli_progress *      progress,
             const char **       culprit,
             iwf_error *         error)
{
  for (uint64_t first = 0; first < payload->bytes && stopped_by == 0;)
  {
    const uint64_t left = payload->bytes - first;
    const uint64_t bytes = left < CLI_CHUNK_BYTES ? left : CLI_CHUNK_BYTES;
    *culprit = object->path;
    iwf_status status = iwf_reader_read(object->reader, payload->record, payload->number, first, bytes, buffer, error);
    if (status == IWF_OK)
    {
      *culprit = target;
      status = iwf_writer_write(writer, payload->record, payload->number, first, bytes, buffer, error);
    }
    if (status != IWF_OK)
    {
      return status;
    }
    first += bytes;
    cli_progress_add(progress, bytes);
  }
  return IWF_OK;
}

static int
convert(const char * source, const char * target, const iwf_write_options * options, bool quiet, void * buffer)
{
  cli_object   object;
  iwf_writer * writer = NULL;
  iwf_error    error;
  cli_progress progress;
  const char * culprit = source;
  iwf_status   status = cli_object_open(&object, source, &error);
  if (status == IWF_OK)
  {
    culprit = target;
    status = open_writer(&writer, target, &object, options, &error);
  }
  if (status == IWF_OK)
  {
    cli_progress_begin(&progress, target, cli_object_bytes(&object));
    progress.enabled = progress.enabled && !quiet;
    for (size_t i = 0; i < cli_object_payload_count(&object) && status == IWF_OK; ++i)
    {
      cli_payload payload;
      cli_object_payload(&object, i, &payload);
      status = copy_payload(&object, &payload, writer, target, buffer, &progress, &culprit, &error);
    }
    cli_progress_end(&progress);
  }
  if (status == IWF_OK && stopped_by == 0)
  {
    culprit = target;
    status = iwf_writer_commit(writer, &error);
  }
  iwf_writer_close(writer);
  cli_object_close(&object);
  if (stopped_by != 0)
  {
    (void)raise((int)stopped_by); /* the caller sees a process that the signal ended */
  }
  return status == IWF_OK ? CLI_OK : cli_fail_at(culprit, &error);
}

static int
run(int argc, char ** argv)
{
  static const struct option options[] = { CLI_HELP_OPTION,
                                           { "level", required_argument, NULL, 'l' },
                                           { "quiet", no_argument, NULL, 'q' },
                                           { NULL, 0, NULL, 0 } };
  iwf_write_options          write_options = { .compression_level = 0 };
  bool                       quiet = false;
  for (int option = 0; (option = cli_next_option(argc, argv, &cli_convert, ":hl:q", options)) != -1;)
  {
    char * end = NULL;
    long   level = 0;
    switch (option)
    {
      case 'l':
        level = strtol(optarg, &end, 10);
        if (end == optarg || *end != '\0' || level < -100 || level > 22)
        {
          return cli_fail("convert: expected a level from -100 to 22, found '%s'", optarg);
        }
        write_options.compression_level = (int)level;
        break;
      case 'q':
        quiet = true;
        break;
      default:
        return option == CLI_END_OK ? CLI_OK : CLI_TROUBLE;
    }
  }
  if (argc - optind != 2)
  {
    return cli_fail("convert: expected two objects, SOURCE and TARGET (see 'iwf convert --help')");
  }
  void * buffer = malloc(CLI_CHUNK_BYTES);
  if (buffer == NULL)
  {
    return cli_fail("convert: no memory");
  }
  catch_signals();
  const int code = convert(argv[optind], argv[optind + 1], &write_options, quiet, buffer);
  free(buffer);
  return code;
}

const cli_command cli_convert = {
  .name = "convert",
  .summary = "copy an object into another container",
  .help =
    "[--level N] [--quiet] SOURCE TARGET\n"
    "\n"
    "Copies an object; the suffix of TARGET names the container: .iwi (a directory), .iwi.cbor or .iwi.cbor.zst, and\n"
    "the same for .iwm and .iwt. Arrays are copied piece by piece, so that the memory needed does not grow with\n"
    "them. TARGET is replaced at the end, in one step: when something fails, it is as it was before.\n"
    "\n"
    "  -l, --level N  level of the compression for .zst: 1 (fast) to 22 (small), default 3; negative: faster still\n"
    "  -q, --quiet    tell no progress; without it, long work tells on a terminal how far it is\n"
    "  -h, --help     this help\n",
  .run = run
};
