/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwf/iwf.h"

#ifndef IWF_VERSION
#  error "the build defines IWF_VERSION from pyproject.toml"
#endif

const char *
iwf_version(void)
{
  return IWF_VERSION;
}

const char *
iwf_status_name(iwf_status status)
{
#define NAME(status) \
  case status:       \
    return #status
  switch (status)
  {
    NAME(IWF_OK);
    NAME(IWF_ERROR_ARGUMENT);
    NAME(IWF_ERROR_STATE);
    NAME(IWF_ERROR_MEMORY);
    NAME(IWF_ERROR_OPEN);
    NAME(IWF_ERROR_READ);
    NAME(IWF_ERROR_WRITE);
    NAME(IWF_ERROR_COMMIT);
    NAME(IWF_ERROR_TRUNCATED);
    NAME(IWF_ERROR_SYNTAX);
    NAME(IWF_ERROR_VALUE);
    NAME(IWF_ERROR_MISSING);
    NAME(IWF_ERROR_DUPLICATE);
    NAME(IWF_ERROR_LENGTH);
    NAME(IWF_ERROR_PATH);
    NAME(IWF_ERROR_LIMIT);
    NAME(IWF_ERROR_UNSUPPORTED);
  }
#undef NAME
  return "unknown status";
}
