/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_OBJECT_FILES_H
#define IWF_OBJECT_FILES_H

/* The files that a directory form consists of: index.json, data/NAME.raw, data/NUMBER/NAME.raw. */

#include "iwf/status.h"

/* Fails, naming it, when the directory holds anything that is not an object's. */
iwf_status
iwf_object_files_check(int directory, iwf_error * error);

/* Removes an object's files, and nothing else, as far as that is possible. */
void
iwf_object_files_remove(int directory);

#endif
