/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_TARGET_H
#define IWF_TARGET_H

/*
 * The place where an object will be. It is built beside it, under a temporary name ".NAME.iwf-0.tmp", and put in its
 * place at once when it is complete: a reader sees the old object or the new one.
 *
 * A temporary that is in use is locked (flock), so one that is not was left behind by a writer that was killed: the next
 * writer of the same object removes it. Writers of one object at the same time use the names iwf-1, iwf-2, ….
 */

#include "iwf/status.h"

#include <stdbool.h>

typedef struct iwf_target
{
  char * path;       /* of the object; links are resolved */
  char * temporary;  /* NULL when there is none (any more) */
  int    descriptor; /* of the temporary: a new file, open for writing, or an empty directory; -1 if none */
  bool   is_directory;
} iwf_target;

/*
 * Checks that an object can be put at `path` and creates its temporary. An existing object's permissions are kept. Of an
 * existing directory nothing but an object's own files is ever removed: with others in it, it is refused.
 */
iwf_status
iwf_target_open(iwf_target * target, const char * path, bool is_directory, iwf_error * error);

/* Puts the object in its place. After a failure the old one is still there. */
iwf_status
iwf_target_commit(iwf_target * target, iwf_error * error);

/* Removes the temporary, if there still is one, and frees the target. Safe to repeat. */
void
iwf_target_close(iwf_target * target);

#endif
