/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_FILE_H
#define IWF_FILE_H

/* Regular files: opening them safely, reading and writing at positions. */

#include "iwf/status.h"

#include <stdbool.h>

/*
 * Opens a path for reading. Links are followed, as it is the user who names the path. Only regular files are opened:
 * a FIFO or device could block or never end.
 */
iwf_status
iwf_file_open(const char * path, int * descriptor, iwf_error * error);

/*
 * Opens a path below an open directory for reading, or with `writable` for writing, creating it. The path came from a
 * file: it must be relative, without "..", and no part of it may be a link. `*missing` (may be NULL) is set when that,
 * and nothing worse, is the failure.
 */
iwf_status
iwf_file_open_below(int          directory,
                    const char * path,
                    bool         writable,
                    int *        descriptor,
                    bool *       missing,
                    iwf_error *  error);

/* Size of an open regular file. */
iwf_status
iwf_file_size(int descriptor, uint64_t * size, iwf_error * error);

/* Reads exactly `bytes` bytes at `offset`; IWF_ERROR_TRUNCATED when the file ends before. */
iwf_status
iwf_file_read(int descriptor, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error);

/* Writes exactly `bytes` bytes at `offset`. */
iwf_status
iwf_file_write(int descriptor, uint64_t offset, const void * buffer, uint64_t bytes, iwf_error * error);

/* Asks the system for the disk space of a new file now, so that a full disk shows before the work is done. */
iwf_status
iwf_file_allocate(int descriptor, uint64_t bytes, iwf_error * error);

#endif
