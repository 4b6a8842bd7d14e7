/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_DIRECTORY_H
#define IWF_DIRECTORY_H

/* The directory form: index.json and raw files, read through one open directory. */

#include "arena.h"
#include "payload.h"
#include "schema.h"

/* Opens a directory; links in the path are followed. */
iwf_status
iwf_directory_open(const char * path, int * directory, iwf_error * error);

/* Tells whether the path leads to another directory by now: a writer has replaced the one that is open. */
bool
iwf_directory_was_replaced(const char * path, int directory);

/* Reads index.json; `*text` belongs to the arena. */
iwf_status
iwf_directory_read_index(int                directory,
                         const iwf_limits * limits,
                         iwf_arena *        arena,
                         const char **      text,
                         size_t *           length,
                         iwf_error *        error);

/*
 * Finds the raw file of a payload that has elements: where the URI `value` (NULL if its key is absent) says, else under the format's own
 * names. Sets the payload's location; `*source` becomes the raw file's source, to be closed before the directory.
 * \param raw_folder "" or "3/": the folder below data/
 * \param keep_open hold the file open from now on; false where there may be more files than descriptors
 */
iwf_status
iwf_directory_locate(int               directory,
                     const iwf_field * field,
                     const char *      raw_folder,
                     const char *      key,
                     const iwf_value * value,
                     bool              keep_open,
                     iwf_arena *       arena,
                     iwf_payload *     payload,
                     iwf_source **     source,
                     iwf_error *       error);

#endif
